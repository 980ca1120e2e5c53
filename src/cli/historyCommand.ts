import type { RunStore, RunSummary, SpendRow } from "../core/history";
import { toDollars } from "../core/money";
import type { HistoryArgs } from "./args";
import { line, usageFields } from "./jsonLines";

const MOST_RUNS = 10_000;

type Cell = string | number | boolean | null;
type Row = { readonly [column: string]: Cell };

/** Prints past runs, or the spend by day, model, project or policy. */
export async function historyCommand(args: HistoryArgs, store: RunStore, write: (line: string) => void): Promise<number> {
  const rows = args.group
    ? (await store.spend(args.group)).map(spendCells)
    : (await store.runs({ limit: MOST_RUNS })).map(runCells);
  switch (args.format) {
    case "json":
      for (const row of rows) write(line(row));
      break;
    case "csv":
      for (const text of csv(rows)) write(text);
      break;
    case "text":
      for (const text of table(rows)) write(text);
      break;
  }
  return 0;
}

function runCells(run: RunSummary): Row {
  return {
    run: run.runId,
    started: new Date(run.startedAt).toISOString(),
    ended: run.endedAt === null ? null : new Date(run.endedAt).toISOString(),
    project: run.project.name,
    model: run.model,
    policy: run.policy,
    outcome: run.outcome?.kind ?? "running",
    reason: run.outcome?.reason ?? null,
    turns: run.turns,
    limit: run.limit,
    ...spendFields(run, run.turns),
    task: run.task,
  };
}

function spendCells(row: SpendRow): Row {
  return { group: row.group, runs: row.runs, done: row.done, turns: row.turns, ...spendFields(row, row.turns) };
}

/** Dollars are `null` when every charge is unknown; else their known part, with the unknown ones counted beside. */
function spendFields(of: RunSummary | SpendRow, turns: number): Row {
  const nothingKnown = of.usd === 0 && of.unknownCharges > 0 && of.unknownCharges >= turns;
  return {
    dollars: nothingKnown ? null : toDollars(of.usd),
    ...usageFields(of.usage),
    estimatedCharges: of.estimatedCharges,
    unknownCharges: of.unknownCharges,
    demo: of.demo,
  };
}

function csv(rows: readonly Row[]): string[] {
  const columns = Object.keys(rows[0] ?? {});
  return rows.length === 0
    ? []
    : [columns.join(","), ...rows.map((row) => columns.map((column) => csvCell(row[column])).join(","))];
}

/** Quoted where needed; a text that a spreadsheet would take for a formula gets a quote mark in front. */
function csvCell(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return "";
  const text = typeof cell === "string" && /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : String(cell);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function table(rows: readonly Row[]): string[] {
  if (rows.length === 0) return ["no runs yet"];
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !["run", "ended", "reason"].includes(column));
  const cells = rows.map((row) =>
    columns.map(
      (column) =>
        String(row[column] ?? "?")
          .split("\n")[0]
          ?.slice(0, 60) ?? "",
    ),
  );
  const widths = columns.map((column, at) => Math.max(column.length, ...cells.map((row) => row[at]?.length ?? 0)));
  return [columns, ...cells].map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
