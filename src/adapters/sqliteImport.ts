import { createHash } from "node:crypto";
import * as v from "valibot";
import type { FileStamp, ImportBatch, ImportCounts, ImportedRun, ImportedTurn, TurnKnowledge } from "../core/imports";
import { addUsd, ZERO_USD } from "../core/money";
import { addUsage, NO_USAGE } from "../core/usage";
import type { Sqlite } from "./sqlite";
import { Text, USAGE_COLUMNS, usageValues } from "./sqliteRows";
import { localDay } from "./storeFold";

/** The bits of `turns.known`. */
export const KNOWN = { input: 1, cacheRead: 2, output: 4, usd: 8 } as const;

/** Keeps one batch of imported runs in the name of `owner`; part of a transaction. `now` dates runs without a date. */
export function importBatch(db: Sqlite, owner: string, now: number, { runs, files }: ImportBatch): ImportCounts {
  const counts = { added: 0, replaced: 0, unchanged: 0 };
  for (const run of runs) counts[importRun(db, owner, now, run)] += 1;
  for (const { path, stamp } of files) db.run("INSERT OR REPLACE INTO imported_files (path, stamp) VALUES (?, ?)", path, stamp);
  return counts;
}

export function importedFiles(db: Sqlite): readonly FileStamp[] {
  return db.all("SELECT path, stamp FROM imported_files").map((row) => v.parse(Stamp, row));
}

const Stamp = v.object({ path: Text, stamp: Text });
const Known = v.object({ id: v.number(), fingerprint: v.nullable(v.instance(Uint8Array)) });
const Id = v.object({ id: v.number() });

function importRun(db: Sqlite, owner: string, now: number, run: ImportedRun): keyof ImportCounts {
  const fingerprint = fingerprintOf(run);
  const found = db.get("SELECT id, fingerprint FROM runs WHERE source = ? AND source_id = ?", run.source, run.sourceId);
  const known = found === undefined ? null : v.parse(Known, found);
  if (known?.fingerprint && fingerprint.equals(known.fingerprint)) return "unchanged";
  if (isCopy(db, run, fingerprint, known?.id ?? null)) return "unchanged";
  // The turns and their keys go with the old row, so that they are free for the new one.
  if (known) db.run("DELETE FROM runs WHERE id = ?", known.id);
  const kept = run.turns.map((turn) => ({ turn, key: turn.key === null ? null : callKey(run.source, turn.key) }));
  const own = kept.filter(({ key }) => key === null || !isTaken(db, key));
  if (own.length === 0 && kept.length > 0) return "unchanged";
  const lastEdit = run.lastEditTurn ?? 0;
  const lastEditTurn = kept.slice(0, lastEdit).filter((each) => own.includes(each)).length;
  const turns = own.map(({ turn }) => turn);
  const row = insertRun(db, owner, now, { ...run, turns, lastEditTurn: lastEditTurn || null }, fingerprint);
  for (const [index, { turn, key }] of own.entries()) insertTurn(db, row, index + 1, turn, key, run.startedAt, now);
  return known ? "replaced" : "added";
}

/** Whether the same is there from another file. Calls with names of their own are told apart one by one instead. */
function isCopy(db: Sqlite, run: ImportedRun, fingerprint: Buffer, self: number | null): boolean {
  if (run.turns.some(({ key }) => key !== null)) return false;
  return (
    db.get("SELECT 1 FROM runs WHERE source = ? AND fingerprint = ? AND id IS NOT ?", run.source, fingerprint, self) !== undefined
  );
}

function isTaken(db: Sqlite, key: Buffer): boolean {
  return db.get("SELECT 1 FROM turns WHERE call_key = ?", key) !== undefined;
}

/** What is in a run, wherever its file lies. */
function fingerprintOf({ sourceId: _, ...content }: ImportedRun): Buffer {
  return digest(JSON.stringify(content));
}

function callKey(source: string, key: string): Buffer {
  return digest(`${source}\n${key}`);
}

/** Short enough to keep for every call, long enough that no two will ever meet by chance. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest().subarray(0, 16);
}

const RUN = [
  ...["run_id", "owner", "task", "project_name", "project_path", "model", "policy", "policy_kind", "demo"],
  ...["started_at", "day", "dated", "ended_at", "outcome_kind", "outcome_reason", "turns"],
  ...["usd", "estimated_charges", "unknown_charges", "source", "source_id", "fingerprint", "resolved", "last_edit_turn"],
  ...USAGE_COLUMNS,
];
const INSERT_RUN = `INSERT INTO runs (${RUN.join(", ")}) VALUES (${RUN.map(() => "?").join(", ")}) RETURNING id`;
/** Nothing is known of how another agent bounds its turns. */
const NO_POLICY = JSON.stringify({ kind: "unrestricted", cadence: { kind: "off" } });

function insertRun(db: Sqlite, owner: string, now: number, run: ImportedRun, fingerprint: Buffer): number {
  const { source, sourceId, task, project, model, outcome, resolved, startedAt, endedAt, turns } = run;
  const usd = turns.reduce((sum, turn) => addUsd(sum, turn.usd ?? ZERO_USD), ZERO_USD);
  const usage = turns.reduce((sum, turn) => addUsage(sum, turn.usage), NO_USAGE);
  const unknown = turns.reduce((sum, turn) => sum + unknownCharges(turn), 0);
  const runId = `${source}-${digest(`${source}\n${sourceId}`).toString("hex")}`;
  const row = db.get(
    INSERT_RUN,
    ...[runId, owner, task, project?.name ?? "", project?.path ?? "", model, NO_POLICY, "unrestricted", 0],
    ...[Math.round(startedAt ?? now), startedAt === null ? "" : localDay(startedAt), startedAt === null ? 0 : 1],
    ...[endedAt === null ? null : Math.round(endedAt), outcome.kind, outcome.reason, turns.length],
    ...[usd, 0, unknown, source, sourceId, fingerprint, resolved === null ? null : Number(resolved), run.lastEditTurn],
    ...usageValues(usage),
  );
  return v.parse(Id, row).id;
}

const TURN = [
  ...["run", "turn", "at", "day", "purpose", "ms", "charges", "estimated_charges", "unknown_charges", "usd", "provenance"],
  ...["action", "failed", "result_tokens", "failures", "known", "call_key", ...USAGE_COLUMNS],
];
const INSERT_TURN = `INSERT INTO turns (${TURN.join(", ")}) VALUES (${TURN.map(() => "?").join(", ")})`;

function insertTurn(
  db: Sqlite,
  run: number,
  number: number,
  turn: ImportedTurn,
  key: Buffer | null,
  startedAt: number | null,
  now: number,
): void {
  const at = turn.at ?? startedAt;
  db.run(
    INSERT_TURN,
    ...[run, number, Math.round(at ?? now), at === null ? "" : localDay(at), "turn", 0, turn.provenance === null ? 0 : 1],
    ...[0, unknownCharges(turn), turn.usd, turn.provenance, turn.action, turn.failed ? 1 : 0, turn.result, turn.failures],
    ...[bitsOf(turn.known), key, ...usageValues(turn.usage)],
  );
}

function unknownCharges({ provenance, usd }: ImportedTurn): number {
  return provenance !== null && usd === null ? 1 : 0;
}

function bitsOf({ input, cacheRead, output, usd }: TurnKnowledge): number {
  return (input ? KNOWN.input : 0) | (cacheRead ? KNOWN.cacheRead : 0) | (output ? KNOWN.output : 0) | (usd ? KNOWN.usd : 0);
}
