/** Resamples an interval is made of. */
export const RESAMPLES = 2_000;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile interval of a statistic over clusters: tasks are drawn again with replacement, each with all its tries, for
 * tries of one task are alike. The same seed and number of clusters give the same draws, whatever the clusters hold.
 * Returns `null` for fewer than two clusters, which say nothing of the spread.
 */
export function clusterInterval<T>(
  clusters: readonly T[],
  statistic: (sample: readonly T[]) => number,
  seed: number,
  level = 0.95,
): Interval | null {
  if (clusters.length < 2) return null;
  const random = seededRandom(seed);
  const values: number[] = [];
  for (let i = 0; i < RESAMPLES; i += 1) {
    const sample = clusters.map((cluster) => clusters[Math.floor(random() * clusters.length)] ?? cluster);
    values.push(statistic(sample));
  }
  values.sort((a, b) => a - b);
  return { low: quantile(values, (1 - level) / 2), high: quantile(values, (1 + level) / 2) };
}

/** Type 7, in a sorted sample that may end in infinities. */
function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below === above ? below : below + (above - below) * (at - Math.floor(at));
}

/** Numbers in [0, 1), the same for the same seed: a 32-bit counter through a mixing function. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
