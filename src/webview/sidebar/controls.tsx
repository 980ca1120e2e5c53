import type { ComponentChildren, JSX } from "preact";
import type { FromSidebar, RunModel } from "../../protocol/sidebar";
import { Icon } from "../shared/icons";
import { useExtend } from "./extend";

interface Props {
  readonly run: RunModel;
  post(message: FromSidebar): void;
}

/** What can be done while a run goes on. Stop is there whatever else is open. */
export function RunControls({ run, post }: Props): JSX.Element {
  const { form, opener, open } = useExtend(run, post);
  const { can, question, ending, phase } = run;
  return (
    <section class="controls" aria-label="Run">
      {form}
      <div class="buttons">
        {can.stop && question?.kind !== "extension" && (
          <Lever
            title="End at once. What was sent is settled; files stay as they are."
            pressed={ending === "stopping"}
            onPress={() => post({ kind: "stop" })}
          >
            <Icon name="stop" />
            {ending === "stopping" ? "Stopping…" : "Stop"}
          </Lever>
        )}
        {can.land && question === null && (
          <Lever
            title="End in order: one last turn for the hand-off note."
            pressed={ending !== null}
            onPress={() => post({ kind: "land" })}
          >
            <Icon name="land" />
            {ending === "landing" ? "Landing…" : "Land now"}
          </Lever>
        )}
        {can.extend && question === null && form === null && (
          <button type="button" class="plain" ref={opener} onClick={open}>
            <Icon name="extend" />
            Extend…
          </button>
        )}
        {phase === "elsewhere" && (
          <button type="button" onClick={() => post({ kind: "newTask" })}>
            New task
          </button>
        )}
      </div>
      <p class="bound">
        <Icon name={phase === "elsewhere" ? "eye" : "shield"} size={13} />
        {wordsUnder(run)}
      </p>
    </section>
  );
}

/** Keeps the keyboard's focus when it has been pressed and can do no more, which a disabled button would lose. */
function Lever(props: {
  readonly title: string;
  readonly pressed: boolean;
  onPress(): void;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { title, pressed, onPress, children } = props;
  return (
    <button type="button" title={title} aria-disabled={pressed} onClick={() => !pressed && onPress()}>
      {children}
    </button>
  );
}

function wordsUnder({ phase, ending, bound }: RunModel): string {
  switch (phase) {
    case "elsewhere":
      return "This run goes on in another window: stop or land it there.";
    case "landing":
      return "Landing: the last turn writes the hand-off note.";
    case "running":
    case "asking":
    case "ended":
      return ending === "landing" ? "Landing after this step…" : bound;
  }
}

/** What can be done with a run that ended: the cheaper way to go on first. */
export function EndedControls({ run, post, starting }: Props & { readonly starting: boolean }): JSX.Element {
  const { form, opener, open } = useExtend(run, post);
  const { can, runId, resume } = run;
  if (form) return form;
  return (
    <>
      <div class="buttons">
        {can.extend && (
          <button type="button" class="primary" disabled={starting} ref={opener} onClick={open}>
            Extend…
          </button>
        )}
        {can.resume &&
          resume.map(({ segment, label, title }, index) => (
            <button
              key={segment}
              type="button"
              class={index === 0 ? "primary" : ""}
              title={title}
              disabled={starting}
              onClick={() => post({ kind: "resume", runId, segment })}
            >
              {label}
            </button>
          ))}
        <button type="button" disabled={starting} onClick={() => post({ kind: "newTask" })}>
          New task
        </button>
      </div>
      {run.best && (
        <div class="best">
          <p>{run.best.text}</p>
          <button
            type="button"
            class="link"
            title={run.best.title}
            disabled={starting}
            onClick={() => post({ kind: "setBack", runId })}
          >
            {run.best.action}
          </button>
        </div>
      )}
    </>
  );
}
