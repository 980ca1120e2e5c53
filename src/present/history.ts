import type { Outcome } from "../core/agentEvent";
import type { RunSummary, SpendRow } from "../core/history";
import { addUsd, nano, ZERO_USD } from "../core/money";
import type { RunState } from "../core/runState";
import { addUsage, inputTokens, NO_USAGE } from "../core/usage";
import type { HistoryModel, HistoryRow } from "../protocol/history";
import type { Figure } from "../protocol/sidebar";
import { type Sum, sumFigure } from "./figures";
import { formatCap, formatCount, formatDay, formatMoment, formatNumber, formatShare, formatTime, formatUsd } from "./format";
import { runModel } from "./sidebar";
import { outcomeShort, titleOf } from "./words";

export interface HistoryInput {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  /** Spend of all runs, by any one group; the figures at the head. */
  readonly spend: readonly SpendRow[];
  readonly opened: RunState | null;
  readonly now: number;
  /** The store's trouble, in words; `null` when all is well. */
  readonly degraded: string | null;
}

export function historyModel({ runs, spend, opened, now, degraded }: HistoryInput): HistoryModel {
  return {
    rows: runs.map((run) => historyRow(run, now)),
    summary: summaryOf(spend),
    opened: opened && runModel(opened, now, ""),
    degraded,
  };
}

function historyRow(run: RunSummary, now: number): HistoryRow {
  const { caps, startedAt, limit } = run;
  return {
    runId: run.runId,
    task: titleOf(run.task),
    project: run.project.name,
    outcome: outcomeOf(run.outcome),
    turns: limit === null ? formatNumber(run.turns) : `${formatNumber(run.turns)} / ${formatNumber(limit)}`,
    model: run.model,
    cost: sumFigure(sumOf(run), run.demo),
    cap: caps.usd === null ? "" : `of ${formatCap(caps.usd)}`,
    share: caps.usd === null || caps.usd === 0 ? null : Math.min(1, run.usd / caps.usd),
    day: formatDay(startedAt, now),
    when: formatTime(startedAt),
    whenTitle: formatMoment(startedAt),
  };
}

/** A summary does not say how many calls there were, only how many of them are not sure: a turn is at least one. */
function sumOf({ usd, turns, estimatedCharges, unknownCharges }: RunSummary | SpendRow): Sum {
  return { usd, charges: Math.max(turns, estimatedCharges + unknownCharges), estimatedCharges, unknownCharges };
}

function outcomeOf(outcome: Outcome | null): HistoryRow["outcome"] {
  return outcome === null ? { kind: "running", text: "running" } : { kind: outcome.kind, text: outcomeShort(outcome) };
}

/** Spend, runs and how many finished, the cost of those, and how much of the input came cheap. Demo money is apart. */
function summaryOf(spend: readonly SpendRow[]): HistoryModel["summary"] {
  const real = total(spend.filter((row) => !row.demo));
  const demo = total(spend.filter((row) => row.demo));
  const figures: { value: Figure; label: string }[] = [];
  if (real.runs > 0) {
    const finished = real.done / real.runs;
    const input = inputTokens(real.usage);
    figures.push({ value: sumFigure(sumOf(real), false), label: "spent in all" });
    figures.push({
      value: plain(formatNumber(real.runs)),
      label: `${real.runs === 1 ? "run" : "runs"} · ${formatShare(finished)} finished`,
    });
    if (real.done > 0) {
      const title = "everything spent, on unfinished runs too, over the runs that finished";
      figures.push({ value: plain(formatUsd(nano(Math.round(real.usd / real.done))), title), label: "per finished run" });
    }
    if (input > 0) figures.push({ value: plain(formatShare(real.usage.cacheRead / input)), label: "of input from cache" });
  }
  if (demo.runs > 0) figures.push({ value: sumFigure(sumOf(demo), true), label: `play money, ${formatCount(demo.runs, "run")}` });
  return figures;
}

function plain(text: string, title = ""): Figure {
  return { text, mark: "", title };
}

function total(rows: readonly SpendRow[]): SpendRow {
  let sum: SpendRow = {
    ...{ group: "", demo: false, runs: 0, done: 0, turns: 0 },
    ...{ usd: ZERO_USD, estimatedCharges: 0, unknownCharges: 0, usage: NO_USAGE },
  };
  for (const row of rows) {
    sum = {
      ...sum,
      runs: sum.runs + row.runs,
      done: sum.done + row.done,
      turns: sum.turns + row.turns,
      usd: addUsd(sum.usd, row.usd),
      estimatedCharges: sum.estimatedCharges + row.estimatedCharges,
      unknownCharges: sum.unknownCharges + row.unknownCharges,
      usage: addUsage(sum.usage, row.usage),
    };
  }
  return sum;
}
