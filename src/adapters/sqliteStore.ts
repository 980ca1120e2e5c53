import type { RunStore } from "../core/history";
import type { Books, Clock } from "../core/ports";
import { importJournals } from "./journalImport";
import { journalFolderOf } from "./journalStoreFile";
import { Sqlite, type SqliteModule, StoreQueue } from "./sqlite";
import { SqliteBooks } from "./sqliteBooks";
import { SqliteOwners } from "./sqliteOwners";
import { recoverOrphans } from "./sqliteRecovery";
import { SqliteRuns } from "./sqliteRuns";
import { prepareStore } from "./sqliteSchema";
import { asStoreError, type Say, sqliteFault } from "./storeErrors";
import { makePrivateFile } from "./storeFile";

/** How often a process with something in flight says that it lives, and looks for others that do not. */
const HEARTBEAT_MS = 10_000;

export interface SqliteStore {
  readonly runs: RunStore;
  readonly books: Books;
  /** Settles what dead processes left behind now instead of at the next heartbeat; returns how many there were. */
  recoverOrphans(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the shared store, creating or upgrading it, cleans up after dead processes, and takes over journals that were
 * written while it could not be used. Throws, with the file as it was,
 * if it cannot be used; what is amiss but no reason to stop goes to `say`, once. Timers do not keep the process alive.
 */
export async function openSqliteStore(module: SqliteModule, file: string, clock: Clock, say?: Say): Promise<SqliteStore> {
  makePrivateFile(file);
  const queue = new StoreQueue(clock, file);
  const db = openFile(module, file);
  const owners = new SqliteOwners(db, clock, once(say));
  const recover = () => queue.run(() => recoverOrphans(db, owners));
  try {
    await queue.run(() => prepareStore(db));
    await recover();
    await importJournals(journalFolderOf(file), db, queue, owners);
  } catch (error) {
    db.close();
    throw error;
  }

  const heart = setInterval(() => {
    // A beat that is missed because the store is locked is made up for by the next one.
    queue.run(() => owners.beat() && recoverOrphans(db, owners)).catch(() => undefined);
  }, HEARTBEAT_MS);
  heart.unref();

  const close = () => {
    clearInterval(heart);
    return queue.run(() => signOff(db, owners));
  };
  return {
    runs: new SqliteRuns(db, queue, owners, close),
    books: new SqliteBooks(db, queue, owners),
    recoverOrphans: recover,
    close,
  };
}

function once(say: Say = () => {}): Say {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    say(text);
  };
}

function openFile(module: SqliteModule, file: string): Sqlite {
  try {
    return new Sqlite(module, file);
  } catch (error) {
    throw asStoreError(error, file);
  }
}

/** Closes even when the last word cannot be written: then the pid tells that this process is gone. */
function signOff(db: Sqlite, owners: SqliteOwners): void {
  if (db.closed) return;
  try {
    owners.signOff();
  } catch (error) {
    if (sqliteFault(error) === null) throw error;
  } finally {
    db.close();
  }
}
