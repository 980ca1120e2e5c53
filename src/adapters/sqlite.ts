import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import type { Clock } from "../core/ports";
import { asStoreError, StoreError, sqliteFault } from "./storeErrors";

export type SqliteModule = typeof import("node:sqlite");

/**
 * `node:sqlite`, or `null` on a host without it (Node before 22.13, some Electron builds). Never imported statically:
 * that would keep the whole bundle from loading there.
 */
export function findSqlite(): SqliteModule | null {
  if (typeof process.getBuiltinModule !== "function") return null;
  try {
    return withoutSqliteWarning(() => process.getBuiltinModule("node:sqlite")) ?? null;
  } catch {
    return null;
  }
}

/** Node 22 says once that SQLite is experimental; every other warning passes. */
function withoutSqliteWarning<T>(load: () => T): T {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]) => {
    if (!String(warning).startsWith("SQLite is an experimental feature")) Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** How long one call may block the host's thread for a lock; waiting beyond that is done asleep (`StoreQueue`). */
const BLOCK_MS = 15;

/**
 * One connection with its prepared statements. Rows are `unknown` until a guard has seen them. Parameters are plain `?`:
 * Node 22.13 knows no numbered ones.
 */
export class Sqlite {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #closed = false;

  constructor(
    module: SqliteModule,
    readonly file: string,
  ) {
    this.#database = new module.DatabaseSync(file);
    this.exec(`PRAGMA busy_timeout = ${BLOCK_MS}`);
  }

  get closed(): boolean {
    return this.#closed;
  }

  exec(sql: string): void {
    this.#checkOpen();
    this.#database.exec(sql);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): unknown {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly unknown[] {
    return this.#prepare(sql).all(...values);
  }

  /** Returns the number of rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** All of `work` or nothing; the write lock is taken first, so what `work` reads cannot change under it. */
  transaction<T>(work: () => T): T {
    this.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.exec("COMMIT");
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    }
  }

  /** Closing twice does nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    this.#checkOpen();
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError("closed", `the store has been closed: ${this.file}`);
  }

  /** SQLite has already rolled back after some faults (disk full); then there is nothing left to roll back. */
  #rollback(): void {
    try {
      this.exec("ROLLBACK");
    } catch {
      return;
    }
  }
}

/** Attempts at a locked store, each blocking up to `BLOCK_MS`, and the growing sleep between them: 9 s in all. */
const ATTEMPTS = 60;
const FIRST_SLEEP_MS = 10;
const LONGEST_SLEEP_MS = 150;

/**
 * Runs work on one connection, one piece at a time and in the order asked for, so that events stay in order even when
 * one has to wait. A locked store is tried again with the thread free nearly all the while, then the call fails closed
 * with a `StoreError`.
 */
export class StoreQueue {
  #tail: Promise<unknown> = Promise.resolve();

  constructor(
    readonly clock: Clock,
    readonly file: string,
  ) {}

  run<T>(work: () => T): Promise<T> {
    const result = this.#tail.then(() => this.#patiently(work));
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #patiently<T>(work: () => T): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return work();
      } catch (error) {
        if (sqliteFault(error) !== "busy" || attempt === ATTEMPTS) throw asStoreError(error, this.file);
      }
      await this.clock.sleep(Math.min(LONGEST_SLEEP_MS, FIRST_SLEEP_MS * 2 ** (attempt - 1)));
    }
  }
}
