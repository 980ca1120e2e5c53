import type { TurnRecord } from "../runState";
import { isChange, isScratch } from "./workspaceDiff";

/** Turns without an edit, since the last one, after which passed checks suggest that the task is done. */
export const QUIET_TURNS = 3;
/** Turns after which the same is said again. */
const AGAIN_AFTER = 6;

/**
 * The line that asks the agent to finish: checks passed after the last edit, and for some turns nothing was edited. `null`
 * when it is not so, or was said of late. A nudge, never a cut: some runs still find a fault after this, and a limit here
 * would lose tasks that get solved. What was done before turn `fromTurn`, at a message of the user, is another matter.
 */
export function finishNudge(all: readonly TurnRecord[], fromTurn = 1): string | null {
  const turns = all.filter((turn) => turn.turn >= fromTurn);
  if (!looksDone(turns)) return null;
  let since = 1;
  while (looksDone(turns.slice(0, -since))) since += 1;
  if (since % AGAIN_AFTER !== 1) return null;
  const ago = turns.length - 1 - turns.findLastIndex(edits);
  return `[hint] Checks passed after the last edit, ${ago} turns ago. If the task is done, call finish.`;
}

function looksDone(turns: readonly TurnRecord[]): boolean {
  const lastEdit = turns.findLastIndex(edits);
  if (lastEdit < 0 || turns.length - 1 - lastEdit < QUIET_TURNS) return false;
  const calls = turns.slice(lastEdit).flatMap((turn) => turn.calls);
  const sinceEdit = calls.slice(calls.findLastIndex((call) => call.changes.some(isEdit)));
  return sinceEdit.findLast((call) => call.check !== null)?.check?.passed ?? false;
}

function edits({ calls }: TurnRecord): boolean {
  return calls.some((call) => call.changes.some(isEdit));
}

function isEdit(change: Parameters<typeof isChange>[0]): boolean {
  return isChange(change) && !isScratch(change.path);
}
