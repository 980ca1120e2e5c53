import type { JSX, TargetedKeyboardEvent } from "preact";
import { useState } from "preact/hooks";
import { EDITOR_COMMANDS } from "../../protocol/commands";
import { MOST_TASK_CHARS, TASK_TOO_LONG } from "../../protocol/limits";
import type { ComposerChoice, ComposerModel, FromSidebar, Hindrance } from "../../protocol/sidebar";
import { Select, useComplaints } from "../shared/fields";
import { ForecastLine } from "../shared/forecast";
import { Icon } from "../shared/icons";
import { Limits } from "./limits";

interface Props {
  readonly composer: ComposerModel;
  /** The host's choice with what was changed here since. */
  readonly choice: ComposerChoice;
  /** The run that a message goes on with; `null` = a new one. */
  readonly runId: string | null;
  readonly draft: { readonly text: string; edit(text: string): void; send(text: string): void };
  onChoice(change: Partial<ComposerChoice>): void;
  post(message: FromSidebar): void;
}

const POLICIES = [
  { value: "dynamic", label: "Dynamic" },
  { value: "fixed", label: "Fixed" },
  { value: "unrestricted", label: "Unrestricted" },
] as const;

const POLICY_TITLES: { readonly [policy in ComposerChoice["policy"]]: string } = {
  dynamic: "Starts with a limit of turns, and extends it when there is progress",
  fixed: "A fixed number of turns, counted down to the model",
  unrestricted: "No turn limit of its own; the other limits still hold",
};

const APPROVALS = [
  { value: "ask", label: "Ask first" },
  { value: "autoEdit", label: "Auto-edit" },
  { value: "autoAll", label: "Auto-all" },
] as const;

const APPROVAL_TITLES: { readonly [mode in ComposerChoice["approval"]]: string } = {
  ask: "Asks before every edit and command. Limits always hold.",
  autoEdit: "Edits by itself, asks before commands. Limits always hold.",
  autoAll: "Edits and runs commands by itself. Limits always hold.",
};

/** Said of the approval where nothing but reading is allowed, whatever was chosen. */
const READ_ONLY = [{ value: "readOnly", label: "Read only" }] as const;

