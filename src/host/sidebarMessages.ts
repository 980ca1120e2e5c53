import * as vscode from "vscode";
import type { RunState } from "../core/runState";
import { stepDetail } from "../present/details";
import type { FromSidebar, ToSidebar } from "../protocol/sidebar";
import type { Approvals } from "./approvals";
import type { DiffPreview } from "./diffPreview";
import type { Openers } from "./openers";
import type { RunActions } from "./runActions";
import type { SetBack } from "./setBack";

export interface MessageParts {
  readonly actions: RunActions;
  readonly approvals: Approvals;
  readonly diffs: DiffPreview;
  readonly run: () => RunState | null;
  readonly post: (message: ToSidebar) => void;
  /** The page listens from now on, and knows nothing yet. */
  readonly onReady: () => void;
  readonly openers: Openers;
  readonly setBack: SetBack;
}

/** Does what the sidebar asks. */
export async function obeySidebar(message: FromSidebar, parts: MessageParts): Promise<void> {
  const { actions, approvals, diffs, post } = parts;
  const run = parts.run();
  const isShown = (runId: string | null) => runId === (run?.config.runId ?? null);
  switch (message.kind) {
    case "ready":
      return parts.onReady();
    case "start":
      await actions.start(message.task, message.choice);
      return;
    case "followUp":
      if (isShown(message.runId)) await actions.followUp(message.text, message.choice);
      return;
    case "choose":
      return isShown(message.runId) ? actions.choose(message.change, message.revision) : post({ kind: "rejected" });
    case "stop":
      return actions.stop();
    case "land":
      return actions.land();
    case "extend":
      if (isShown(message.runId)) await actions.extend(message, message.segment);
      return;
    case "resume":
      if (isShown(message.runId)) await actions.resume(message.segment);
      return;
    case "setBack":
      return isShown(message.runId) ? parts.setBack.ask() : undefined;
    case "newTask":
      return actions.newTask();
    case "approve":
      approvals.answerApproval(message.callId, message.allowed);
      return;
    case "answerExtension":
      approvals.answerExtension(message.answer);
      return;
    case "detail": {
      const detail = run && stepDetail(run, message.turn);
      if (detail) post({ kind: "detail", detail });
      return;
    }
    case "openDiff":
      return run ? parts.openers.openDiff(run, message.callId, message.path) : undefined;
    case "previewEdit": {
      const { pending } = approvals;
      const request = pending?.kind === "approval" && pending.request.callId === message.callId ? pending.request : null;
      return request?.edit ? diffs.showProposal(request.callId, request.edit) : undefined;
    }
    case "openFile":
      return run ? parts.openers.openFile(run, message.path) : undefined;
    case "copy":
      return parts.openers.copy(message.text);
    case "command":
      // The guard lets through nothing but our own commands and those few of the editor's.
      await vscode.commands.executeCommand(message.command);
      return;
  }
}
