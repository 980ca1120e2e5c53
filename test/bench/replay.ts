import { nano } from "../../src/core/money";
import type { RecordedRun, RecordedTurn, TurnAction } from "../../src/core/recordedRun";
import { curvePoint, replayAll } from "../../src/core/replay/figures";
import type { PolicySettings } from "../../src/core/runConfig";

const RUNS = 1_500;
const TURNS = 100_000;
const LIMITS = 100;

const cadence = { kind: "every" } as const;
const fixed = (maxTurns: number): PolicySettings => ({ kind: "fixed", maxTurns, cadence });
const onEvidence = (hardTurns: number): PolicySettings => ({
  ...{ kind: "dynamic", preset: "evidence", baseTurns: Math.min(60, hardTurns), hardTurns, onLimit: "land", cadence },
});

/** Milliseconds that replaying takes: a set under one policy, and the curve of a hundred limits. */
export interface ReplayTimes {
  readonly runs: number;
  readonly turns: number;
  readonly fixedMs: number;
  readonly evidenceMs: number;
  readonly limits: number;
  readonly fixedCurveMs: number;
  readonly evidenceCurveMs: number;
}

export function replayTimes(): ReplayTimes {
  const limits = Array.from({ length: LIMITS }, (_, index) => index + 12);
  const turns = generatedRuns().reduce((sum, run) => sum + run.turns.length, 0);
  return {
    ...{ runs: RUNS, turns, limits: LIMITS },
    fixedMs: timed((runs) => replayAll(runs, { policy: fixed(60), cap: null })),
    evidenceMs: timed((runs) => replayAll(runs, { policy: onEvidence(120), cap: null })),
    fixedCurveMs: timed((runs) => limits.map((limit) => curvePoint(runs, limit, fixed(limit)))),
    evidenceCurveMs: timed((runs) => limits.map((limit) => curvePoint(runs, limit, onEvidence(limit)))),
  };
}

/** Fresh runs each time: what one replay keeps of a run must not help the next. */
function timed(work: (runs: readonly RecordedRun[]) => void): number {
  const runs = generatedRuns();
  const startedAt = performance.now();
  work(runs);
  return performance.now() - startedAt;
}

/** Runs of 1 to 132 turns, 100,000 turns together give or take a few, of every kind of action. */
function generatedRuns(): readonly RecordedRun[] {
  const mean = TURNS / RUNS;
  return Array.from({ length: RUNS }, (_, index) => {
    const length = Math.round(1 + (2 * (mean - 1) * ((index * 7_919) % RUNS)) / (RUNS - 1));
    return {
      ...{ id: `r${index}`, source: "bench", model: "m", task: `t${index}`, project: null, startedAt: null, ended: true },
      resolved: index % 3 === 0 ? null : index % 3 === 1,
      lastEditTurn: Math.ceil(length * 0.8),
      turns: Array.from({ length }, (_, turn) => generatedTurn(index + turn, turn)),
    };
  });
}

const ACTIONS: readonly TurnAction[] = ["read", "search", "read", "edit", "check", "command", "other"];

function generatedTurn(seed: number, turn: number): RecordedTurn {
  return {
    ...{ input: 2_000 + 900 * turn, cacheRead: 1_800 + 890 * turn, output: 300, usd: nano(2_000_000 + 300_000 * turn) },
    ...{ action: ACTIONS[(seed * 31) % ACTIONS.length] ?? "other", failed: seed % 17 === 0, result: 600 },
    failures: seed % 5 === 0 ? seed % 4 : null,
  };
}
