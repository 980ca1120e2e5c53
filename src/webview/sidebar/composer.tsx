import type { JSX, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ComposerChoice, ComposerModel, FromSidebar } from "../../protocol/sidebar";
import { Select } from "../shared/fields";
import { Icon } from "../shared/icons";
import { Limits } from "./limits";
import { useChoice } from "./useChoice";

interface Props {
  readonly composer: ComposerModel;
  readonly draft: string;
  onDraft(text: string): void;
  /** Counts up when the host wants the cursor in the task. */
  readonly focusAsked: number;
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

/** If the host has not begun by then, it said why not, and the task may be sent again. */
const START_MS = 4_000;

/** Task and terms: what to do, under which limits, and what that can cost at most. */
export function Composer({ composer, draft, onDraft, focusAsked, post }: Props): JSX.Element {
  const [choice, change] = useChoice(composer.choice, post);
  const [unfolded, unfold] = useState(false);
  const [starting, setStarting] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const { blocked, mode } = composer;
  const ready = draft.trim() !== "" && blocked === null && !starting;

  useEffect(() => {
    if (focusAsked > 0) box.current?.focus();
  }, [focusAsked]);
  useEffect(() => {
    if (!starting) return;
    const timer = setTimeout(() => setStarting(false), START_MS);
    return () => clearTimeout(timer);
  }, [starting]);
  useEffect(() => {
    if (blocked) setStarting(false);
  }, [blocked]);

  const send = () => {
    if (!ready) return;
    setStarting(true);
    const text = draft.trim();
    post(mode === "start" ? { kind: "start", task: text, choice } : { kind: "followUp", text, choice });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <section class="composer" aria-label={mode === "start" ? "New task" : "Follow-up"}>
      {unfolded && <Limits choice={choice} composer={composer} onChoice={change} />}
      <div class="paper">
        <textarea
          ref={box}
          rows={mode === "start" ? 3 : 2}
          aria-label={mode === "start" ? "Task" : "Follow-up message"}
          placeholder={mode === "start" ? "What should be done?" : "Go on with…"}
          value={draft}
          onInput={(event) => onDraft(event.currentTarget.value)}
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
              onValue={(policy) => change({ policy })}
            />
          )}
          <button
            type="button"
            class="chip short"
            aria-expanded={unfolded}
            aria-controls="limits"
            title="Limits"
            onClick={() => unfold(!unfolded)}
          >
            <Icon name="limits" size={13} />
            <span class="cut">{composer.limits}</span>
          </button>
          <ModelChoice choice={choice} composer={composer} onChoice={change} />
          <Select
            chip
            label="Approval"
            title={APPROVAL_TITLES[choice.approval]}
            value={choice.approval}
            options={APPROVALS}
            onValue={(approval) => change({ approval })}
          />
          <button
            type="button"
            class="primary run"
            disabled={!ready}
            onClick={send}
            title="Enter sends, Shift+Enter begins a new line"
          >
            {starting ? "Starting…" : mode === "start" ? "Run" : "Send"}
          </button>
        </div>
      </div>
      {blocked ? <Blocked blocked={blocked} post={post} /> : <Bound text={composer.bound} />}
      {!composer.trusted && <Untrusted post={post} />}
    </section>
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

function Bound({ text }: { readonly text: string }): JSX.Element {
  return (
    <p class="bound">
      <Icon name="shield" size={13} />
      {text}
    </p>
  );
}

function Blocked(props: { blocked: NonNullable<ComposerModel["blocked"]>; post(message: FromSidebar): void }): JSX.Element {
  const { text, command, action } = props.blocked;
  return (
    <p class="blocked" role="alert">
      <Icon name="warning" size={13} />
      <span>
        {text}{" "}
        {command !== null && (
          <button type="button" class="link" onClick={() => props.post({ kind: "command", command })}>
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
        <button type="button" class="link" onClick={() => post({ kind: "command", command: "workbench.trust.manage" })}>
          Manage trust
        </button>
      </span>
    </p>
  );
}
