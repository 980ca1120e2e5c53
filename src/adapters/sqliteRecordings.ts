import * as v from "valibot";
import type { RecordingQuery } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import { modelKey } from "../core/modelName";
import { strongest } from "../core/recordedAction";
import type { PastLength, RecordedRun, RecordedTurn, TurnAction } from "../core/recordedRun";
import { ACTION_WORDS } from "../core/recordedRun";
import { actionOfCall } from "../core/recordOf";
import type { Sqlite } from "./sqlite";
import { KNOWN } from "./sqliteImport";
import { Flag, NanoOrNull, readable, Text, Whole, WholeOrNull } from "./sqliteRows";
import type { Say } from "./storeErrors";
import { hasEnded, MAX_LENGTHS } from "./storeFold";

/** What is read of past runs to calibrate, forecast and replay with. Play money, runs that go on and pieces of others are left out. */

const PAST = "NOT demo AND NOT piece AND outcome_kind IS NOT NULL AND turns > 0";

const LengthRow = v.object({
  turns: Whole,
  model: Text,
  project_path: Text,
  source: Text,
  outcome_kind: Text,
  outcome_reason: v.nullable(Text),
});

export function lengthsOf(db: Sqlite, model: string, projectPath: string | null, say: Say): readonly PastLength[] {
  const names = namesOf(db, [model]);
  const rows = db.all(
    `SELECT turns, model, project_path, source, outcome_kind, outcome_reason FROM runs
     WHERE ${PAST} AND model IN (SELECT value FROM json_each(?)) ORDER BY source <> '${OWN_SOURCE}', started_at DESC, id DESC LIMIT ${MAX_LENGTHS}`,
    names,
  );
  return readable(rows, (row) => v.parse(LengthRow, row), say).map((row) => ({
    turns: row.turns,
    ended: hasEnded(row.outcome_kind, row.outcome_reason ?? ""),
    model: row.model,
    here: projectPath !== null && row.project_path === projectPath,
    imported: row.source !== OWN_SOURCE,
  }));
}

/** The names by which the store knows these models, as JSON. */
function namesOf(db: Sqlite, models: readonly string[]): string {
  const keys = new Set(models.map(modelKey));
  const stored = db.all("SELECT DISTINCT model FROM runs").map((row) => v.parse(Model, row).model);
  return JSON.stringify(stored.filter((name) => keys.has(modelKey(name))));
}

const Model = v.object({ model: Text });

const RunRow = v.object({
  id: v.number(),
  run_id: Text,
  source: Text,
  task: Text,
  model: Text,
  project_path: Text,
  outcome_kind: Text,
  outcome_reason: v.nullable(Text),
  resolved: v.nullable(Flag),
  last_edit_turn: WholeOrNull,
  started_at: v.number(),
  dated: Flag,
});

const WANTED = `WITH asked (models, project, sources, most) AS (VALUES (?, ?, ?, ?)), wanted AS MATERIALIZED (
  SELECT id FROM runs, asked WHERE ${PAST}
    AND (asked.models IS NULL OR model IN (SELECT value FROM json_each(asked.models)))
    AND (asked.project IS NULL OR project_path = asked.project)
    AND (asked.sources IS NULL OR source IN (SELECT value FROM json_each(asked.sources)))
  ORDER BY started_at DESC, id DESC LIMIT (SELECT most FROM asked))`;

/** Three readings of the indexed tables, however many runs there are. */
export function recordingsOf(db: Sqlite, query: RecordingQuery, say: Say): readonly RecordedRun[] {
  const { models, projectPath = null, sources, limit } = query;
  const values = [models ? namesOf(db, models) : null, projectPath, sources ? JSON.stringify(sources) : null, limit];
  const runs = db.all(`${WANTED} SELECT runs.* FROM runs JOIN wanted USING (id) ORDER BY started_at DESC, id DESC`, ...values);
  const turns = db.all(`${WANTED} ${TURNS} JOIN wanted ON wanted.id = turns.run ORDER BY run, turn`, ...values);
  const calls = db.all(`${WANTED} ${CALLS} JOIN wanted ON wanted.id = tool_calls.run ORDER BY run, seq`, ...values);
  const turnsOf = grouped(readable(turns, readTurn, say), ({ run }) => run);
  const callsOf = grouped(readable(calls, readCall, say), ({ run }) => run);
  return readable(runs, (row) => v.parse(RunRow, row), say).map((run) =>
    recording(run, turnsOf.get(run.id) ?? [], callsOf.get(run.id) ?? []),
  );
}

