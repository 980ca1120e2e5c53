import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FromSidebar, QuestionModel, RunModel, SidebarModel, ToSidebar } from "../../protocol/sidebar";
import type { Channel } from "../shared/channel";
import { RunHead } from "../shared/head";
import { Warnings } from "../shared/outcome";
import { RunView } from "../shared/runView";
import type { StepActions } from "../shared/stepRow";
import { useRunPage } from "../shared/useRunPage";
import { Composer } from "./composer";
import { EndedControls, RunControls } from "./controls";
import { QuestionCard } from "./question";
import { Welcome } from "./welcome";

export function App({ channel }: { readonly channel: Channel<ToSidebar, FromSidebar> }): JSX.Element {
  const [model, setModel] = useState<SidebarModel | null>(null);
  const [focusAsked, setFocusAsked] = useState(0);
  const [draft, setDraft] = useDraft(channel);
  const run = model?.run ?? null;
  const page = useRunPage(run, channel);
  const { post } = channel;
  const actions = useMemo(() => actionsOf(post), [post]);
  const receive = useRef(page.receive);
  receive.current = page.receive;

  useEffect(() => {
    const stop = channel.listen((message) => {
      if (message.kind === "model") setModel(message.model);
      else if (message.kind === "detail") receive.current(message.detail);
      else setFocusAsked((count) => count + 1);
    });
    post({ kind: "ready" });
    return stop;
  }, [channel, post]);

  const dock = useRef<HTMLElement>(null);
  const onAnswered = useCallback(() => void requestAnimationFrame(() => dock.current?.focus({ preventScroll: true })), []);
  const active = run !== null && run.phase !== "ended";
  useSentWhenActive(active, setDraft);
  if (!model) return <div class="page" aria-busy="true" />;
  return (
    <div class="page">
      {run && <RunHead run={run} />}
      <div class="body">
        {model.degraded !== null && <Warnings texts={[model.degraded]} />}
        {run ? (
          <RunView run={run} details={page.details} opened={page.opened} actions={actions} onOpened={page.open}>
            <EndedControls run={run} post={post} />
          </RunView>
        ) : (
          <Welcome />
        )}
      </div>
      <footer class="dock" ref={dock} tabIndex={-1}>
        {run?.question && (
          <QuestionCard key={questionKey(run.question)} question={run.question} post={post} onAnswered={onAnswered} />
        )}
        {active ? (
          <RunControls run={run} post={post} />
        ) : (
          <Composer composer={model.composer} draft={draft} onDraft={setDraft} focusAsked={focusAsked} post={post} />
        )}
      </footer>
      <Announcer run={run} />
    </div>
  );
}

function questionKey(question: QuestionModel): string {
  return question.kind === "approval" ? question.callId : question.text;
}

function actionsOf(post: (message: FromSidebar) => void): StepActions {
  return {
    detail: (turn) => post({ kind: "detail", turn }),
    openDiff: (callId, path) => post({ kind: "openDiff", callId, path }),
    openFile: (path) => post({ kind: "openFile", path }),
  };
}

/** The unsent task, kept over reloads. */
function useDraft(channel: Channel<ToSidebar, FromSidebar>): readonly [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => {
    const kept = channel.load().draft;
    return typeof kept === "string" ? kept : "";
  });
  const keep = (text: string) => {
    setDraft(text);
    channel.save({ draft: text });
  };
  return [draft, keep];
}

/** A task leaves the box when a run has begun with it, and not before: a refused start loses no words. */
function useSentWhenActive(active: boolean, setDraft: (text: string) => void): void {
  const was = useRef<boolean | null>(null);
  useEffect(() => {
    if (active && was.current === false) setDraft("");
    was.current = active;
  });
}

/** Tells a screen reader of what matters: that the agent asks, lands, or has ended. Steps and amounts stay quiet. */
function Announcer({ run }: { readonly run: RunModel | null }): JSX.Element {
  const said = run?.question?.title ?? run?.outcome?.title ?? (run?.phase === "landing" ? "Landing" : run ? "Running" : "");
  return (
    <p class="hidden" role="status" aria-live="polite">
      {said}
    </p>
  );
}
