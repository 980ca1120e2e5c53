import * as vscode from "vscode";
import type { Approvals } from "./approvals";
import type { Attention } from "./attention";
import type { Choices } from "./choices";
import type { DiffPreview } from "./diffPreview";
import { Disposables } from "./disposables";
import { followElsewhere } from "./followElsewhere";
import type { HistoryPage } from "./historyPage";
import type { Log } from "./log";
import { SETTINGS_SECTION } from "./manifest";
import type { Memory } from "./memory";
import { watchRuns } from "./runWatch";
import type { Screen } from "./screen";
import type { Session } from "./session";

export interface EventParts {
  readonly session: Session;
  readonly approvals: Approvals;
  readonly choices: Choices;
  readonly memory: Memory;
  readonly diffs: DiffPreview;
  readonly screen: Screen;
  readonly history: HistoryPage;
  readonly attention: Attention;
  readonly log: Log;
  readonly onSecretsChange: vscode.Event<unknown>;
  /** Looks the world up anew. */
  readonly refresh: () => void;
}

/** Says who hears of what: runs, questions, and changes of the editor around them. Disposing it ends the hearing. */
export function connectEvents(parts: EventParts): Disposables {
  const { session, approvals, choices, memory, diffs, screen, history, attention, log, refresh } = parts;
  const own = new Disposables();
  const until = (stop: () => void) => own.add({ dispose: stop });

  until(session.onChange(() => screen.update()));
  until(session.onChange(() => history.follow()));
  until(followElsewhere(session, log));
  until(
    watchRuns(session, {
      begun: (state) => {
        log.info(`run ${state.config.runId} began with ${state.config.model.id}`);
        log.track("remembering the run", memory.keepRunning(state.config.runId));
        history.update();
      },
      ended: (state) => {
        choices.settle();
        log.track("remembering the end of the run", memory.keepRunning(null));
        attention.ended(state);
        history.update();
        refresh();
      },
    }),
  );

  let asked: string | null = null;
  until(
    approvals.onChange((pending) => {
      if (asked !== null) log.track("closing a proposal", diffs.closeProposal(asked));
      asked = pending?.kind === "approval" ? pending.request.callId : null;
      attention.question(pending);
      screen.update();
    }),
  );

  const { workspace } = vscode;
  // What a refusal complained of may be mended now.
  const changed = () => {
    session.forgive();
    refresh();
  };
  own.add(workspace.onDidChangeConfiguration((change) => change.affectsConfiguration(SETTINGS_SECTION) && changed()));
  own.add(workspace.onDidGrantWorkspaceTrust(changed));
  own.add(workspace.onDidChangeWorkspaceFolders(changed));
  own.add(parts.onSecretsChange(changed));
  return own;
}
