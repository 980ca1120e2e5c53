import { nano } from "../money";
import type { RecordedRun, RecordedTurn } from "../recordedRun";
import { createEncoder, type Encoder } from "./encoder";
import { meanUsd, recentTurns } from "./features";
import type { Forecast, Forecaster, Quantiles, RunSoFar } from "./forecast";
import { fitHazards, logRatio, type Stratum } from "./hazards";
import { quantilesOf, type Remainder, type SurvivalCurve, shareWithin, survivalCurve } from "./survivalCurve";

/**
 * Fewer past runs than this that had come as far, and then ended by themselves, say too little: then the last point at
 * which there were as many serves.
 */
const LEAST_RUNS = 8;
/** Landmarks lie closer together early in a run. */
const LANDMARK_STEP = 1.12;
/** Weight of the ridge penalty, in runs: how many it takes to learn something from their features. */
const PENALTY_RUNS = 25;
/** Runs that those of other models count for together, beside those of the model in question. */
const OTHER_RUNS = 20;

/** What is forecast: turns, or cost in nano-dollars or in multiples of the run's present pace. */
type Outcome = "turns" | "usd" | "paces";

/**
 * A forecaster fitted on past runs: conditional survival, bent by what a run has shown so far. At any number of turns
 * taken the past runs that went on say how much was still to come; proportional hazards over landmarks say how the run's
 * own edits, checks, sizes and costs raise or lower its chance to end. Features that explain nothing get no weight, and
 * then it is conditional survival alone. `null` = fewer than eight runs that ended by themselves.
 */
export function fitForecaster(runs: readonly RecordedRun[]): Forecaster | null {
  const usable = runs.filter((run) => run.turns.length > 0);
  if (!areEnough(usable)) return null;
  const encoder = createEncoder(usable);
  const past = usable.map((run, index): PastRun => {
    return { run, length: run.turns.length, features: encoder.encoded[index] ?? new Float64Array(0) };
  });
  const turns = fitOutcome(past, encoder.width, "turns");
  const priced = past.filter(({ run }) => run.turns.every((turn) => turn.usd !== null));
  const cost = areEnough(priced.map(({ run }) => run)) ? fitOutcome(priced, encoder.width, steadierUnit(priced)) : null;
  if (!turns) return null;
  return { forecast: (soFar) => forecast(soFar, encoder, turns, cost) };
}

function areEnough(runs: readonly RecordedRun[]): boolean {
  return runs.filter((run) => run.ended).length >= LEAST_RUNS;
}

interface PastRun {
  readonly run: RecordedRun;
  readonly length: number;
  /** Standardised, one row per turn. */
  readonly features: Float64Array;
}

function forecast(soFar: RunSoFar, encoder: Encoder, turns: OutcomeModel, cost: OutcomeModel | null): Forecast {
  const taken = soFar.turns.length;
  const features = encoder.encodeLast(soFar);
  const { curve, ratio } = turns.at(taken, soFar.model, features);
  const atLeastOne = (value: number) => Math.max(1, value);
  return {
    turnsLeft: mapQuantiles(quantilesOf(curve, ratio), atLeastOne),
    usdLeft: cost && usdLeft(soFar, cost, features),
    n: curve.n,
    within: (more) => (more < 1 ? 0 : shareWithin(curve, ratio, Math.floor(more))),
  };
}

function usdLeft(soFar: RunSoFar, cost: OutcomeModel, features: Float64Array): Forecast["usdLeft"] {
  const taken = soFar.turns.length;
  const { curve, ratio } = cost.at(taken, soFar.model, features);
  // Before the first turn there is no pace yet: what is left is in dollars.
  const unit = cost.outcome === "usd" || taken === 0 ? 1 : meanUsd(recentTurns(soFar.turns, taken));
  if (!Number.isFinite(unit) || curve.n === 0) return null;
  return mapQuantiles(quantilesOf(curve, ratio), (value) => nano(Math.round(Math.max(0, value * unit))));
}

function mapQuantiles<T extends number>({ p10, p50, p90 }: Quantiles, change: (value: number) => T): Quantiles<T> {
  return { p10: change(p10), p50: change(p50), p90: change(p90) };
}

interface OutcomeModel {
  readonly outcome: Outcome;
  /**
   * The curve of past runs that had taken as many turns, and the hazard ratio of a run with these features. Before the first
   * turn, when nothing else is known of a run, those of its model alone if there are enough.
   */
  at(taken: number, model: string, features: Float64Array): { readonly curve: SurvivalCurve; readonly ratio: number };
}

