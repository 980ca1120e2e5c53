import type { FileChange } from "../core/agentEvent";
import type { RunState } from "../core/runState";

/** A change by the call that made it, with the number of its step; `null` when the run has none such. */
export function findChange(
  state: RunState,
  callId: string,
  path: string,
): { readonly turn: number; readonly change: FileChange } | null {
  for (const { turn, calls } of state.turns) {
    const change = calls.find((call) => call.callId === callId)?.changes.find((candidate) => candidate.path === path);
    if (change) return { turn, change };
  }
  return null;
}
