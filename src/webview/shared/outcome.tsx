import type { ComponentChildren, JSX } from "preact";
import type { RunModel } from "../../protocol/sidebar";
import { Icon, type IconName } from "./icons";

const ICONS: { readonly [kind in NonNullable<RunModel["outcome"]>["kind"]]: IconName } = {
  done: "check",
  stopped: "gate",
  failed: "cross",
  interrupted: "warning",
};

/** How the run ended, with the hand-off note it left; `children` are what can be done now. */
export function OutcomeCard({
  run,
  children,
}: {
  readonly run: RunModel;
  readonly children?: ComponentChildren;
}): JSX.Element | null {
  const { outcome, note } = run;
  if (!outcome) return note ? <Note note={note} /> : null;
  return (
    <section class={`outcome kind-${outcome.kind} level-${run.level}`} aria-label="Outcome">
      <h2>
        <Icon name={ICONS[outcome.kind]} size={16} />
        {outcome.title}
      </h2>
      {outcome.text !== "" && <p class="prose">{outcome.text}</p>}
      {children}
      {note && <Note note={note} />}
    </section>
  );
}

function Note({ note }: { readonly note: NonNullable<RunModel["note"]> }): JSX.Element {
  return (
    <div class="note">
      <h3>
        <Icon name="land" size={13} />
        Hand-off
      </h3>
      {note.text.trim() !== "" && <NoteText text={note.text.trim()} />}
      <ul class="note-facts">
        {note.facts.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </div>
  );
}

/** The note's own headings as headings; the rest as it was written. */
function NoteText({ text }: { readonly text: string }): JSX.Element {
  const parts = text.split(/^(#{1,6} .+)$/m).filter((part) => part.trim() !== "");
  return (
    <>
      {parts.map((part, index) => {
        const heading = /^#{1,6} (.+)$/.exec(part)?.[1];
        return heading === undefined ? (
          <p key={index} class="prose">
            {part.trim()}
          </p>
        ) : (
          <h4 key={index}>{heading}</h4>
        );
      })}
    </>
  );
}

export function Warnings({ texts }: { readonly texts: readonly string[] }): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <ul class="warnings" aria-label="Warnings">
      {[...new Set(texts)].map((text) => (
        <li key={text}>
          <Icon name="warning" size={13} />
          <span>{text}</span>
        </li>
      ))}
    </ul>
  );
}
