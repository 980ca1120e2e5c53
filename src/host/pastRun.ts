import type { RunStore } from "../core/history";
import { foldRun, reduceRun } from "../core/reduceRun";
import type { RunState } from "../core/runState";

/** Said of a run that has no end in the store: its process went away while it ran. */
const CUT_OFF = "the window was closed or reloaded while it ran";

/** A run as the store knows it, folded to its state; `null` when there is none. One that never ended is interrupted. */
export async function loadRun(store: Pick<RunStore, "events">, runId: string): Promise<RunState | null> {
  const events = await store.events(runId);
  const last = events.at(-1);
  if (!last) return null;
  const state = foldRun(events);
  if (state.phase === "ended") return state;
  const outcome = { kind: "interrupted", reason: CUT_OFF } as const;
  return reduceRun(state, { kind: "ended", outcome, seq: last.seq + 1, at: last.at });
}
