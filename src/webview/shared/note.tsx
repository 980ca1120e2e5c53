import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { NoteModel } from "../../protocol/sidebar";
import { Icon } from "./icons";
import type { StepActions } from "./stepRow";

interface Props {
  readonly note: NoteModel;
  readonly actions: Pick<StepActions, "openFile" | "copy">;
}

/** What the run left to whoever goes on: its closing words by sections, then what is known without them. */
export function Note({ note, actions }: Props): JSX.Element {
  const { sections, files, moreFiles, check, open, commands } = note;
  return (
    <section class="note" aria-label="Hand-off">
      <h3>
        <Icon name="land" size={13} />
        Hand-off
      </h3>
      {sections.map(({ title, text }) =>
        title === "" ? <Words key="words" text={text} /> : <Section key={title} title={title} text={text} />,
      )}
      {commands.length > 0 && (
        <>
          <h4>Commands to check</h4>
          <ul aria-label="Commands to check">
            {commands.map((command) => (
              <Command key={command} command={command} onCopy={actions.copy} />
            ))}
          </ul>
        </>
      )}
      <dl class="note-facts">
        <dt>Files</dt>
        <dd>
          {files.length === 0 && "none changed"}
          {files.map((path) => (
            <button key={path} type="button" class="link path" title={`Open ${path}`} onClick={() => actions.openFile(path)}>
              {path}
            </button>
          ))}
          {moreFiles !== "" && <span class="item">{moreFiles}</span>}
        </dd>
        <dt>Check</dt>
        <dd class={check ? (check.passed ? "passed" : "failing") : ""}>{check?.text ?? "nothing was checked"}</dd>
        {open.length > 0 && (
          <>
            <dt>Planned</dt>
            <dd>
              {open.map((item) => (
                <span key={item} class="item">
                  {item}
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Section({ title, text }: { readonly title: string; readonly text: string }): JSX.Element {
  return (
    <>
      <h4>{title}</h4>
      <Prose text={text} />
    </>
  );
}

/** Text with what stands in backticks as code. */
function Prose({ text }: { readonly text: string }): JSX.Element {
  const parts = text.split(/`([^`\n]+)`/);
  return <p class="prose">{parts.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</p>;
}

/** Words in no form of ours: their own headings as headings, the rest as it was written. */
function Words({ text }: { readonly text: string }): JSX.Element {
  const parts = text.split(/^(#{1,6} .+)$/m).filter((part) => part.trim() !== "");
  return (
    <>
      {parts.map((part, index) => {
        const heading = /^#{1,6} (.+)$/.exec(part)?.[1];
        return heading === undefined ? <Prose key={index} text={part.trim()} /> : <h4 key={index}>{heading}</h4>;
      })}
    </>
  );
}

/** How long the button says that it has copied. */
const SAID_MS = 1_500;

function Command({ command, onCopy }: { readonly command: string; onCopy(text: string): void }): JSX.Element {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    onCopy(command);
    setCopied(true);
  };
  return (
    <li class="command">
      <code>{command}</code>
      <button type="button" class="icon-button" aria-label={`Copy ${command}`} title={copied ? "Copied" : "Copy"} onClick={copy}>
        <Icon name={copied ? "check" : "copy"} size={13} />
      </button>
    </li>
  );
}
