import * as v from "valibot";
import type { Charge } from "../core/agentEvent";
import { messageOf } from "../core/errors";
import type { Settlement } from "../core/ports";
import { costOf } from "../core/pricing";
import { NO_USAGE } from "../core/usage";
import type { Sqlite } from "./sqlite";
import { appendEvent, findRun } from "./sqliteAppend";
import { settleRow } from "./sqliteBooks";
import type { SqliteOwners } from "./sqliteOwners";
import { priceOf, provenanceOf, ReservationRow, readable, Text, usageOf } from "./sqliteRows";
import { type Say, type StoreFault, sqliteFault } from "./storeErrors";
import { PROCESS_GONE } from "./storeFold";
import type { OwnerSign } from "./storeOwner";

/**
 * Cleans up after processes that died: their open reservations are settled at the worst case with the cost marked
 * unknown, and their unfinished runs end as interrupted, with the charges that had been settled but not yet recorded as
 * events. Everything is dated by the owner's last sign of life. Owners that live, or may live, are left alone, and so is
 * what cannot be read. Returns the number of owners cleaned up after. To be called in the queue, outside a transaction.
 * A store that cannot be written just now keeps everything reserved, and the next call tries again.
 */
export function recoverOrphans(db: Sqlite, owners: SqliteOwners): number {
  let recovered = 0;
  try {
    for (const owner of owners.dead()) recovered += recoverFrom(db, owner, owners.say) > 0 ? 1 : 0;
  } catch (error) {
    if (!CAN_WAIT.includes(sqliteFault(error))) throw error;
  }
  return recovered;
}

const CAN_WAIT: readonly (StoreFault | null)[] = ["busy", "full", "readOnly"];

/** Each in a transaction of its own: one that fails is no obstacle to the others. Returns how many there were. */
function recoverFrom(db: Sqlite, owner: OwnerSign, say: Say): number {
  const at = Math.round(owner.closedAt ?? owner.heartbeatAt);
  const open = db.all("SELECT id FROM reservations WHERE owner = ? AND state = 'open'", owner.instance);
  const runs = db.all("SELECT run_id FROM runs WHERE owner = ? AND outcome_kind IS NULL", owner.instance);
  const works = [
    ...readable(open, (row) => v.parse(Id, row), say).map(
      ({ id }) =>
        () =>
          orphan(db, id, at),
    ),
    ...readable(runs, (row) => v.parse(RunId, row), say).map((row) => () => interrupt(db, row.run_id, owner, at)),
  ];
  return works.filter((work) => succeeds(db, work, say)).length;
}

function succeeds(db: Sqlite, work: () => void, say: Say): boolean {
  try {
    db.transaction(work);
    return true;
  } catch (error) {
    if (sqliteFault(error) !== null) throw error;
    say(`what a dead process left could not be cleaned up: ${messageOf(error)}`);
    return false;
  }
}

const Id = v.object({ id: Text });
const RunId = v.object({ run_id: Text });

/** Another window may have cleaned up between the look and the lock: then there is nothing left to do. */
function orphan(db: Sqlite, id: string, at: number): void {
  const found = db.get("SELECT * FROM reservations WHERE id = ? AND state = 'open'", id);
  if (found === undefined) return;
  const row = v.parse(ReservationRow, found);
  const settlement: Settlement = { usage: NO_USAGE, usd: null, tokens: row.worst_tokens, provenance: "unknown", price: null };
  settleRow(db, row, settlement, Math.max(at, row.opened_at), "orphaned");
}

const Last = v.object({ seq: v.number(), at: v.number() });

function interrupt(db: Sqlite, runId: string, owner: OwnerSign, lastSign: number): void {
  const run = findRun(db, runId);
  if (!run || run.run.summary.outcome !== null || run.owner !== owner.instance) return;
  const last = v.parse(Last, db.get("SELECT max(seq) AS seq, max(at) AS at FROM events WHERE run = ?", run.key));
  const at = Math.max(last.at, lastSign);
  let seq = last.seq;
  for (const row of unrecorded(db, runId, run.key)) {
    const { turn, attempt, purpose } = row;
    const ms = row.state === "settled" ? Math.max(0, (row.closed_at ?? row.opened_at) - row.opened_at) : 0;
    appendEvent(db, null, runId, {
      ...{ seq: ++seq, at, kind: "charged", turn, attempt, purpose, ms },
      charge: chargeOf(row),
      overrun: null,
      ...(row.state === "orphaned" ? { held: { usd: row.worst_usd, tokens: row.worst_tokens } } : {}),
    });
  }
  appendEvent(db, null, runId, { seq: ++seq, at, kind: "ended", outcome: { kind: "interrupted", reason: PROCESS_GONE } });
}

/** Charged reservations of a run that no event tells of: the process died between the books and the record. */
function unrecorded(db: Sqlite, runId: string, key: number): readonly ReservationRow[] {
  const rows = db.all(
    `SELECT * FROM reservations AS r WHERE run_id = ? AND state IN ('settled', 'orphaned') AND NOT EXISTS (
       SELECT 1 FROM events WHERE run = ? AND kind = 'charged'
         AND json_extract(body, '$.turn') = r.turn AND json_extract(body, '$.attempt') = r.attempt)
     ORDER BY opened_at, turn, attempt`,
    ...[runId, key],
  );
  return rows.map((row) => v.parse(ReservationRow, row));
}

function chargeOf(row: ReservationRow): Charge {
  const usage = usageOf(row);
  const price = priceOf(row.price);
  return { usage, usd: row.usd, provenance: provenanceOf(row.provenance), price, computedUsd: price && costOf(usage, price) };
}
