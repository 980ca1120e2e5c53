/** Fewer finished runs than this say too little: the next wider source is asked. */
export const LEAST_RUNS = 8;
/** Limits used when there is no history: P50, P75 and P90. */
export const FALLBACK_TURNS = { p50: 40, p75: 60, p90: 80 } as const;

export interface TurnPercentiles {
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  /** Where they come from, and from how many runs. */
  readonly source: "project" | "model" | "fallback";
  readonly n: number;
}

/** Percentiles of the turns that finished runs took: this model in this project, else anywhere, else the fallback. */
export function calibrateTurns(inProject: readonly number[], anywhere: readonly number[]): TurnPercentiles {
  if (inProject.length >= LEAST_RUNS) return percentilesOf(inProject, "project");
  if (anywhere.length >= LEAST_RUNS) return percentilesOf(anywhere, "model");
  return { ...FALLBACK_TURNS, source: "fallback", n: 0 };
}

function percentilesOf(turns: readonly number[], source: "project" | "model"): TurnPercentiles {
  const whole = (share: number) => Math.ceil(percentile(turns, share));
  return { p50: whole(0.5), p75: whole(0.75), p90: whole(0.9), source, n: turns.length };
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
