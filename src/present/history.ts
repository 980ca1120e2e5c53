import type { Outcome } from "../core/agentEvent";
import type { RunSummary, SpendRow } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import { addUsd, nano, ZERO_USD } from "../core/money";
import type { RunState } from "../core/runState";
import { addUsage, inputTokens, NO_USAGE } from "../core/usage";
import type { HistoryModel, HistoryRow, LabModel, RunList } from "../protocol/history";
import type { Figure } from "../protocol/sidebar";
import { type Sum, sumFigure } from "./figures";
import { formatCap, formatCount, formatDay, formatMoment, formatNumber, formatShare, formatTime } from "./format";
import { sourceName } from "./imports";
import { runModel } from "./sidebar";
import { outcomeLevel } from "./status";
import { outcomeKind, outcomeShort, titleOf } from "./words";

/** What the page shows, as it was looked up. */
export type HistoryInput =
  | {
      readonly kind: "list";
      /** Newest first; of very many, the newest. */
      readonly runs: readonly RunSummary[];
      /** Spend of all runs, by any one group; the figures at the head. */
      readonly spend: readonly SpendRow[];
    }
  | { readonly kind: "run"; readonly state: RunState; readonly elsewhere: boolean }
  | { readonly kind: "whatIf"; readonly model: LabModel };

/** `degraded` and `trouble`: what is wrong with the store, and with looking things up, in words; `null` when all is well. */
export function historyModel(
  input: HistoryInput,
  now: number,
  degraded: string | null,
  trouble: string | null = null,
): HistoryModel {
  return { shown: shownOf(input, now), degraded, trouble };
}

function shownOf(input: HistoryInput, now: number): HistoryModel["shown"] {
  switch (input.kind) {
    case "list":
      return listOf(input.runs, input.spend, now);
    case "whatIf":
      return input.model;
    case "run":
      return { kind: "run", run: runModel(input.state, now, { elsewhere: input.elsewhere }) };
  }
}

function listOf(runs: readonly RunSummary[], spend: readonly SpendRow[], now: number): RunList {
  const all = spend.reduce((sum, row) => sum + row.runs, 0);
  const cut = all > runs.length ? `newest ${formatNumber(runs.length)} of ${formatNumber(all)}` : null;
  // Nobody knows between which of the others those without a date belong.
  const rows = [...runs.filter(({ dated }) => dated), ...runs.filter(({ dated }) => !dated)];
  return { kind: "list", rows: rows.map((run) => historyRow(run, now)), summary: summaryOf(spend), cut };
}

function historyRow(run: RunSummary, now: number): HistoryRow {
  const { caps, startedAt, dated, limit } = run;
  return {
    runId: run.runId,
    task: titleOf(run.task),
    project: run.project.name,
    source: run.source === OWN_SOURCE ? "" : sourceName(run.source),
    outcome: outcomeOf(run.outcome),
    turns: limit === null ? formatNumber(run.turns) : `${formatNumber(run.turns)} / ${formatNumber(limit)}`,
    model: run.model,
    cost: sumFigure(sumOf(run), run.demo, "turn"),
    cap: caps.usd === null ? "" : `of ${formatCap(caps.usd)}`,
    share: caps.usd === null || caps.usd === 0 ? null : Math.min(1, run.usd / caps.usd),
    day: dated ? formatDay(startedAt, now) : "Undated",
    when: dated ? formatTime(startedAt) : "",
    whenTitle: dated ? formatMoment(startedAt) : `The record does not say when; imported ${formatMoment(startedAt)}`,
  };
}

/** A summary does not say how many calls there were, only how many of them are not sure: a turn is at least one. */
function sumOf({ usd, turns, estimatedCharges, unknownCharges }: RunSummary | SpendRow): Sum {
  return { usd, charges: Math.max(turns, estimatedCharges + unknownCharges), estimatedCharges, unknownCharges };
}

function outcomeOf(outcome: Outcome | null): HistoryRow["outcome"] {
  if (outcome === null) return { kind: "running", level: "ok", text: "running" };
  return { kind: outcomeKind(outcome), level: outcomeLevel(outcome), text: outcomeShort(outcome) };
}

/**
 * Spend, runs and how many finished, the cost of those, and how much of the input came cheap. Imported runs and demo
 * money are apart.
 */
function summaryOf(spend: readonly SpendRow[]): RunList["summary"] {
  const own = spend.filter((row) => row.source === OWN_SOURCE);
  const real = total(own.filter((row) => !row.demo));
  const imported = total(spend.filter((row) => row.source !== OWN_SOURCE));
  const demo = total(own.filter((row) => row.demo));
  const figures: { value: Figure; label: string }[] = [];
  if (real.runs > 0) {
    const finished = real.done / real.runs;
    const input = inputTokens(real.usage);
    figures.push({ value: sumFigure(sumOf(real), false, "turn"), label: "spent in all" });
    figures.push({
      value: plain(formatNumber(real.runs)),
      label: `${real.runs === 1 ? "run" : "runs"} · ${formatShare(finished)} finished`,
    });
    if (real.done > 0) {
      figures.push({ value: perFinished(real), label: "per finished run" });
    }
    if (input > 0) figures.push({ value: plain(formatShare(real.usage.cacheRead / input)), label: "of input from cache" });
  }
  if (imported.runs > 0)
    figures.push({ value: sumFigure(sumOf(imported), false, "turn"), label: `imported, ${formatCount(imported.runs, "run")}` });
  if (demo.runs > 0)
    figures.push({ value: sumFigure(sumOf(demo), true, "turn"), label: `play money, ${formatCount(demo.runs, "run")}` });
  return figures;
}

/** As sure as the sum it is a share of, and no surer. */
function perFinished(real: SpendRow): Figure {
  const figure = sumFigure({ ...sumOf(real), usd: nano(Math.round(real.usd / real.done)) }, false, "turn");
  return { ...figure, title: `everything spent, on unfinished runs too, over the runs that finished; ${figure.title}` };
}

function plain(text: string, title = ""): Figure {
  return { text, mark: "", title };
}

function total(rows: readonly SpendRow[]): SpendRow {
  let sum: SpendRow = {
    ...{ group: "", source: "", demo: false, runs: 0, done: 0, turns: 0 },
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