const TURNS = `SELECT run, turn, charges, unknown_charges, usd, action, failed, result_tokens, failures, known,
  fresh_input + cache_read + cache_write_5m + cache_write_1h AS input, cache_read, output FROM turns`;
const CALLS = "SELECT run, turn, tool, ok, result_tokens, files_changed, check_passed, check_failures FROM tool_calls";

function recording(run: v.InferOutput<typeof RunRow>, turns: readonly TurnRow[], calls: readonly CallRow[]): RecordedRun {
  const own = run.source === OWN_SOURCE;
  const byTurn = grouped(calls, ({ turn }) => turn);
  const lastChange = calls.reduce((last, call) => (call.files_changed > 0 ? Math.max(last, call.turn) : last), 0);
  return {
    ...{ id: run.run_id, source: run.source, model: run.model, task: run.task, project: run.project_path || null },
    ...{ resolved: run.resolved, ended: hasEnded(run.outcome_kind, run.outcome_reason ?? "") },
    lastEditTurn: own ? lastChange || null : run.last_edit_turn,
    startedAt: run.dated ? run.started_at : null,
    turns: turns.map((turn) =>
      turn.known === null ? ownTurn(turn, byTurn.get(turn.turn) ?? []) : importedTurn(turn, turn.known),
    ),
  };
}

function importedTurn(turn: TurnRow, known: number): RecordedTurn {
  return {
    input: known & KNOWN.input ? turn.input : null,
    cacheRead: known & KNOWN.cacheRead ? turn.cache_read : null,
    output: known & KNOWN.output ? turn.output : null,
    usd: known & KNOWN.usd ? turn.usd : null,
    action: turn.action ?? "other",
    failed: turn.failed === 1,
    result: turn.result_tokens,
    failures: turn.failures,
  };
}

/** As `recordedTurn` of the core makes it of a run that goes on. */
function ownTurn(turn: TurnRow, calls: readonly CallRow[]): RecordedTurn {
  const isKnown = turn.charges > turn.unknown_charges;
  const check = calls.findLast((call) => call.check_passed !== null);
  return {
    input: isKnown ? turn.input : null,
    cacheRead: isKnown ? turn.cache_read : null,
    output: isKnown ? turn.output : null,
    usd: turn.usd,
    action: strongest(calls.map((call) => actionOfCall(call.tool, call.files_changed > 0, call.check_passed !== null))),
    failed: calls.some((call) => call.ok === 0),
    result: calls.reduce<number | null>(
      (sum, { result_tokens: tokens }) => (sum === null || tokens === null ? null : sum + tokens),
      0,
    ),
    failures: check ? (check.check_passed === 1 ? 0 : check.check_failures) : null,
  };
}

const Turn = v.object({
  run: v.number(),
  turn: v.number(),
  charges: v.number(),
  unknown_charges: v.number(),
  usd: NanoOrNull,
  action: v.nullable(v.picklist(ACTION_WORDS)),
  failed: v.nullable(v.number()),
  result_tokens: WholeOrNull,
  failures: WholeOrNull,
  known: v.nullable(v.number()),
  input: v.number(),
  cache_read: v.number(),
  output: v.number(),
});
type TurnRow = v.InferOutput<typeof Turn> & { readonly action: TurnAction | null };

const Call = v.object({
  run: v.number(),
  turn: v.number(),
  tool: Text,
  ok: v.number(),
  result_tokens: WholeOrNull,
  files_changed: v.number(),
  check_passed: v.nullable(v.number()),
  check_failures: WholeOrNull,
});
type CallRow = v.InferOutput<typeof Call>;

const readTurn = (row: unknown): TurnRow => v.parse(Turn, row);
const readCall = (row: unknown): CallRow => v.parse(Call, row);

function grouped<T>(rows: readonly T[], keyOf: (row: T) => number): ReadonlyMap<number, readonly T[]> {
  const groups = new Map<number, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
