import { findSqlite, type SqliteModule } from "../../src/adapters/sqlite";
import { openSqliteStore, type SqliteStore } from "../../src/adapters/sqliteStore";
import type { Clock } from "../../src/core/ports";
import { SetClock } from "./storeSamples";

/** `node:sqlite`; tests that need it fail, and are not passed over, where it is missing. */
export function needSqlite(): SqliteModule {
  const module = findSqlite();
  if (!module) throw new Error(`these tests need node:sqlite: run them with Node 22.13 or newer, not ${process.version}`);
  return module;
}

export function openForTest(file: string, clock: Clock = new SetClock()): Promise<SqliteStore> {
  return openSqliteStore(needSqlite(), file, clock);
}
