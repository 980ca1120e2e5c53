import type { Quantiles } from "./forecast";

/** What was still to come of past runs that had come as far, by the product-limit estimate of Kalbfleisch and Prentice, for a run of hazard ratio 1. */
export interface SurvivalCurve {
  /** Ascending; only of runs that ended by themselves. */
  readonly left: Float64Array;
  /** Cumulative hazard once so much has come. */
  readonly hazard: Float64Array;
  /** Runs it rests on. */
  readonly n: number;
}

export interface Remainder {
  /** What was still to come; at least so much, where `isKnown` is false. */
  readonly left: number;
  readonly isKnown: boolean;
  /** Hazard of this run against that of the mean. */
  readonly ratio: number;
}

export function survivalCurve(remainders: readonly Remainder[]): SurvivalCurve {
  const sorted = [...remainders].sort((a, b) => a.left - b.left || Number(b.isKnown) - Number(a.isKnown));
  const left: number[] = [];
  const hazard: number[] = [];
  let risk = sorted.reduce((sum, one) => sum + one.ratio, 0);
  let sum = 0;
  for (const one of sorted) {
    if (one.isKnown) {
      // None is left after the last: then it is certain.
      const isLast = risk - one.ratio <= risk * 1e-9;
      sum += isLast ? Number.POSITIVE_INFINITY : -Math.log1p(-one.ratio / risk) / one.ratio;
      left.push(one.left);
      hazard.push(sum);
    }
    risk = Math.max(risk - one.ratio, 1e-12);
  }
  return { left: Float64Array.from(left), hazard: Float64Array.from(hazard), n: sorted.length };
}

/** Probability that no more than `amount` is still to come of a run with this hazard ratio. */
export function shareWithin({ left, hazard }: SurvivalCurve, ratio: number, amount: number): number {
  let last = -1;
  while (last + 1 < left.length && (left[last + 1] ?? 0) <= amount) last += 1;
  return last < 0 ? 0 : 1 - Math.exp(-ratio * (hazard[last] ?? 0));
}

export function quantilesOf(curve: SurvivalCurve, ratio: number): Quantiles {
  return { p10: quantileOf(curve, ratio, 0.1), p50: quantileOf(curve, ratio, 0.5), p90: quantileOf(curve, ratio, 0.9) };
}

/** Between two known amounts the curve is a straight line; past the last, hazard goes on as over the upper half, for as long again at most. */
export function quantileOf({ left, hazard }: SurvivalCurve, ratio: number, share: number): number {
  const wanted = -Math.log(1 - share) / ratio;
  const shareAt = (index: number) => (index < 0 ? 0 : 1 - Math.exp(-ratio * (hazard[index] ?? 0)));
  const index = hazard.findIndex((sum) => sum >= wanted);
  if (index < 0) return beyond(left, hazard, wanted);
  const [low, high] = [index === 0 ? (left[0] ?? 0) / 2 : (left[index - 1] ?? 0), left[index] ?? 0];
  const [from, to] = [shareAt(index - 1), shareAt(index)];
  return to <= from ? high : low + ((high - low) * (share - from)) / (to - from);
}

function beyond(left: Float64Array, hazard: Float64Array, wanted: number): number {
  const last = left.length - 1;
  const middle = Math.floor(last / 2);
  const longest = left[last] ?? 0;
  const rate = ((hazard[last] ?? 0) - (hazard[middle] ?? 0)) / Math.max(longest - (left[middle] ?? 0), 1e-9);
  const further = rate > 0 ? (wanted - (hazard[last] ?? 0)) / rate : longest;
  return longest + Math.min(further, longest);
}
