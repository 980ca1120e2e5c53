import { createHash, hash } from "node:crypto";
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
  const row = insertRun(db, owner, now, run, fingerprint);
  const kept = insertTurns(db, row, now, run);
  if (kept > 0) return known ? "replaced" : "added";
  db.run("DELETE FROM runs WHERE id = ?", row);
  return "unchanged";
}

/** Whether the same is there from another file. Calls with names of their own are told apart one by one instead. */
function isCopy(db: Sqlite, run: ImportedRun, fingerprint: Buffer, self: number | null): boolean {
  if (run.turns.some(({ key }) => key !== null)) return false;
  const same = "SELECT 1 FROM runs WHERE source = ? AND fingerprint = ? AND id IS NOT ?";
  return db.get(same, run.source, fingerprint, self) !== undefined;
}

/** What is in a run, wherever its file lies. */
function fingerprintOf({ sourceId: _, turns, ...run }: ImportedRun): Buffer {
  const sum = createHash("sha256").update(JSON.stringify(run));
  for (const turn of turns) sum.update(JSON.stringify(turn));
  return short(sum.digest());
}

function digest(text: string): Buffer {
  return short(hash("sha256", text, "buffer"));
}

/** Short enough to keep for every call, long enough that no two will ever meet by chance. */
function short(sum: Buffer): Buffer {
  return sum.subarray(0, 16);
}

const RUN = [
  ...["run_id", "owner", "task", "project_name", "project_path", "model", "policy", "policy_kind", "demo"],
  ...["started_at", "day", "dated", "ended_at", "outcome_kind", "outcome_reason", "turns"],
  ...["usd", "estimated_charges", "unknown_charges", "source", "source_id", "fingerprint", "resolved", "piece"],
];
const INSERT_RUN = `INSERT INTO runs (${RUN.join(", ")}) VALUES (${RUN.map(() => "?").join(", ")}) RETURNING id`;
/** Nothing is known of how another agent bounds its turns. */
const NO_POLICY = JSON.stringify({ kind: "unrestricted", cadence: { kind: "off" } });

/** The row of a run, without what its turns make of it. */
function insertRun(db: Sqlite, owner: string, now: number, run: ImportedRun, fingerprint: Buffer): number {
  const { source, sourceId, task, project, model, outcome, resolved, startedAt, endedAt } = run;
  const runId = `${source}-${digest(`${source}\n${sourceId}`).toString("hex")}`;
  const row = db.get(
    INSERT_RUN,
    ...[runId, owner, task, project?.name ?? "", project?.path ?? "", model, NO_POLICY, "unrestricted", 0],
    ...[Math.round(startedAt ?? now), startedAt === null ? "" : localDay(startedAt), startedAt === null ? 0 : 1],
    ...[endedAt === null ? null : Math.round(endedAt), outcome.kind, outcome.reason, 0, 0, 0, 0],
    ...[source, sourceId, fingerprint, resolved === null ? null : Number(resolved), Number(run.isPiece)],
  );
  return v.parse(Id, row).id;
}

const SUM_RUN = `UPDATE runs SET turns = ?, usd = ?, unknown_charges = ?, last_edit_turn = ?,
  ${USAGE_COLUMNS.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`;

/** Writes the turns that no other run has, and their sums to the run's row. Returns how many they are. */
function insertTurns(db: Sqlite, run: number, now: number, { source, turns, startedAt, lastEditTurn }: ImportedRun): number {
  let sum = { turns: 0, usd: ZERO_USD, unknown: 0, lastEdit: 0, usage: NO_USAGE };
  let begun = startedAt;
  for (const [index, turn] of turns.entries()) {
    const key = turn.key === null ? null : digest(`${source}\n${turn.key}`);
    if (key !== null && db.get("SELECT 1 FROM turns WHERE call_key = ?", key) !== undefined) continue;
    const number = sum.turns + 1;
    // A session that begins with a copy of another began itself only after it.
    if (number === 1 && index > 0) begun = turn.at ?? begun;
    insertTurn(db, [run, number], turn, key, { at: turn.at ?? startedAt, now });
    sum = {
      turns: number,
      usd: addUsd(sum.usd, turn.usd ?? ZERO_USD),
      unknown: sum.unknown + unknownCharges(turn),
      // The last edit that is left, if the last of all is in another run.
      lastEdit: lastEditTurn !== null && index < lastEditTurn ? number : sum.lastEdit,
      usage: addUsage(sum.usage, turn.usage),
    };
  }
  if (begun !== null && begun !== startedAt) {
    db.run("UPDATE runs SET started_at = ?, day = ? WHERE id = ?", Math.round(begun), localDay(begun), run);
  }
  db.run(SUM_RUN, sum.turns, sum.usd, sum.unknown, sum.lastEdit || null, ...usageValues(sum.usage), run);
  return sum.turns;
}

const TURN = [
  ...["run", "turn", "at", "day", "purpose", "ms", "charges", "estimated_charges", "unknown_charges", "usd", "provenance"],
  ...["action", "failed", "result_tokens", "failures", "known", "call_key", ...USAGE_COLUMNS],
];
const INSERT_TURN = `INSERT INTO turns (${TURN.join(", ")}) VALUES (${TURN.map(() => "?").join(", ")})`;

function insertTurn(
  db: Sqlite,
  place: readonly [run: number, turn: number],
  turn: ImportedTurn,
  key: Buffer | null,
  { at, now }: { readonly at: number | null; readonly now: number },
): void {
  db.run(
    INSERT_TURN,
    ...[...place, Math.round(at ?? now), at === null ? "" : localDay(at), "turn", 0, turn.provenance === null ? 0 : 1],
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
