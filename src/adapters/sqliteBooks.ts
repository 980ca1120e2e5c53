import * as v from "valibot";
import type { NanoUsd } from "../core/money";
import type { Books, ReservationRequest, Scope, ScopeBalance, Settlement } from "../core/ports";
import type { Sqlite, StoreQueue } from "./sqlite";
import type { SqliteOwners } from "./sqliteOwners";
import { BalanceRow, ReservationRow, USAGE_COLUMNS, usageValues } from "./sqliteRows";
import {
  checkRequest,
  checkScope,
  checkSettlement,
  countedUsd,
  doubleReservation,
  firstWithoutRoom,
  isUsableRatio,
  noSuchScope,
  notOpen,
} from "./storeRules";

/**
 * The books of all windows and command-line runs of a user. Every reservation is one immediate transaction over all its
 * scopes, so no two processes can take the same money. What cannot be written within the queue's patience is refused
 * with a `StoreError`: no reservation, no request.
 */
export class SqliteBooks implements Books {
  constructor(
    readonly db: Sqlite,
    readonly queue: StoreQueue,
    readonly owners: SqliteOwners,
  ) {}

  /** New caps hold from the next reservation on; what was settled and reserved stays. */
  async openScope(scope: Scope): Promise<void> {
    checkScope(scope);
    await this.queue.run(() =>
      this.db.run(
        `INSERT INTO scopes (id, kind, cap_usd, cap_tokens, settled_usd, settled_tokens) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET cap_usd = excluded.cap_usd, cap_tokens = excluded.cap_tokens,
           settled_usd = max(settled_usd, excluded.settled_usd), settled_tokens = max(settled_tokens, excluded.settled_tokens)`,
        ...[scope.id, scope.kind, scope.capUsd, scope.capTokens, scope.settled?.usd ?? 0, scope.settled?.tokens ?? 0],
      ),
    );
  }

