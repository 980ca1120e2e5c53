import type { RunStore, RunSummary, SpendRow } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import { toDollars } from "../core/money";
import { knownUsd } from "../core/runState";
import { figureText, sumFigure } from "../present/figures";
import { firstLine } from "../present/words";
import type { HistoryArgs } from "./args";
import { usageFields } from "./jsonLines";
import { printable } from "./printable";

const MOST_RUNS = 10_000;
const TASK_CHARS = 60;

type Cell = string | number | boolean | null;
type Row = { readonly [column: string]: Cell };

const SPEND_COLUMNS = "usd,freshInput,cacheRead,cacheWrite,output,reasoning,estimatedCharges,unknownCharges,demo,source";
const RUN_COLUMNS = `run,started,ended,project,model,policy,outcome,reason,turns,limit,${SPEND_COLUMNS},task`;
const GROUP_COLUMNS = `group,runs,done,turns,${SPEND_COLUMNS}`;

/** Prints past runs, or the spend by day, model, project or policy; each row is of one source: our own, or another agent's. */
export async function historyCommand(args: HistoryArgs, store: RunStore, write: (line: string) => void): Promise<number> {
  const lines = args.group
    ? print(await store.spend(args.group), args.format, GROUP_COLUMNS, groupFields, groupText)
    : print(await store.runs({ limit: MOST_RUNS }), args.format, RUN_COLUMNS, runFields, runText);
  for (const line of lines) write(line);
  return 0;
}

/** `columns`: the names of the fields in their order, for a table that may have no rows. */
function print<T>(
  items: readonly T[],
  format: HistoryArgs["format"],
  columns: string,
  fields: (item: T) => Row,
  text: (item: T) => Row,
): readonly string[] {
  switch (format) {
    case "json":
      return items.map((item) => JSON.stringify(fields(item)));
    case "csv":
      return [columns, ...items.map((item) => Object.values(fields(item)).map(csvCell).join(","))];
    case "text":
      return items.length === 0 ? ["no runs yet"] : table(items.map(text)).map(printable);
  }
}

function runFields(run: RunSummary): Row {
  return {
    run: run.runId,
    started: run.dated ? new Date(run.startedAt).toISOString() : null,
    ended: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
    project: run.project.name,
    model: run.model,
    policy: run.source === OWN_SOURCE ? run.policy : null,
    outcome: run.outcome?.kind ?? "running",
    reason: run.outcome?.reason ?? null,
    turns: run.turns,
    limit: run.limit,
    ...spendFields(run),
    task: run.task,
  };
}

function groupFields(row: SpendRow): Row {
  return { group: row.group, runs: row.runs, done: row.done, turns: row.turns, ...spendFields(row) };
}

/** Dollars are their known part, with the charges of unknown cost counted beside. */
function spendFields(of: RunSummary | SpendRow): Row {
  const known = knownUsd(of);
  return {
    usd: known === null ? null : toDollars(known),
    ...usageFields(of.usage),
    estimatedCharges: of.estimatedCharges,
    unknownCharges: of.unknownCharges,
    demo: of.demo,
    source: of.source,
  };
}

function runText(run: RunSummary): Row {
  return {
    started: run.dated ? new Date(run.startedAt).toISOString().slice(0, 16).replace("T", " ") : "undated",
    source: run.source,
    project: run.project.name,
    model: run.model,
    policy: run.source === OWN_SOURCE ? run.policy : "-",
    outcome: run.outcome?.kind ?? "running",
    turns: run.limit === null ? run.turns : `${run.turns}/${run.limit}`,
    cost: costText(run),
    task: firstLine(run.task, TASK_CHARS),
  };
}

function groupText(row: SpendRow): Row {
  const { source, runs, done, turns } = row;
  return { group: row.group || "undated", source, runs, done, turns, cost: costText(row) };
}

function costText(of: RunSummary | SpendRow): string {
  const { usd, estimatedCharges, unknownCharges, turns, demo } = of;
  return `${figureText(sumFigure({ usd, estimatedCharges, unknownCharges, charges: turns }, demo))}${demo ? " demo" : ""}`;
}

/** Quoted where needed; a text that a spreadsheet would take for a formula gets a quote mark in front. */
function csvCell(cell: Cell): string {
  if (cell === null) return "";
  const text = typeof cell === "string" && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table(rows: readonly Row[]): string[] {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row).map(String))];
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
