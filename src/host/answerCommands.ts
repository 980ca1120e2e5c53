import * as vscode from "vscode";
import type { Approvals } from "./approvals";

/** Allows what the agent asks for just now. */
export function allowAsked(approvals: Approvals): void {
  const { pending } = approvals;
  if (pending?.kind === "approval") approvals.answerApproval(pending.request.callId, true);
}

/** Rejects what the agent asks for just now, with a reason if the user gives one; given up, the question stays open. */
export async function rejectAsked(approvals: Approvals): Promise<void> {
  const { pending } = approvals;
  if (pending?.kind !== "approval") return;
  const reason = await vscode.window.showInputBox({
    title: "Turnpike: Reject",
    prompt: `Why not? The agent is told. May be left empty. It asked for: ${pending.request.subject}`,
  });
  if (reason !== undefined) approvals.answerApproval(pending.request.callId, false, reason);
}
