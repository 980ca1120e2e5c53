import * as v from "valibot";
import type { Clock } from "../core/ports";
import type { Sqlite } from "./sqlite";
import { OwnerRow, readable } from "./sqliteRows";
import type { Say } from "./storeErrors";
import { type OwnerSign, OwnerWatch, thisOwner } from "./storeOwner";

/**
 * Who holds the open reservations and running runs of the store, this process among them. All methods but `hold` and
 * `drop` read or write the database and belong into the store's queue.
 */
export class SqliteOwners {
  readonly me = thisOwner();
  readonly #watch = new OwnerWatch();
  readonly #held = new Set<string>();
  #registered = false;

  constructor(
    readonly db: Sqlite,
    readonly clock: Clock,
    readonly say: Say = () => {},
  ) {}

  /** Writes this process down before its first reservation or run; to be called in the same transaction. */
  register(): void {
    if (this.#registered) return;
    const { instance, pid, host, processStart } = this.me;
    this.db.run(
      "INSERT OR IGNORE INTO owners (instance, pid, host, process_start, heartbeat_at) VALUES (?, ?, ?, ?, ?)",
      ...[instance, pid, host, processStart, this.#now()],
    );
  }

  /** Notes, once it is committed, a reservation or run that needs this process's heartbeat. */
  hold(what: string): void {
    this.#registered = true;
    this.#held.add(what);
  }

  drop(what: string): void {
    this.#held.delete(what);
  }

  /** A sign of life, if anything depends on one; returns whether it does. */
  beat(): boolean {
    if (this.#held.size === 0) return false;
    this.db.run("UPDATE owners SET heartbeat_at = ? WHERE instance = ?", this.#now(), this.me.instance);
    return true;
  }

  /** Owners of unfinished work whose process is gone. */
  dead(): readonly OwnerSign[] {
    const rows = this.db.all(
      `SELECT instance, pid, host, process_start AS processStart, heartbeat_at AS heartbeatAt, closed_at AS closedAt
       FROM owners WHERE instance <> ? AND instance IN (
         SELECT owner FROM reservations WHERE state = 'open' UNION SELECT owner FROM runs WHERE outcome_kind IS NULL)`,
      this.me.instance,
    );
    const now = this.#now();
    const owners = readable(rows, (row) => v.parse(OwnerRow, row), this.say);
    return owners.filter((owner) => this.#watch.isDead(owner, now));
  }

  /** What this process left unfinished is up for recovery from now on. */
  signOff(): void {
    if (!this.#registered) return;
    this.db.run("UPDATE owners SET closed_at = ? WHERE instance = ?", this.#now(), this.me.instance);
  }

  #now(): number {
    return Math.round(this.clock.now());
  }
}