/** Task and terms: what to do, under which limits, and what that can cost at most. */
export function Composer({ composer, choice, runId, draft, onChoice, post }: Props): JSX.Element {
  const [unfolded, unfold] = useState(false);
  const [complaint, complain] = useComplaints();
  const { mode, starting } = composer;
  const task = draft.text.trim();
  const blocked = hereBlocked(complaint, task) ?? composer.blocked;
  const ready = task !== "" && blocked === null && !starting;

  const send = () => {
    if (!ready) return;
    draft.send(task);
    post(runId === null ? { kind: "start", task, choice } : { kind: "followUp", runId, text: task, choice });
  };
  // A field that goes takes its complaint along, and what was typed before it was wrong would be the limit.
  const fold = () => {
    if (complaint === null) unfold(!unfolded);
    else document.querySelector<HTMLElement>('#limits [aria-invalid="true"]')?.focus();
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <section class="composer" aria-label={mode === "start" ? "New task" : "Follow-up"}>
      {unfolded && <Limits choice={choice} composer={composer} onChoice={onChoice} onComplaint={complain} />}
      <div class="paper">
        <textarea
          rows={mode === "start" ? 3 : 2}
          aria-label={mode === "start" ? "Task" : "Follow-up message"}
          placeholder={mode === "start" ? "What should be done?" : "Go on with…"}
          value={draft.text}
          onInput={(event) => draft.edit(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div class="terms">
          {mode === "start" && (
            <Select
              chip
              label="Turns policy"
              title={POLICY_TITLES[choice.policy]}
              value={choice.policy}
              options={POLICIES}
              // A number of turns means another thing under another policy.
              onValue={(policy) => onChoice({ policy, turns: policy === "fixed" ? composer.fixedTurns : null })}
            />
          )}
          <button
            type="button"
            class="chip short select"
            aria-expanded={unfolded}
            aria-controls="limits"
            title="Limits"
            onClick={fold}
          >
            <Icon name="limits" size={13} />
            <span class="cut">{composer.limits}</span>
          </button>
          <ModelChoice choice={choice} composer={composer} onChoice={onChoice} />
          <ApprovalChoice choice={choice} trusted={composer.trusted} onChoice={onChoice} />
          <button
            type="button"
            class="primary run"
            disabled={!ready && !starting}
            aria-disabled={!ready}
            onClick={send}
            title="Enter sends, Shift+Enter begins a new line"
          >
            {starting ? "Starting…" : mode === "start" ? "Run" : "Send"}
          </button>
        </div>
      </div>
      <Said blocked={blocked} composer={composer} post={post} />
      {!composer.trusted && <Untrusted post={post} />}
    </section>
  );
}

/** What the page sees by itself to be in the way: a field that is wrong, or a task that the host would not take. */
function hereBlocked(complaint: string | null, task: string): Hindrance | null {
  const text = complaint ?? (task.length > MOST_TASK_CHARS ? TASK_TOO_LONG : null);
  return text === null ? null : { text, command: null, action: "" };
}

function ApprovalChoice(props: {
  choice: ComposerChoice;
  trusted: boolean;
  onChoice(change: Partial<ComposerChoice>): void;
}): JSX.Element {
  const { choice, trusted, onChoice } = props;
  if (!trusted) {
    const title = "This folder is not trusted: whatever was chosen, the agent may only read.";
    return <Select chip disabled label="Approval" title={title} value="readOnly" options={READ_ONLY} onValue={() => {}} />;
  }
  return (
    <Select
      chip
      label="Approval"
      title={APPROVAL_TITLES[choice.approval]}
      value={choice.approval}
      options={APPROVALS}
      onValue={(approval) => onChoice({ approval })}
    />
  );
}

function ModelChoice(props: {
  choice: ComposerChoice;
  composer: ComposerModel;
  onChoice(change: Partial<ComposerChoice>): void;
}): JSX.Element {
  const { choice, composer, onChoice } = props;
  const title = composer.models.find(({ id }) => id === choice.model)?.title;
  const options = composer.models.map(({ id, label }) => ({ value: id, label }));
  return (
    <Select
      chip
      label="Model"
      title={title ?? "Model"}
      value={choice.model}
      options={options}
      onValue={(model) => onChoice({ model })}
    />
  );
}

/** What stands in the way, else what is worth knowing first, else the most that this can cost. */
function Said(props: {
  readonly blocked: Hindrance | null;
  readonly composer: ComposerModel;
  post(message: FromSidebar): void;
}): JSX.Element {
  const { blocked, composer, post } = props;
  const { notice, bound, forecast, starting } = composer;
  if (blocked) return <Hint hindrance={blocked} post={post} />;
  return (
    <>
      {notice && !starting && <Hint hindrance={notice} post={post} />}
      {forecast && (
        <div class="bound">
          <Icon name="likely" size={13} />
          <ForecastLine forecast={forecast} />
        </div>
      )}
      <p class="bound">
        <Icon name="shield" size={13} />
        {bound}
      </p>
    </>
  );
}

function Hint({ hindrance, post }: { readonly hindrance: Hindrance; post(message: FromSidebar): void }): JSX.Element {
  const { text, command, action } = hindrance;
  return (
    <p class="blocked" role="alert">
      <Icon name="warning" size={13} />
      <span>
        {text}{" "}
        {command !== null && (
          <button type="button" class="link" onClick={() => post({ kind: "command", command })}>
            {action}
          </button>
        )}
      </span>
    </p>
  );
}

function Untrusted({ post }: { post(message: FromSidebar): void }): JSX.Element {
  return (
    <p class="blocked">
      <Icon name="eye" size={13} />
      <span>
        This folder is not trusted: the agent may read it, and nothing else.{" "}
        <button type="button" class="link" onClick={() => post({ kind: "command", command: EDITOR_COMMANDS.manageTrust })}>
          Manage trust
        </button>
      </span>
    </p>
  );
}
