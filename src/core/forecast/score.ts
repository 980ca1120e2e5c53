import { percentile } from "../policy/calibrate";
import type { RecordedRun } from "../recordedRun";
import type { Forecaster, Quantiles } from "./forecast";

/** How a forecast is scored: at every fifth turn of every run that goes on past it. */
const EVERY = 5;
/** Horizons, in turns, of "finishes within k more turns". */
const HORIZONS = [5, 10, 20] as const;
const SHARES = { p10: 0.1, p50: 0.5, p90: 0.9 } as const;

export interface QuantileScore {
  /** Mean pinball loss of each quantile; turns, or dollars. */
  readonly pinball: Quantiles;
  /** Share of what came that lay from P10 to P90. */
  readonly coverage: number;
}

/** One method's figures; `null` where nothing could be scored. */
export interface MethodScore {
  readonly turns: QuantileScore | null;
  readonly usd: QuantileScore | null;
}

export interface ForecastScore {
  /** Points in runs that were scored, those with a cost, and those no fitted run had come as far as. */
  readonly states: number;
  readonly statesWithCost: number;
  readonly beyondFit: number;
  readonly forecast: MethodScore;
  readonly conditionalSurvival: MethodScore;
  readonly quantileMinusUsed: MethodScore;
  /** Mean squared error of the chance to finish within so many turns, against that of the hazard by turn. */
  readonly brier: readonly { readonly k: number; readonly forecast: number | null; readonly hazardByTurn: number | null }[];
}

/**
 * Scores a forecaster on runs it was not fitted on, beside three baselines made from the same fitted runs: quantiles of
 * what was left of those that had come as far; quantiles of whole lengths less what is used; and the share of those that
 * had come as far which then ended within k turns. All by linear interpolation (type 7).
 */
export function scoreForecaster(
  forecaster: Forecaster,
  fitted: readonly RecordedRun[],
  scored: readonly RecordedRun[],
): ForecastScore {
  const past = createPast(fitted);
  const turns = [newSums(), newSums(), newSums()] as const;
  const usd = [newSums(), newSums(), newSums()] as const;
  const brier = HORIZONS.map((k) => ({ k, forecast: 0, hazard: 0 }));
  let states = 0;
  let beyondFit = 0;
  for (const run of scored) {
    const costs = prefixDollars(run);
    for (let taken = EVERY; taken < run.turns.length; taken += EVERY) {
      const before = past.at(taken);
      const made = before && forecaster.forecast({ model: run.model, turns: run.turns.slice(0, taken) });
      if (!before || !made) {
        beyondFit += 1;
        continue;
      }
      states += 1;
      const left = run.turns.length - taken;
      addTo(turns, [made.turnsLeft, before.turns, minus(past.turns, taken, 1)], left);
      for (const one of brier) {
        const happened = Number(left <= one.k);
        one.forecast += (made.within(one.k) - happened) ** 2;
        one.hazard += (before.within(one.k) - happened) ** 2;
      }
      const spent = costs?.[taken];
      if (!costs || spent === undefined || !before.usd || !past.usd || !made.usdLeft) continue;
      const { p10, p50, p90 } = made.usdLeft;
      const dollars = { p10: p10 / 1e9, p50: p50 / 1e9, p90: p90 / 1e9 };
      addTo(usd, [dollars, before.usd, minus(past.usd, spent, 0)], (costs.at(-1) ?? 0) - spent);
    }
  }
  const method = (index: 0 | 1 | 2): MethodScore => ({ turns: scoreOf(turns[index]), usd: scoreOf(usd[index]) });
  const mean = (sum: number) => (states === 0 ? null : sum / states);
  return {
    ...{ states, statesWithCost: usd[0].n, beyondFit },
    ...{ forecast: method(0), conditionalSurvival: method(1), quantileMinusUsed: method(2) },
    brier: brier.map((one) => ({ k: one.k, forecast: mean(one.forecast), hazardByTurn: mean(one.hazard) })),
  };
}

interface Sums {
  readonly pinball: { p10: number; p50: number; p90: number };
  covered: number;
  n: number;
}

function newSums(): Sums {
  return { pinball: { p10: 0, p50: 0, p90: 0 }, covered: 0, n: 0 };
}

function addTo(sums: readonly Sums[], quantiles: readonly Quantiles[], came: number): void {
  for (const [index, one] of sums.entries()) {
    const said = quantiles[index];
    if (!said) continue;
    for (const name of ["p10", "p50", "p90"] as const) one.pinball[name] += pinball(said[name], came, SHARES[name]);
    if (came >= said.p10 && came <= said.p90) one.covered += 1;
    one.n += 1;
  }
}

/** Loss of saying `said` for the quantile `share` of what turned out to be `came`. */
export function pinball(said: number, came: number, share: number): number {
  return came >= said ? share * (came - said) : (1 - share) * (said - came);
}

function scoreOf({ pinball: { p10, p50, p90 }, covered, n }: Sums): QuantileScore | null {
  return n === 0 ? null : { pinball: { p10: p10 / n, p50: p50 / n, p90: p90 / n }, coverage: covered / n };
}

interface Before {
  readonly turns: Quantiles;
  readonly usd: Quantiles | null;
  within(k: number): number;
}

/** The baselines' view of the fitted runs. */
function createPast(fitted: readonly RecordedRun[]) {
  const runs = fitted.map((run) => ({ length: run.turns.length, costs: prefixDollars(run) }));
  const made = new Map<number, Before | null>();
  const make = (taken: number): Before | null => {
    const going = runs.filter((run) => run.length > taken);
    if (going.length === 0) return null;
    const left = going.map((run) => run.length - taken);
    const usd = going.flatMap(({ costs }) => (costs ? [(costs.at(-1) ?? 0) - (costs[taken] ?? 0)] : []));
    const within = (k: number) => left.filter((turns) => turns <= k).length / left.length;
    return { turns: quantiles(left), usd: usd.length === 0 ? null : quantiles(usd), within };
  };
  const totals = runs.flatMap(({ costs }) => (costs ? [costs.at(-1) ?? 0] : []));
  return {
    turns: quantiles(runs.map((run) => run.length)),
    usd: totals.length === 0 ? null : quantiles(totals),
    at(taken: number): Before | null {
      const known = made.get(taken);
      if (known !== undefined) return known;
      const before = make(taken);
      made.set(taken, before);
      return before;
    },
  };
}

function quantiles(sample: readonly number[]): Quantiles {
  return { p10: percentile(sample, 0.1), p50: percentile(sample, 0.5), p90: percentile(sample, 0.9) };
}

function minus({ p10, p50, p90 }: Quantiles, used: number, least: number): Quantiles {
  const left = (whole: number) => Math.max(least, whole - used);
  return { p10: left(p10), p50: left(p50), p90: left(p90) };
}

/** Dollars spent after each number of turns; `null` = not told of each turn. */
function prefixDollars(run: RecordedRun): readonly number[] | null {
  if (run.turns.some((turn) => turn.usd === null)) return null;
  const sums = [0];
  for (const turn of run.turns) sums.push((sums.at(-1) ?? 0) + (turn.usd ?? 0) / 1e9);
  return sums;
}