  balances(scopeIds: readonly string[]): Promise<readonly ScopeBalance[]> {
    return this.queue.run(() => scopeIds.map((id) => this.#balance(id)));
  }

  async reserve(request: ReservationRequest): ReturnType<Books["reserve"]> {
    const scopes = checkRequest(request);
    const full = await this.queue.run(() => this.db.transaction(() => this.#tryReserve(request, scopes)));
    if (full) return { ok: false, scope: full };
    this.owners.hold(request.id);
    return { ok: true };
  }

  async settle(id: string, settlement: Settlement): Promise<void> {
    checkSettlement(settlement);
    await this.queue.run(() => this.db.transaction(() => settleRow(this.db, openRow(this.db, id), settlement, this.#now())));
    this.owners.drop(id);
  }

  async release(id: string, reason: string): Promise<void> {
    await this.queue.run(() => this.db.transaction(() => releaseRow(this.db, openRow(this.db, id), reason, this.#now())));
    this.owners.drop(id);
  }

  inputFactor(modelId: string): Promise<number | null> {
    return this.queue.run(() => {
      const row = this.db.get("SELECT factor FROM model_factors WHERE model = ?", modelId);
      return row === undefined ? null : v.parse(FactorRow, row).factor;
    });
  }

  /** Keeps the largest ratio seen. One that is not a positive number teaches nothing. */
  async observeInput(modelId: string, ratio: number): Promise<void> {
    if (!isUsableRatio(ratio)) return;
    await this.queue.run(() =>
      this.db.run(
        `INSERT INTO model_factors (model, factor, last, observations, at) VALUES (?, ?, ?, 1, ?)
         ON CONFLICT (model) DO UPDATE SET factor = max(factor, excluded.factor), last = excluded.last,
           observations = observations + 1, at = excluded.at`,
        ...[modelId, ratio, ratio, this.#now()],
      ),
    );
  }

  #now(): number {
    return Math.round(this.queue.clock.now());
  }

  #balance(id: string): ScopeBalance {
    const row = this.db.get(
      `SELECT id, kind, cap_usd AS capUsd, cap_tokens AS capTokens, settled_usd AS settledUsd,
         settled_tokens AS settledTokens, reserved_usd AS reservedUsd, reserved_tokens AS reservedTokens
       FROM scopes WHERE id = ?`,
      id,
    );
    if (row === undefined) throw noSuchScope(id);
    return v.parse(BalanceRow, row);
  }

  /** Returns the scope that has no room, or `null` when the amounts are held in all of them. */
  #tryReserve(request: ReservationRequest, scopes: readonly string[]): ScopeBalance | null {
    const { id, runId, turn, attempt, purpose, worst, maxOutput, inputUpper } = request;
    if (this.db.get("SELECT 1 FROM reservations WHERE id = ?", id)) throw doubleReservation(id);
    const full = firstWithoutRoom(
      scopes.map((scope) => this.#balance(scope)),
      worst,
    );
    if (full) return full;
    this.owners.register();
    this.db.run(
      `INSERT INTO reservations
         (id, run_id, turn, attempt, purpose, owner, worst_usd, worst_tokens, max_output, input_upper, opened_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[id, runId, turn, attempt, purpose, this.owners.me.instance],
      ...[worst.usd, worst.tokens, maxOutput, inputUpper, this.#now()],
    );
    for (const scope of scopes) {
      this.db.run("INSERT INTO reservation_scopes (reservation, scope) VALUES (?, ?)", id, scope);
      this.db.run(
        "UPDATE scopes SET reserved_usd = reserved_usd + ?, reserved_tokens = reserved_tokens + ? WHERE id = ?",
        ...[worst.usd ?? 0, worst.tokens, scope],
      );
    }
    return null;
  }
}

const FactorRow = v.object({ factor: v.number() });

/** The reservation `id`, which must be open. */
function openRow(db: Sqlite, id: string): ReservationRow {
  const row = db.get("SELECT * FROM reservations WHERE id = ?", id);
  const found = row === undefined ? null : v.parse(ReservationRow, row);
  if (found?.state !== "open") throw notOpen(id, found?.state ?? null);
  return found;
}

const SETTLE = `UPDATE reservations SET state = ?, closed_at = ?, usd = ?, provenance = ?, counted_usd = ?, counted_tokens = ?,
  price = ?, ${USAGE_COLUMNS.map((column) => `${column} = ?`).join(", ")} WHERE id = ?`;

/** Ends an open reservation with what was spent, or with its worst case for an orphan; part of a transaction. */
export function settleRow(
  db: Sqlite,
  row: ReservationRow,
  settlement: Settlement,
  at: number,
  state: "settled" | "orphaned" = "settled",
): void {
  const counted = countedUsd(settlement, { usd: row.worst_usd, tokens: row.worst_tokens });
  const { usd, provenance, tokens, price, usage } = settlement;
  db.run(SETTLE, ...[state, at, usd, provenance, counted, tokens, price], ...usageValues(usage), row.id);
  moveToSettled(db, row, counted, tokens);
}

function releaseRow(db: Sqlite, row: ReservationRow, reason: string, at: number): void {
  db.run(
    `UPDATE reservations SET state = 'released', closed_at = ?, release_reason = ?, counted_usd = 0, counted_tokens = 0
     WHERE id = ?`,
    ...[at, reason, row.id],
  );
  moveToSettled(db, row, 0, 0);
}

function moveToSettled(db: Sqlite, row: ReservationRow, usd: NanoUsd | 0, tokens: number): void {
  db.run(
    `UPDATE scopes SET reserved_usd = reserved_usd - ?, reserved_tokens = reserved_tokens - ?,
       settled_usd = settled_usd + ?, settled_tokens = settled_tokens + ?
     WHERE id IN (SELECT scope FROM reservation_scopes WHERE reservation = ?)`,
    ...[row.worst_usd ?? 0, row.worst_tokens, usd, tokens, row.id],
  );
}
