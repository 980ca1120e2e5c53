import { existsSync } from "node:fs";
import type { Engine } from "../core/engine";
import type { SpendRow } from "../core/history";
import { AGENTS, type ImportFind, type ImportPlace, OWN_SOURCE } from "../core/imports";
import { toDollars } from "../core/money";
import { knownUsd } from "../core/runState";
import { figureText, sumFigure } from "../present/figures";
import { formatCount } from "../present/format";
import { findText, importSummary, importTroubles, sourceName } from "../present/imports";
import { UsageError } from "./flags";
import type { ImportArgs } from "./importArgs";
import { printable } from "./printable";
import { EXIT } from "./runCommand";

/** Reads histories of other agents into the store, and prints what was found, what came of it, and what is there now. */
export async function importCommand(
  args: ImportArgs,
  engine: Engine,
  write: (line: string) => void,
  interrupted: AbortSignal,
): Promise<number> {
  const found = await engine.findHistories(args.places, interrupted);
  const places = wanted(args, found);
  if (!args.json) for (const place of places) write(`${place.path}: ${findText(place)}`);
  const report = await engine.importHistory({ places, signal: interrupted });
  const spend = (await engine.store.spend("policy")).filter((row) => row.source !== OWN_SOURCE);
  if (args.json) {
    write(JSON.stringify({ found: places, ...report, spend: spend.map(spendFields) }));
  } else {
    write(importSummary(report));
    for (const line of importTroubles(report)) write(printable(line));
    for (const row of spend) write(printable(`in the history now: ${spendText(row)}`));
  }
  return report.cancelled ? EXIT.interrupted : EXIT.done;
}

/** Throws, saying what to do, where there is nothing to read. */
function wanted({ agent, places }: ImportArgs, found: readonly ImportFind[]): readonly (ImportPlace & ImportFind)[] {
  const missing = places?.find(({ path }) => !existsSync(path));
  if (missing) {
    const names = AGENTS.join(", ");
    throw new UsageError(`there is nothing at ${missing.path}; name a folder or file, after one of ${names} if you like`);
  }
  const chosen = found.filter((place) => places !== null || agent === null || place.agent === agent);
  if (chosen.length === 0) {
    const whose = agent === null ? "Claude Code or Codex" : sourceName(agent);
    throw new Error(
      `no history of ${whose} was found where it is usually kept; name its folder: turnpike import ${agent ?? "AGENT"} PATH`,
    );
  }
  return chosen;
}

function spendFields(row: SpendRow) {
  const { source, runs, turns, unknownCharges } = row;
  const known = knownUsd(row);
  return { source, runs, turns, usd: known === null ? null : toDollars(known), unknownCharges };
}

function spendText({ source, runs, turns, usd, estimatedCharges, unknownCharges }: SpendRow): string {
  const cost = figureText(sumFigure({ usd, estimatedCharges, unknownCharges, charges: turns }, false));
  return `${formatCount(runs, "run")} of ${sourceName(source)}, ${formatCount(turns, "turn")}, ${cost}`;
}
