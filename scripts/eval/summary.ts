import { clusterInterval, type Interval } from "./bootstrap";
import { counts, type End, keyOf, type TryRecord } from "./record";

/** A figure with its interval; `null` where one task alone gives none. */
export interface Estimate {
  readonly value: number;
  readonly interval: Interval | null;
}

/** What came of a policy, over the tries that count. */
export interface PolicySummary {
  readonly policy: string;
  /** What the command line was told, more than one way only if limits changed on the way. */
  readonly policyArgs: readonly string[];
  readonly tries: number;
  readonly tasks: number;
  readonly solved: number;
  /** Share of tries. */
  readonly solveRate: Estimate;
  /** Tries that changed no file. */
  readonly emptyPatches: number;
  readonly ends: { readonly [end in End]?: number };
  readonly turns: Estimate;
  /** Dollars; `null` = the cost of some try is not known in full. */
  readonly usd: number | null;
  readonly usdPerTry: Estimate | null;
  /** Infinite where none is solved. */
  readonly usdPerSolved: Estimate | null;
  /** Tries whose charges were estimated in part. */
  readonly estimated: number;
  /** Against the unrestricted arm, on the tasks both have; `null` = there is no such arm, or no such task. */
  readonly against: {
    readonly tasks: number;
    /** Share of its cost saved; `null` = a cost is not known. */
    readonly saving: Estimate | null;
    /** Difference of the solve rates. */
    readonly solveRate: Estimate;
  } | null;
}

/** Tries that are in no row, with the money that was billed for them all the same. */
export interface LeftOut {
  readonly ends: { readonly [end in End]?: number };
  /** Dollars known; `null` = some of it is not. */
  readonly usd: number | null;
}

export interface Summary {
  readonly policies: readonly PolicySummary[];
  readonly leftOut: LeftOut;
  /** Of all tries, those that do not count included; `null` = some of it is not known. */
  readonly usd: number | null;
}

export const BASELINE = "unrestricted";

/** Figures of all policies, in the order given; a try that is there twice is taken once, as it stands last. */
export function summarise(records: readonly TryRecord[], policies: readonly string[], seed: number): Summary {
  const last = [...new Map(records.filter(counts).map((record) => [keyOf(record), record])).values()];
  const arms = policies.map((policy) => ({ policy, tries: last.filter((one) => one.policy === policy) }));
  const baseline = arms.find(({ policy }) => policy === BASELINE)?.tries ?? [];
  const leftOut = records.filter((record) => !last.includes(record));
  return {
    policies: arms
      .filter(({ tries }) => tries.length > 0)
      .map(({ policy, tries }) => summariseArm(policy, tries, policy === BASELINE ? [] : baseline, seed)),
    leftOut: { ends: endsOf(leftOut), usd: total(leftOut) },
    usd: total(records),
  };
}

function summariseArm(policy: string, tries: readonly TryRecord[], baseline: readonly TryRecord[], seed: number): PolicySummary {
  const tasks = byTask(tries);
  const estimate = (statistic: (sample: readonly TryRecord[]) => number): Estimate => ({
    value: statistic(tries),
    interval: clusterInterval(tasks, (sample) => statistic(sample.flat()), seed),
  });
  const usd = total(tries);
  return {
    policy,
    policyArgs: [...new Set(tries.map((one) => one.policyArgs.join(" ")))],
    tries: tries.length,
    tasks: tasks.length,
    solved: solvedOf(tries),
    solveRate: estimate(solveRate),
    emptyPatches: tries.filter((one) => one.changedFiles === 0).length,
    ends: endsOf(tries),
    turns: estimate((sample) => mean(sample.map((one) => one.turns ?? 0))),
    usd,
    usdPerTry: usd === null ? null : estimate((sample) => costOf(sample) / sample.length),
    usdPerSolved: usd === null ? null : estimate((sample) => costOf(sample) / solvedOf(sample)),
    estimated: tries.filter((one) => (one.estimatedCharges ?? 0) > 0).length,
    against: baseline.length === 0 ? null : compare(tries, baseline, seed),
  };
}

interface Pair {
  readonly ours: readonly TryRecord[];
  readonly theirs: readonly TryRecord[];
}

/** Task by task, so that a task which only one of them has tried weighs on neither side. */
function compare(tries: readonly TryRecord[], baseline: readonly TryRecord[], seed: number): PolicySummary["against"] {
  const theirs = new Map(byTask(baseline).map((group) => [group[0]?.task, group]));
  const pairs = byTask(tries).flatMap((ours): Pair[] => {
    const same = theirs.get(ours[0]?.task);
    return same ? [{ ours, theirs: same }] : [];
  });
  if (pairs.length === 0) return null;
  const estimate = (statistic: (sample: readonly Pair[]) => number): Estimate => ({
    value: statistic(pairs),
    interval: clusterInterval(pairs, statistic, seed),
  });
  const usdKnown = pairs.every((pair) => total(pair.ours) !== null && total(pair.theirs) !== null);
  const cost = (side: keyof Pair) => (pair: Pair) => costOf(pair[side]) / pair[side].length;
  return {
    tasks: pairs.length,
    saving: usdKnown ? estimate((sample) => 1 - sum(sample.map(cost("ours"))) / sum(sample.map(cost("theirs")))) : null,
    solveRate: estimate((sample) => mean(sample.map((pair) => solveRate(pair.ours) - solveRate(pair.theirs)))),
  };
}

function byTask(tries: readonly TryRecord[]): readonly (readonly TryRecord[])[] {
  const groups = new Map<string, TryRecord[]>();
  for (const one of tries) groups.set(one.task, [...(groups.get(one.task) ?? []), one]);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function endsOf(tries: readonly TryRecord[]): { readonly [end in End]?: number } {
  const ends: { [end in End]?: number } = {};
  for (const { end } of tries) ends[end] = (ends[end] ?? 0) + 1;
  return ends;
}

/** Dollars of all; `null` when one of them is not known. */
function total(tries: readonly TryRecord[]): number | null {
  return tries.every((one) => one.usd !== null) ? costOf(tries) : null;
}

/** In whole nano-dollars, so that sums come out as they were billed. */
function costOf(tries: readonly TryRecord[]): number {
  return sum(tries.map((one) => Math.round((one.usd ?? 0) * 1e9))) / 1e9;
}

function solvedOf(tries: readonly TryRecord[]): number {
  return tries.filter((one) => one.solved === true).length;
}

function solveRate(tries: readonly TryRecord[]): number {
  return solvedOf(tries) / tries.length;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function mean(numbers: readonly number[]): number {
  return sum(numbers) / numbers.length;
}
