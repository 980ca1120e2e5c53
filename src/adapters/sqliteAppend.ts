import * as v from "valibot";
import type { StampedEvent } from "../core/agentEvent";
import type { RunSummary } from "../core/history";
import type { Sqlite } from "./sqlite";
import { USAGE_COLUMNS, usageValues } from "./sqliteRows";
import { type StoredRun, storedRun, storedTurn } from "./sqliteRunRows";
import { type FoldedRun, type FoldedTurn, foldRun, foldTurn, localDay } from "./storeFold";

/**
 * Writes one event and everything derived from it; part of a transaction. The run then belongs to `owner`, or to whom
 * it belonged before if it is `null`. `before` is the row as it stands, where it is known. Returns the row as it is then.
 * Throws on an event out of place: a second start, something before the start, or a place that is taken.
 */
export function appendEvent(
  db: Sqlite,
  owner: string | null,
  runId: string,
  event: StampedEvent,
  before: StoredRun | null = findRun(db, runId),
): StoredRun {
  const run = foldRun(before?.run ?? null, event);
  if (run.summary.runId !== runId) throw new Error(`run "${runId}" cannot start with the config of "${run.summary.runId}"`);
  const owned = owner ?? before?.owner ?? null;
  const key = before ? before.key : insertRun(db, run, owned);
  if (before && owned !== null && (before.run !== run || before.owner !== owned)) updateRun(db, key, run.summary, owned);
  db.run(
    "INSERT INTO events (run, seq, at, kind, body) VALUES (?, ?, ?, ?, ?)",
    ...[key, event.seq, Math.round(event.at), event.kind, JSON.stringify(event)],
  );
  deriveTurn(db, key, event);
  if (event.kind === "toolEnded") insertToolCall(db, key, event);
  return { key, owner: owned ?? "", run };
}

/** The same for several events of a run, of which there is at least one. */
export function appendEvents(
  db: Sqlite,
  owner: string | null,
  runId: string,
  events: readonly StampedEvent[],
  before?: StoredRun,
): StoredRun {
  let row = before;
  for (const event of events) row = appendEvent(db, owner, runId, event, row);
  if (!row) throw new RangeError("there is no event to write");
  return row;
}

export function findRun(db: Sqlite, runId: string): StoredRun | null {
  const row = db.get("SELECT * FROM runs WHERE run_id = ?", runId);
  return row === undefined ? null : storedRun(row);
}

const CHANGING = [
  ...["owner", "ended_at", "outcome_kind", "outcome_reason", "turns", "turn_limit"],
  ...["cap_turns", "cap_usd", "cap_tokens", "cap_minutes", "usd", "estimated_charges", "unknown_charges"],
  ...USAGE_COLUMNS,
];

function changingValues(summary: RunSummary, owner: string | null) {
  const { outcome, caps, endedAt } = summary;
  return [
    ...[owner, endedAt === null ? null : Math.round(endedAt), outcome?.kind ?? null, outcome?.reason ?? null],
    ...[summary.turns, summary.limit, caps.turns, caps.usd, caps.tokens, caps.minutes],
    ...[summary.usd, summary.estimatedCharges, summary.unknownCharges, ...usageValues(summary.usage)],
  ];
}

const FIXED = [
  ...["run_id", "task", "project_name", "project_path", "model", "policy", "policy_kind", "demo", "started_at", "day"],
];
const INSERT_RUN = `INSERT INTO runs (${[...FIXED, ...CHANGING].join(", ")})
  VALUES (${[...FIXED, ...CHANGING].map(() => "?").join(", ")}) RETURNING id`;
const UPDATE_RUN = `UPDATE runs SET ${CHANGING.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`;
const Key = v.object({ id: v.number() });

function insertRun(db: Sqlite, { summary, policy }: FoldedRun, owner: string | null): number {
  const { runId, task, project, model, demo, startedAt } = summary;
  const row = db.get(
    INSERT_RUN,
    ...[runId, task, project.name, project.path, model, JSON.stringify(policy), policy.kind, demo ? 1 : 0],
    ...[Math.round(startedAt), localDay(startedAt), ...changingValues(summary, owner)],
  );
  return v.parse(Key, row).id;
}

function updateRun(db: Sqlite, key: number, summary: RunSummary, owner: string): void {
  db.run(UPDATE_RUN, ...changingValues(summary, owner), key);
}

function deriveTurn(db: Sqlite, run: number, event: StampedEvent): void {
  if (event.kind !== "turnStarted" && event.kind !== "charged") return;
  const row = db.get("SELECT * FROM turns WHERE run = ? AND turn = ?", run, event.turn);
  const turn = foldTurn(row === undefined ? null : storedTurn(row), event);
  if (turn) saveTurn(db, run, turn);
}

const TURN = [
  ...["run", "turn", "at", "day", "purpose", "ms", "charges", "estimated_charges", "unknown_charges", "usd", "provenance"],
  ...USAGE_COLUMNS,
];
const SAVE_TURN = `INSERT OR REPLACE INTO turns (${TURN.join(", ")}) VALUES (${TURN.map(() => "?").join(", ")})`;

function saveTurn(db: Sqlite, run: number, turn: FoldedTurn): void {
  db.run(
    SAVE_TURN,
    ...[run, turn.turn, Math.round(turn.at), localDay(turn.at), turn.purpose, Math.round(turn.ms), turn.charges],
    ...[turn.estimatedCharges, turn.unknownCharges, turn.usd, turn.provenance, ...usageValues(turn.usage)],
  );
}

function insertToolCall(db: Sqlite, run: number, event: StampedEvent & { readonly kind: "toolEnded" }): void {
  const { changes, check } = event;
  const added = changes.reduce((sum, change) => sum + change.added, 0);
  const removed = changes.reduce((sum, change) => sum + change.removed, 0);
  db.run(
    `INSERT INTO tool_calls (run, seq, turn, call_id, tool, subject, ok, result_tokens, truncated, ms, exit_code,
       files_changed, lines_added, lines_removed, check_passed, check_failures)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[run, event.seq, event.turn, event.callId, event.tool, event.subject, event.ok ? 1 : 0, event.resultTokens],
    ...[event.truncated ? 1 : 0, Math.round(event.ms), event.exitCode, changes.length, added, removed],
    ...[check && (check.passed ? 1 : 0), check?.failures ?? null],
  );
}
