import { type NanoUsd, nano } from "../money";
import type { RecordedRun } from "../recordedRun";
import type { PolicySettings } from "../runConfig";
import { costOfFirst, type ReplayedRun, type ReplaySettings, replayRun } from "./replay";

/** What a policy would have made of a set of runs. */
export interface ReplayFigures {
  readonly runs: number;
  readonly solved: number;
  /** Runs of which nobody knows whether they solved their task: they count for cost only. */
  readonly unverdicted: number;
  /** Runs whose turns have no cost: they count for turns only. */
  readonly unpriced: number;
  readonly usd: NanoUsd;
  readonly usdAfter: NanoUsd;
  /** Share of the whole cost, in percent; `null` = nothing has a cost. */
  readonly savedPct: number | null;
  /** Runs with more turns than they would have been given. */
  readonly cut: number;
  /** Solved runs that were cut: lost if unfinished counts as failed. */
  readonly lostStrict: number;
  /** Those of them whose result was not in the files yet: lost although the working tree is kept. */
  readonly lostKept: number;
  readonly turns: number;
  readonly turnsAfter: number;
  readonly extensions: number;
}

/** Replays a set and adds it up. */
export function replayAll(runs: readonly RecordedRun[], settings: ReplaySettings): ReplayFigures {
  return figuresOf(runs.map((run) => replayRun(run, settings)));
}

export function figuresOf(replayed: readonly ReplayedRun[]): ReplayFigures {
  const priced = replayed.filter(({ usd }) => usd !== null);
  const usd = priced.reduce((sum, { run }) => sum + (costOfFirst(run, run.turns.length) ?? 0), 0);
  const usdAfter = priced.reduce((sum, one) => sum + (one.usd ?? 0), 0);
  const cut = replayed.filter((one) => one.cut !== null);
  const lost = cut.filter(({ run }) => run.resolved === true);
  const count = (test: (one: ReplayedRun) => boolean) => replayed.filter(test).length;
  return {
    runs: replayed.length,
    solved: count(({ run }) => run.resolved === true),
    unverdicted: count(({ run }) => run.resolved === null),
    unpriced: replayed.length - priced.length,
    usd: nano(usd),
    usdAfter: nano(usdAfter),
    savedPct: usd === 0 ? null : (100 * (usd - usdAfter)) / usd,
    cut: cut.length,
    lostStrict: lost.length,
    lostKept: lost.filter(({ run, turns }) => run.lastEditTurn === null || run.lastEditTurn > turns).length,
    turns: replayed.reduce((sum, { run }) => sum + run.turns.length, 0),
    turnsAfter: replayed.reduce((sum, one) => sum + one.turns, 0),
    extensions: replayed.reduce((sum, one) => sum + one.extensions.length, 0),
  };
}

/** One point of a curve: what comes of a limit. */
export interface CurvePoint extends ReplayFigures {
  readonly limit: number;
}

/** What a limit would have made of a set, under the policy that stands for it. */
export function curvePoint(runs: readonly RecordedRun[], limit: number, policy: PolicySettings): CurvePoint {
  return { limit, ...replayAll(runs, { policy, cap: null }) };
}
