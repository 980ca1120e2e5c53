import type { ComponentChildren, JSX } from "preact";
import type { RunModel } from "../../protocol/sidebar";
import { Icon, type IconName } from "./icons";
import { Note } from "./note";
import type { StepActions } from "./stepRow";

const ICONS: { readonly [kind in NonNullable<RunModel["outcome"]>["kind"]]: IconName } = {
  done: "check",
  stopped: "gate",
  infeasible: "gate",
  failed: "cross",
  interrupted: "warning",
};

interface Props {
  readonly run: RunModel;
  readonly actions: Pick<StepActions, "openFile" | "copy">;
  readonly children?: ComponentChildren;
}

/** How the run ended, with the hand-off note it left; `children` are what can be done now. */
export function OutcomeCard({ run, actions, children }: Props): JSX.Element | null {
  const { outcome, note } = run;
  if (!outcome) return note ? <Note note={note} actions={actions} /> : null;
  return (
    <section class={`outcome kind-${outcome.kind} level-${run.level}`} aria-label="Outcome">
      <h2>
        <Icon name={ICONS[outcome.kind]} size={16} />
        {outcome.title}
      </h2>
      {outcome.text !== "" && <p class="prose">{outcome.text}</p>}
      {children}
      {note && <Note note={note} actions={actions} />}
    </section>
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
