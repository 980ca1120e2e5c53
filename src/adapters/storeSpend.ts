import type { HistoryGroup, RunSummary, SpendRow } from "../core/history";
import { addUsd, ZERO_USD } from "../core/money";
import { addUsage, NO_USAGE } from "../core/usage";
import { type FoldedTurn, localDay } from "./storeFold";

export interface SpentRun {
  readonly summary: RunSummary;
  readonly turns: Iterable<FoldedTurn>;
}

/** `RunStore.spend` where no database does the sums; the rules are those of `SqliteRuns.spend`. */
export function spendOf(runs: Iterable<SpentRun>, group: HistoryGroup): readonly SpendRow[] {
  const rows = new Map<string, SpendRow>();
  const add = (part: SpendRow) => {
    const key = JSON.stringify([part.group, part.source, part.demo]);
    const sum = rows.get(key);
    rows.set(key, sum ? total(sum, part) : part);
  };
  for (const { summary, turns } of runs) {
    const { demo, source } = summary;
    const run = { ...NOTHING, source, demo, runs: 1, done: summary.outcome?.kind === "done" ? 1 : 0 };
    if (group === "day") {
      add({ ...run, group: localDay(summary.startedAt) });
      for (const turn of turns) add({ ...NOTHING, ...spent(turn), source, demo, turns: 1, group: localDay(turn.at) });
    } else {
      add({ ...run, ...spent(summary), turns: summary.turns, group: labelOf(summary, group) });
    }
  }
  return [...rows.values()].sort(group === "day" ? newestFirst : dearestFirst);
}

function labelOf(summary: RunSummary, group: Exclude<HistoryGroup, "day">): string {
  switch (group) {
    case "model":
      return summary.model;
    case "project":
      return summary.project.path;
    case "policy":
      return summary.policy;
  }
}

const NOTHING = { runs: 0, done: 0, turns: 0, usd: ZERO_USD, estimatedCharges: 0, unknownCharges: 0, usage: NO_USAGE };

function spent({
  usd,
  estimatedCharges,
  unknownCharges,
  usage,
}: Pick<FoldedTurn, "usd" | "estimatedCharges" | "unknownCharges" | "usage">) {
  return { usd: usd ?? ZERO_USD, estimatedCharges, unknownCharges, usage };
}

function total(a: SpendRow, b: SpendRow): SpendRow {
  return {
    ...{ group: a.group, source: a.source, demo: a.demo, runs: a.runs + b.runs, done: a.done + b.done, turns: a.turns + b.turns },
    usd: addUsd(a.usd, b.usd),
    estimatedCharges: a.estimatedCharges + b.estimatedCharges,
    unknownCharges: a.unknownCharges + b.unknownCharges,
    usage: addUsage(a.usage, b.usage),
  };
}

function newestFirst(a: SpendRow, b: SpendRow): number {
  return compare(b.group, a.group) || compare(a.demo, b.demo);
}

function dearestFirst(a: SpendRow, b: SpendRow): number {
  return b.usd - a.usd || b.turns - a.turns || compare(a.group, b.group) || compare(a.demo, b.demo);
}

function compare<T extends string | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
