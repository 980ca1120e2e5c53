import type { PastLength } from "../recordedRun";
import { priorFor } from "./priors";

/** How much a wider source weighs against a narrower one, in runs: eight runs of one's own count as much as all the rest. */
export const SHRINKAGE_RUNS = 8;
/** No limit is lower than this: a run must be able to look, edit and check. */
export const LEAST_TURNS = 12;

export interface TurnPercentiles {
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  /** What they come from, the narrowest first: this model here, this model anywhere, imported runs, published runs. */
  readonly sources: readonly CalibrationSource[];
}

export interface CalibrationSource {
  readonly kind: "here" | "model" | "imported" | "prior";
  readonly n: number;
}

type Shares = { readonly [share in "p50" | "p75" | "p90"]: number };

/**
 * Percentiles of the turns that runs of a model take, by those that are known. Runs of one task vary, so few of them are
 * not trusted alone: the percentiles of each source are drawn towards those of the next wider one, the more the fewer runs
 * it has. A run that was cut says only that it would have been longer, so limits do not shrink by what they cut themselves.
 */
export function calibrateTurns(lengths: readonly PastLength[], modelId: string): TurnPercentiles {
  const prior = priorFor(modelId);
  const own = lengths.filter((one) => !one.imported);
  const here = own.filter((one) => one.here);
  const wider = [
    { kind: "imported", runs: lengths.filter((one) => one.imported) },
    // Where all of this model's runs were here they are one source, and weigh once.
    { kind: "model", runs: here.length === own.length ? [] : own },
    { kind: "here", runs: here },
  ] as const;
  let shares: Shares = prior;
  const sources: CalibrationSource[] = [{ kind: "prior", n: prior.n }];
  for (const { kind, runs } of wider) {
    if (runs.length === 0) continue;
    shares = shrunk(runs, shares, prior);
    sources.unshift({ kind, n: runs.length });
  }
  const whole = (turns: number) => Math.max(LEAST_TURNS, Math.ceil(Number(turns.toFixed(9))));
  return { p50: whole(shares.p50), p75: whole(shares.p75), p90: whole(shares.p90), sources };
}

function shrunk(runs: readonly PastLength[], wider: Shares, prior: Shares): Shares {
  const weight = runs.length / (runs.length + SHRINKAGE_RUNS);
  const towards = (share: number, outside: number, published: number) => {
    const own = censoredPercentile(runs, share) ?? unseenPercentile(runs, share, outside, published);
    return weight * own + (1 - weight) * outside;
  };
  return {
    p50: towards(0.5, wider.p50, prior.p50),
    p75: towards(0.75, wider.p75, prior.p75),
    p90: towards(0.9, wider.p90, prior.p90),
  };
}

/**
 * A percentile beyond the longest known length: at least that and what the wider source says. If enough runs ended, they
 * are taken to go on ending at the rate they did, so that limits that were too low to begin with rise; but to no more than
 * twice what published runs took, lest a model that does not come to an end be given ever more turns.
 */
function unseenPercentile(runs: readonly PastLength[], share: number, outside: number, published: number): number {
  const longest = runs.reduce((most, run) => Math.max(most, run.turns), 0);
  const least = Math.max(longest, outside);
  const ended = runs.filter((run) => run.ended).length;
  if (ended < SHRINKAGE_RUNS) return least;
  const perTurn = ended / runs.reduce((sum, run) => sum + run.turns, 0);
  const surviving = productLimit(runs).at(-1)?.surviving ?? 1;
  const reached = longest + Math.log(surviving / (1 - share)) / perTurn;
  return Math.max(least, Math.min(reached, 2 * published));
}

/**
 * The percentile of lengths some of which are lower bounds, by the product-limit estimate (Kaplan and Meier 1958);
 * `null` where so many were cut that it cannot be told. Of lengths that are all known: type 7.
 */
export function censoredPercentile(runs: readonly PastLength[], share: number): number | null {
  if (runs.every((run) => run.ended))
    return percentile(
      runs.map((run) => run.turns),
      share,
    );
  return productLimit(runs).find(({ surviving }) => 1 - surviving >= share - 1e-9)?.turns ?? null;
}

/** Share of runs that are longer than each length at which one ended. */
function productLimit(runs: readonly PastLength[]): readonly { readonly turns: number; readonly surviving: number }[] {
  // At the same length, what ended is counted before what was cut.
  const sorted = [...runs].sort((a, b) => a.turns - b.turns || Number(b.ended) - Number(a.ended));
  let surviving = 1;
  const steps: { turns: number; surviving: number }[] = [];
  for (const [index, { turns, ended }] of sorted.entries()) {
    if (!ended) continue;
    surviving *= 1 - 1 / (sorted.length - index);
    steps.push({ turns, surviving });
  }
  return steps;
}

/** Linear interpolation between order statistics (type 7). Throws on an empty sample. */
export function percentile(sample: readonly number[], share: number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)];
  const above = sorted[Math.ceil(at)];
  if (below === undefined || above === undefined) throw new RangeError("a percentile needs a sample");
  return below + (above - below) * (at - Math.floor(at));
}

/** The same in whole turns, rounded up; the noise of the interpolation must not add a turn. */
export function turnsAtShare(sample: readonly number[], share: number): number {
  return Math.ceil(Number(percentile(sample, share).toFixed(9)));
}