function fitOutcome(past: readonly PastRun[], width: number, outcome: Outcome): OutcomeModel | null {
  const ended = past.filter(({ run }) => run.ended);
  const byLength = ended.map((one) => one.length).sort((a, b) => b - a);
  const furthest = (byLength[LEAST_RUNS - 1] ?? 0) - 1;
  if (furthest < 0) return null;
  const strata = landmarks(furthest).map((taken) => stratumAt(past, width, outcome, taken));
  const rows = strata.reduce((sum, stratum) => sum + stratum.left.length, 0);
  const coefficients = fitHazards(strata, width, (PENALTY_RUNS * rows) / past.length);
  const models = new Set(past.map(({ run }) => run.model));
  const curves = new Map<string, SurvivalCurve>();
  const curveAt = (taken: number, model: string): SurvivalCurve => {
    const key = `${taken} ${models.has(model) ? model : ""}`;
    const known = curves.get(key);
    if (known) return known;
    const made = survivalCurve(remaindersAt(taken, model));
    curves.set(key, made);
    return made;
  };
  const ratioOf = (one: PastRun, taken: number) =>
    taken === 0 ? 1 : Math.exp(logRatio(coefficients, one.features, (taken - 1) * width));
  const remaindersAt = (taken: number, model: string): readonly Remainder[] => {
    const going = past
      .filter((one) => one.length > taken)
      .map((one) => ({ one, left: leftAfter(one.run, taken, outcome) }))
      .filter(({ left }) => Number.isFinite(left));
    const own = going.filter(({ one }) => one.run.model === model);
    // Before the first turn nothing tells the others apart from it.
    const isAlone = taken === 0 && areEnough(own.map(({ one }) => one.run));
    const others = Math.min(1, OTHER_RUNS / Math.max(1, going.length - own.length));
    const weightOf = (one: PastRun) => (one.run.model === model || own.length === 0 ? 1 : others);
    return (isAlone ? own : going).map(({ one, left }) => ({
      ...{ left, isKnown: one.run.ended, ratio: ratioOf(one, taken), weight: weightOf(one) },
    }));
  };
  return {
    outcome,
    at: (taken, model, features) => ({
      curve: curveAt(Math.min(taken, furthest), model),
      ratio: Math.exp(logRatio(coefficients, features)),
    }),
  };
}

/** 1, 2, 3 … and then further and further apart. */
function landmarks(furthest: number): readonly number[] {
  const marks: number[] = [];
  for (let mark = 1; mark <= furthest; mark = Math.max(mark + 1, Math.floor(mark * LANDMARK_STEP))) marks.push(mark);
  return marks;
}

function stratumAt(past: readonly PastRun[], width: number, outcome: Outcome, taken: number): Stratum {
  const rows = past
    .filter((one) => one.length > taken)
    .map((one) => ({ one, left: leftAfter(one.run, taken, outcome) }))
    .filter(({ left }) => Number.isFinite(left))
    .sort((a, b) => b.left - a.left);
  const features = new Float64Array(rows.length * width);
  for (const [row, { one }] of rows.entries())
    features.set(one.features.subarray((taken - 1) * width, taken * width), row * width);
  return {
    left: Float64Array.from(rows, ({ left }) => left),
    isKnown: Uint8Array.from(rows, ({ one }) => (one.run.ended ? 1 : 0)),
    features,
  };
}

/** What was still to come of a run; `NaN` where its record does not say, or where it had no pace to measure by. */
function leftAfter(run: RecordedRun, taken: number, outcome: Outcome): number {
  if (outcome === "turns") return run.turns.length - taken;
  const usd = usdAfter(run, taken);
  if (outcome === "usd" || taken === 0) return usd;
  const pace = meanUsd(recentTurns(run.turns, taken));
  return pace > 0 ? usd / pace : Number.NaN;
}

function usdAfter(run: RecordedRun, taken: number): number {
  const sums = costSums.get(run) ?? sumUp(run.turns);
  costSums.set(run, sums);
  return (sums.at(-1) ?? 0) - (sums[taken] ?? 0);
}

const costSums = new WeakMap<RecordedRun, Float64Array>();

function sumUp(turns: readonly RecordedTurn[]): Float64Array {
  const sums = new Float64Array(turns.length + 1);
  for (const [index, turn] of turns.entries()) sums[index + 1] = (sums[index] ?? 0) + (turn.usd ?? 0);
  return sums;
}

/** The unit in which runs that had come as far differ least: dollars where all cost alike, paces where prices differ. */
function steadierUnit(past: readonly PastRun[]): "usd" | "paces" {
  const spread = (outcome: Outcome) => {
    let sum = 0;
    for (const taken of landmarks(Math.max(...past.map((one) => one.length)))) {
      const logs = past
        .filter((one) => one.length > taken)
        .map((one) => leftAfter(one.run, taken, outcome))
        .filter((left) => Number.isFinite(left))
        .map((left) => Math.log(Math.max(left, 1e-3)));
      const mean = logs.reduce((total, value) => total + value, 0) / Math.max(1, logs.length);
      sum += logs.reduce((total, value) => total + (value - mean) ** 2, 0);
    }
    return sum;
  };
  return spread("usd") <= spread("paces") ? "usd" : "paces";
}
