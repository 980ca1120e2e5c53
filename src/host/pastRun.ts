import type { Outcome } from "../core/agentEvent";
import type { RunStore } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import { foldRun, reduceRun } from "../core/reduceRun";
import type { RunState } from "../core/runState";

/** A run of the store: how it stands, and whether another window or a command line goes on with it. */
export interface PastRun {
  readonly state: RunState;
  readonly elsewhere: boolean;
}

/** Said of a run that has no end in the store and is not on its list either. */
const CUT_OFF = "the window was closed or reloaded while it ran";
/** Runs of its folder that one without an end is looked for in. */
const RECENT_RUNS = 200;

/** A run as the store knows it, folded to its state; `null` when there is none. */
export async function loadRun(store: Pick<RunStore, "events" | "runs">, runId: string): Promise<PastRun | null> {
  const state = await stateOf(store, runId);
  if (!state || state.phase === "ended") return state && { state, elsewhere: false };
  // Listing the runs ends those whose process is gone: what has no outcome after that goes on.
  const listed = await store.runs({ limit: RECENT_RUNS, projectPath: state.config.project.path, source: OWN_SOURCE });
  const summary = listed.find((run) => run.runId === runId);
  if (summary?.outcome === null) return { state, elsewhere: true };
  const present = (await stateOf(store, runId)) ?? state;
  return { state: ended(present, summary?.outcome ?? { kind: "interrupted", reason: CUT_OFF }), elsewhere: false };
}

async function stateOf(store: Pick<RunStore, "events">, runId: string): Promise<RunState | null> {
  const events = await store.events(runId);
  return events.length === 0 ? null : foldRun(events);
}

function ended(state: RunState, outcome: Outcome): RunState {
  if (state.phase === "ended") return state;
  return reduceRun(state, { kind: "ended", outcome, seq: Number.MAX_SAFE_INTEGER, at: state.lastAt });
}
