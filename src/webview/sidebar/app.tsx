import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { FromSidebar, QuestionModel, RunModel, ToSidebar } from "../../protocol/sidebar";
import type { Channel } from "../shared/channel";
import { RunHead } from "../shared/head";
import { Warnings } from "../shared/outcome";
import { RunView } from "../shared/runView";
import { usePage } from "../shared/usePage";
import { Composer } from "./composer";
import { EndedControls, RunControls } from "./controls";
import { QuestionCard } from "./question";
import { useChoice } from "./useChoice";
import { useDraft } from "./useDraft";
import { useFocus } from "./useFocus";
import { Welcome } from "./welcome";

/** In the order of the keyboard: where the run stands, what it waits for, and only then its long list of steps. */
export function App({ channel }: { readonly channel: Channel<ToSidebar, FromSidebar> }): JSX.Element {
  const { model, run, ...page } = usePage(channel, runOf);
  const { post } = channel;
  const dock = useRef<HTMLElement>(null);
  const draft = useDraft(channel, run);
  const choosing = useChoice(channel, model?.composer ?? null, run?.runId ?? null);
  useFocus(channel, dock, run !== null);
  if (!model) return <div class="page" aria-busy="true" />;
  const { composer, degraded } = model;
  const active = run !== null && run.phase !== "ended";
  return (
    <div class="page">
      {run && <RunHead run={run} />}
      <section class="dock" ref={dock} tabIndex={-1} aria-label="Task and controls">
        {run?.question && <QuestionCard key={questionKey(run.question)} question={run.question} post={post} />}
        {active ? (
          <RunControls key={run.runId} run={run} post={post} />
        ) : (
          <Composer
            key={run?.runId ?? ""}
            composer={composer}
            choice={{ ...composer.choice, ...choosing.pending }}
            runId={run?.runId ?? null}
            draft={draft}
            onChoice={choosing.change}
            post={post}
          />
        )}
      </section>
      <div class="body">
        {degraded !== null && <Warnings texts={[degraded]} />}
        {run ? (
          <RunView
            key={run.runId}
            run={run}
            details={page.details}
            opened={page.opened}
            actions={page.actions}
            onOpened={page.open}
          >
            <EndedControls run={run} post={post} starting={composer.starting} />
          </RunView>
        ) : (
          <Welcome />
        )}
      </div>
      <Announcer run={run} />
    </div>
  );
}

function runOf({ run }: { readonly run: RunModel | null }): RunModel | null {
  return run;
}

function questionKey(question: QuestionModel): string {
  return question.kind === "approval" ? question.callId : question.text;
}

/** Tells a screen reader of what matters: that the agent asks, lands, or has ended, and what was decided. Steps and amounts stay quiet. */
function Announcer({ run }: { readonly run: RunModel | null }): JSX.Element {
  return (
    <p class="hidden" role="status" aria-live="polite">
      {run ? said(run) : ""}
    </p>
  );
}

function said({ question, outcome, phase, status, decisions }: RunModel): string {
  if (question || outcome) return (question ?? outcome)?.title ?? "";
  switch (phase) {
    case "running":
    case "asking":
    case "ended":
      return decisions[0] ? `Running. ${decisions[0].title}` : "Running";
    case "landing":
      return "Landing";
    case "elsewhere":
      return status;
  }
}
