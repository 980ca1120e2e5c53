import * as vscode from "vscode";
import { type Log, messageOf } from "./log";
import { COMMANDS } from "./manifest";

/** Does a piece of work the user asked for. If it fails, the user is told, and the log has the rest. Never rejects. */
export async function reporting(log: Log, doing: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    log.error(doing, cause);
    log.track("showing an error", showFailure(log.clean(messageOf(cause))));
  }
}

/** An error message with the way to the log. */
export async function showFailure(why: string): Promise<void> {
  const showLog = "Show Log";
  const chosen = await vscode.window.showErrorMessage(`Turnpike: ${why}`, showLog);
  if (chosen === showLog) await vscode.commands.executeCommand(COMMANDS.showLog);
}
