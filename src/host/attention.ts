import * as vscode from "vscode";
import type { Outcome } from "../core/agentEvent";
import type { RunState } from "../core/runState";
import { moreTurnsWords } from "../present/questions";
import { outcomeKind, outcomeWords, titleOf } from "../present/words";
import type { Approvals, Pending } from "./approvals";
import type { Log } from "./log";
import { COMMANDS } from "./manifest";

const SHOW = "Show";

/** Tells of what needs the user while the sidebar is out of sight. Questions are answered there, where all of them is seen. */
export class Attention {
  #asked: Pending | null = null;

  constructor(
    private readonly approvals: Approvals,
    private readonly sidebarVisible: () => boolean,
    private readonly log: Log,
  ) {}

  /** A question is open, and may not be seen. Told once per question. */
  question(pending: Pending | null): void {
    if (pending === null || pending === this.#asked || this.sidebarVisible()) return;
    this.#asked = pending;
    this.log.track("telling of a question", this.#ask(pending));
  }

  /** A run has ended by itself, and may not be seen. */
  ended(state: RunState): void {
    const { outcome } = state;
    if (!outcome || (outcome.kind === "stopped" && outcome.reason === "user") || this.sidebarVisible()) return;
    const { title } = outcomeWords(state, outcome);
    this.log.track("telling of an end", show(tell(outcome, `${titleOf(state.config.task)}: ${title}`)));
  }

  async #ask(pending: Pending): Promise<void> {
    if (pending.kind === "extension") {
      await show(vscode.window.showWarningMessage(moreTurnsWords(pending), SHOW));
      return;
    }
    const { access, subject, callId } = pending.request;
    const reject = "Reject";
    const what = access === "command" ? "run a command" : `change ${subject}`;
    const answer = await vscode.window.showWarningMessage(`The agent asks to ${what}.`, SHOW, reject);
    if (answer === reject) this.approvals.answerApproval(callId, false);
    else if (answer === SHOW) await vscode.commands.executeCommand(COMMANDS.startTask);
  }
}

/** As loud as the end is bad. */
function tell(outcome: Outcome, text: string): Thenable<string | undefined> {
  switch (outcomeKind(outcome)) {
    case "done":
    case "infeasible":
      return vscode.window.showInformationMessage(text, SHOW);
    case "stopped":
    case "interrupted":
      return vscode.window.showWarningMessage(text, SHOW);
    case "failed":
      return vscode.window.showErrorMessage(text, SHOW);
  }
}

async function show(answer: PromiseLike<string | undefined>): Promise<void> {
  if ((await answer) === SHOW) await vscode.commands.executeCommand(COMMANDS.startTask);
}
