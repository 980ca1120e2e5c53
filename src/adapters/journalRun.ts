import type { CallPurpose, Charge, StampedEvent } from "../core/agentEvent";
import type { RunSummary } from "../core/history";
import type { RecordedRun } from "../core/recordedRun";
import { recordedTurn } from "../core/recordOf";
import { foldRun as foldRunState } from "../core/reduceRun";
import { NO_USAGE } from "../core/usage";
import { type FoldedRun, type FoldedTurn, foldRun, foldTurn, hasEnded, PROCESS_GONE } from "./storeFold";

/** One run as its events make it. */
export class JournalRun {
  #folded: FoldedRun | null = null;
  readonly #turns = new Map<number, FoldedTurn>();
  readonly #events: StampedEvent[] = [];

  constructor(readonly runId: string) {}

  get summary(): RunSummary {
    if (!this.#folded) throw new Error(`run "${this.runId}" has not started`);
    return this.#folded.summary;
  }

  get turns(): Iterable<FoldedTurn> {
    return this.#turns.values();
  }

  get events(): readonly StampedEvent[] {
    return this.#events;
  }

  /** Returns what takes the event in. Throws on an event out of place, as the database does. */
  check(event: StampedEvent): () => void {
    const { runId } = this;
    const folded = foldRun(this.#folded, event);
    if (folded.summary.runId !== runId)
      throw new Error(`run "${runId}" cannot start with the config of "${folded.summary.runId}"`);
    const last = this.#events.at(-1);
    if (last && last.seq >= event.seq) throw new Error(`place ${event.seq} of run "${runId}" is taken`);
    return () => {
      const turn = "turn" in event ? foldTurn(this.#turns.get(event.turn) ?? null, event) : null;
      if (turn) this.#turns.set(turn.turn, turn);
      this.#folded = folded;
      this.#events.push(event);
    };
  }
}

/** The entries of each run, in their order. */
export function byRun<T extends { readonly runId: string }>(entries: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const runs = new Map<string, T[]>();
  for (const entry of entries) {
    const known = runs.get(entry.runId);
    if (known) known.push(entry);
    else runs.set(entry.runId, [entry]);
  }
  return runs;
}

/** The run that recorded events make, without those out of place; `null` if they make none. */
export function replay(runId: string, events: readonly StampedEvent[], writerGone: boolean): JournalRun | null {
  const run = new JournalRun(runId);
  for (const event of events.toSorted((a, b) => a.seq - b.seq)) {
    try {
      run.check(event)();
    } catch {
      // Two processes took the same place, or the beginning is lost.
    }
  }
  if (run.events.length === 0) return null;
  if (writerGone && run.summary.outcome === null) for (const event of lastWords(run.events)) run.check(event)();
  return run;
}

/**
 * What a run that died with its process has still to say: nobody knows what its calls in flight cost, so each is charged
 * as unknown and its worst case kept back; then the run is interrupted.
 */
export function lastWords(events: readonly StampedEvent[]): readonly StampedEvent[] {
  const { seq = -1, at = 0 } = events.at(-1) ?? {};
  const charges = inFlight(events).map(({ turn, attempt, plan }, index): StampedEvent => {
    const held = { usd: plan.worstUsd, tokens: plan.worstTokens };
    const purpose = purposeOf(events, turn);
    return { kind: "charged", turn, attempt, purpose, charge: UNKNOWN, ms: 0, overrun: null, held, seq: seq + 1 + index, at };
  });
  const outcome = { kind: "interrupted", reason: PROCESS_GONE } as const;
  return [...charges, { kind: "ended", outcome, seq: seq + 1 + charges.length, at }];
}

const UNKNOWN: Charge = { usage: NO_USAGE, usd: null, provenance: "unknown", price: null, computedUsd: null };

function inFlight(events: readonly StampedEvent[]) {
  const open = new Map<string, StampedEvent & { readonly kind: "reserved" }>();
  for (const event of events) {
    if (event.kind === "reserved") open.set(`${event.turn}/${event.attempt}`, event);
    else if (event.kind === "charged" || event.kind === "released") open.delete(`${event.turn}/${event.attempt}`);
  }
  return [...open.values()];
}

function purposeOf(events: readonly StampedEvent[], turn: number): CallPurpose {
  const begun = events.find((event) => event.kind === "turnStarted" && event.turn === turn);
  return begun?.kind === "turnStarted" ? begun.purpose : "turn";
}

/** A run that has ended, as calibration, forecast and replay read it. */
export function recordingOf(summary: RunSummary, events: readonly StampedEvent[]): RecordedRun {
  const { turns } = foldRunState(events);
  const { runId: id, source, model, task, project, outcome, startedAt } = summary;
  const changed = turns.filter((turn) => turn.calls.some((call) => call.changes.length > 0));
  return {
    ...{ id, source, model, task, project: project.path, resolved: null, startedAt },
    ended: outcome !== null && hasEnded(outcome.kind, outcome.reason),
    lastEditTurn: changed.at(-1)?.turn ?? null,
    turns: turns.map(recordedTurn),
  };
}
