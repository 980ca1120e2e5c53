import type { Quantiles } from "./forecast";

/**
 * What was still to come of past runs that had come as far: by the product-limit estimate of Kalbfleisch and Prentice for a
 * run of hazard ratio 1, and by that of Kaplan and Meier for any run, whatever it has shown.
 */
export interface SurvivalCurve {
  /** Ascending; only of runs that ended by themselves. */
  readonly left: Float64Array;
  /** Cumulative hazard once so much has come: of a run of hazard ratio 1, and of any run. */
  readonly hazard: Float64Array;
  readonly plainHazard: Float64Array;
  /** The most that is known to have come of a run, cut or not. */
  readonly furthest: number;
  /** Runs it rests on, and how many they count for. */
  readonly n: number;
  readonly weight: number;
}

export interface Remainder {
  /** What was still to come; at least so much, where `isKnown` is false. */
  readonly left: number;
  readonly isKnown: boolean;
  /** Hazard of this run against that of the mean. */
  readonly ratio: number;
  /** Runs it counts for. */
  readonly weight: number;
}

/**
 * Weight, in runs, of plain conditional survival beside what the hazard ratio says: the fewer had come as far, the less a
 * ratio is believed, and a run that looks certain to end at once keeps some chance to be like any other.
 */
const PLAIN_RUNS = 10;

export function survivalCurve(remainders: readonly Remainder[]): SurvivalCurve {
  const sorted = [...remainders].sort((a, b) => a.left - b.left || Number(b.isKnown) - Number(a.isKnown) || b.ratio - a.ratio);
  const left: number[] = [];
  const hazard: number[] = [];
  const plainHazard: number[] = [];
  const weight = sorted.reduce((sum, one) => sum + one.weight, 0);
  let risk = sorted.reduce((sum, one) => sum + one.weight * one.ratio, 0);
  let plainRisk = weight;
  let sum = 0;
  let plainSum = 0;
  for (const [index, one] of sorted.entries()) {
    if (one.isKnown) {
      // None is left after the last: then it is certain.
      const isLast = index === sorted.length - 1;
      sum += isLast ? Number.POSITIVE_INFINITY : rise(one.weight * one.ratio, risk) / one.ratio;
      plainSum += isLast ? Number.POSITIVE_INFINITY : rise(one.weight, plainRisk);
      left.push(one.left);
      hazard.push(sum);
      plainHazard.push(plainSum);
    }
    risk = Math.max(risk - one.weight * one.ratio, 1e-12);
    plainRisk = Math.max(plainRisk - one.weight, 1e-12);
  }
  return {
    ...{ left: Float64Array.from(left), hazard: Float64Array.from(hazard), plainHazard: Float64Array.from(plainHazard) },
    ...{ furthest: sorted.at(-1)?.left ?? 0, n: sorted.length, weight },
  };
}

/** Rise of the cumulative hazard when a part of the risk ends. */
function rise(part: number, risk: number): number {
  return -Math.log1p(-Math.min(part / risk, 1 - 1e-9));
}

/** Probability that no more than `amount` is still to come of a run with this hazard ratio. */
export function shareWithin(curve: SurvivalCurve, ratio: number, amount: number): number {
  const { left } = curve;
  let last = -1;
  while (last + 1 < left.length && (left[last + 1] ?? 0) <= amount) last += 1;
  return shareAt(curve, ratio, last);
}

function shareAt({ hazard, plainHazard, weight }: SurvivalCurve, ratio: number, index: number): number {
  return index < 0 ? 0 : blend(weight, ratio * (hazard[index] ?? 0), plainHazard[index] ?? 0);
}

function blend(weight: number, hazard: number, plainHazard: number): number {
  return 1 - (weight * Math.exp(-hazard) + PLAIN_RUNS * Math.exp(-plainHazard)) / (weight + PLAIN_RUNS);
}

export function quantilesOf(curve: SurvivalCurve, ratio: number): Quantiles {
  return { p10: quantileOf(curve, ratio, 0.1), p50: quantileOf(curve, ratio, 0.5), p90: quantileOf(curve, ratio, 0.9) };
}

/** Between two known amounts the curve is a straight line. */
export function quantileOf(curve: SurvivalCurve, ratio: number, share: number): number {
  const { left } = curve;
  const index = left.findIndex((_, at) => shareAt(curve, ratio, at) >= share);
  if (index < 0) return beyond(curve, ratio, share);
  const [low, high] = [index === 0 ? (left[0] ?? 0) / 2 : (left[index - 1] ?? 0), left[index] ?? 0];
  const [from, to] = [shareAt(curve, ratio, index - 1), shareAt(curve, ratio, index)];
  return to <= from ? high : low + ((high - low) * (share - from)) / (to - from);
}

/**
 * Where the rest was cut: past the furthest of them, hazard goes on as over the upper half of what is known, for as long
 * again at most.
 */
function beyond(curve: SurvivalCurve, ratio: number, share: number): number {
  const { left, hazard, plainHazard, furthest, weight } = curve;
  const last = left.length - 1;
  if (last < 0) return 2 * furthest;
  const middle = Math.floor(last / 2);
  const span = Math.max(furthest - (left[middle] ?? 0), 1e-9);
  const after = (sums: Float64Array, more: number) => {
    const slope = middle === last ? (sums[last] ?? 0) : (sums[last] ?? 0) - (sums[middle] ?? 0);
    return (sums[last] ?? 0) + (slope * more) / span;
  };
  let [low, high] = [0, furthest];
  for (let step = 0; step < 40; step += 1) {
    const more = (low + high) / 2;
    if (blend(weight, ratio * after(hazard, more), after(plainHazard, more)) >= share) high = more;
    else low = more;
  }
  return furthest + high;
}
