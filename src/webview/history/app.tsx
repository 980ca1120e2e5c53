import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { FromHistory, HistoryModel, ToHistory } from "../../protocol/history";
import type { RunModel } from "../../protocol/sidebar";
import type { Channel } from "../shared/channel";
import { RunHead } from "../shared/head";
import { Icon } from "../shared/icons";
import { Warnings } from "../shared/outcome";
import { RunView } from "../shared/runView";
import type { StepActions } from "../shared/stepRow";
import { useRunPage } from "../shared/useRunPage";
import { RunList } from "./list";

export function App({ channel }: { readonly channel: Channel<ToHistory, FromHistory> }): JSX.Element {
  const [model, setModel] = useState<HistoryModel | null>(null);
  const run = model?.opened ?? null;
  const page = useRunPage(run, channel);
  const { post } = channel;
  const actions = useMemo(() => actionsOf(post), [post]);
  const receive = useRef(page.receive);
  receive.current = page.receive;

  useEffect(() => {
    const stop = channel.listen((message) => {
      if (message.kind === "model") setModel(message.model);
      else receive.current(message.detail);
    });
    post({ kind: "ready" });
    return stop;
  }, [channel, post]);

  if (!model) return <div class="page" aria-busy="true" />;
  return (
    <div class="page">
      {model.degraded !== null && <Warnings texts={[model.degraded]} />}
      {run ? (
        <>
          <RunHead run={run} before={<Back onBack={() => post({ kind: "back" })} />} />
          <RunView run={run} details={page.details} opened={page.opened} actions={actions} onOpened={page.open}>
            <Continue run={run} onContinue={() => post({ kind: "continueRun", runId: run.runId })} />
          </RunView>
        </>
      ) : (
        <>
          <header class="list-head">
            <h1>History</h1>
          </header>
          <RunList model={model} onOpen={(runId) => post({ kind: "open", runId })} />
        </>
      )}
    </div>
  );
}

function actionsOf(post: (message: FromHistory) => void): StepActions {
  return {
    detail: (turn) => post({ kind: "detail", turn }),
    openDiff: (callId, path) => post({ kind: "openDiff", callId, path }),
    openFile: (path) => post({ kind: "openFile", path }),
  };
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
