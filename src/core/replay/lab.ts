import { turnsAtShare } from "../policy/calibrate";
import type { RecordedRun } from "../recordedRun";
import type { PolicySettings } from "../runConfig";

/** The policies that a limit makes: a fixed one, or a dynamic one of which it is the hard limit. */
export type LabPolicy = "fixed" | "published" | "evidence";

/** Points of a curve: enough to be drawn as a line, few enough to be worked out at once. */
const POINTS = 40;
/** Lower limits leave no room to look, edit and check. */
const LEAST = 3;

/** The policy of a limit; a dynamic one starts at `base`, or at the limit if that is lower. */
export function labPolicy(policy: LabPolicy, limit: number, base: number): PolicySettings {
  const cadence = { kind: "every" } as const;
  if (policy === "fixed") return { kind: "fixed", maxTurns: limit, cadence };
  return { kind: "dynamic", preset: policy, baseTurns: Math.min(base, limit), hardTurns: limit, onLimit: "land", cadence };
}

/** The median length, at which a dynamic policy starts. */
export function baseOf(runs: readonly RecordedRun[]): number {
  return atShare(runs, 0.5);
}

/** Limits worth looking at, ascending: spread over the lengths of the runs, up to the longest, and those in `also`. */
export function labLimits(runs: readonly RecordedRun[], also: readonly number[]): readonly number[] {
  const shares = Array.from({ length: POINTS }, (_, index) => (index + 1) / POINTS);
  const limits = new Set([...shares.map((share) => atShare(runs, share)), ...also].map((limit) => Math.max(LEAST, limit)));
  return [...limits].sort((a, b) => a - b);
}

/** Share of the runs that are no longer than the limit. */
export function shareWithin(runs: readonly RecordedRun[], limit: number): number {
  return runs.filter((run) => run.turns.length <= limit).length / Math.max(1, runs.length);
}

function atShare(runs: readonly RecordedRun[], share: number): number {
  return turnsAtShare(
    runs.map((run) => run.turns.length),
    share,
  );
}
