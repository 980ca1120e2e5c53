import { turnsAtShare } from "../policy/calibrate";
import type { RecordedRun } from "../recordedRun";

/** A limit as it is asked for: a number of turns, or a percentile (0 to 100) of the lengths of past runs. */
export type LimitSpec =
  | { readonly kind: "turns"; readonly turns: number }
  | { readonly kind: "percentile"; readonly percent: number };

/** `p75`, `p97.5` or a whole number of turns; `null` = neither. */
export function readLimitSpec(text: string): LimitSpec | null {
  const percent = /^p(\d{1,2}(?:\.\d+)?)$/i.exec(text.trim())?.[1];
  if (percent !== undefined) return Number(percent) > 0 ? { kind: "percentile", percent: Number(percent) } : null;
  const turns = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return turns >= 1 ? { kind: "turns", turns } : null;
}

/** The turns it comes to: percentiles over all runs, by linear interpolation between order statistics (type 7), rounded up. */
export function turnsOf(spec: LimitSpec, runs: readonly RecordedRun[]): number {
  if (spec.kind === "turns") return spec.turns;
  const lengths = runs.map((run) => run.turns.length);
  return Math.max(1, turnsAtShare(lengths, spec.percent / 100));
}
