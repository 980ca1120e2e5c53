import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import type { FromHistory, HistoryModel, ToHistory } from "../../protocol/history";
import type { RunModel } from "../../protocol/sidebar";
import type { Channel } from "../shared/channel";
import { RunHead } from "../shared/head";
import { Icon } from "../shared/icons";
import { Warnings } from "../shared/outcome";
import { RunView } from "../shared/runView";
import { useKeptFocus } from "../shared/useKeptFocus";
import { usePage } from "../shared/usePage";
import { Lab } from "./lab";
import { RunList, rowId } from "./list";
import { Tabs } from "./tabs";

export function App({ channel }: { readonly channel: Channel<ToHistory, FromHistory> }): JSX.Element {
  const { model, run, ...page } = usePage(channel, runOf);
  const { post } = channel;
  const seen = useRef("");
  if (run) seen.current = run.runId;
  // An opened run begins with its name, and the way back ends where it began.
  useKeptFocus(() => (run ? null : document.getElementById(rowId(seen.current))) ?? document.querySelector("h1"));
  if (!model) return <div class="page" aria-busy="true" />;
  const { shown, degraded, trouble } = model;
  return (
    <div class="page">
      <Warnings texts={[trouble, degraded].filter((text) => text !== null)} />
      {shown.kind === "run" ? (
        <>
          <RunHead run={shown.run} before={<Back onBack={() => post({ kind: "back" })} />} />
          <RunView
            key={shown.run.runId}
            run={shown.run}
            details={page.details}
            opened={page.opened}
            actions={page.actions}
            onOpened={page.open}
          >
            <Continue run={shown.run} onContinue={() => post({ kind: "continueRun", runId: shown.run.runId })} />
          </RunView>
        </>
      ) : shown.kind === "whatIf" ? (
        <>
          <Tabs at="whatIf" onList={() => post({ kind: "back" })} onWhatIf={() => post({ kind: "whatIf" })} />
          <Lab lab={shown} post={post} />
        </>
      ) : (
        <>
          <Tabs at="list" onList={() => post({ kind: "back" })} onWhatIf={() => post({ kind: "whatIf" })} />
          {shown.rows.length > 0 && <RunList runs={shown} onOpen={(runId) => post({ kind: "open", runId })} />}
          {shown.rows.length === 0 && trouble === null && <Nothing />}
        </>
      )}
    </div>
  );
}

function runOf({ shown }: HistoryModel): RunModel | null {
  return shown.kind === "run" ? shown.run : null;
}

function Nothing(): JSX.Element {
  return <p class="nothing">No runs yet. Give the agent a task in the sidebar; each run is kept here with all its steps.</p>;
}

function Back({ onBack }: { onBack(): void }): JSX.Element {
  return (
    <button type="button" class="plain icon-only" aria-label="Back to all runs" title="Back to all runs" onClick={onBack}>
      <Icon name="back" size={16} />
    </button>
  );
}

function Continue({ run, onContinue }: { readonly run: RunModel; onContinue(): void }): JSX.Element | null {
  if (run.phase !== "ended") return null;
  return (
    <div class="buttons">
      <button type="button" class="primary" onClick={onContinue}>
        Continue in the sidebar
      </button>
    </div>
  );
}
