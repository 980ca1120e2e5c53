import { accessSync, constants } from "node:fs";
import { messageOf } from "../core/errors";
import type { RunStore } from "../core/history";
import type { Books, Clock } from "../core/ports";
import { JournalStore } from "./journalStore";
import { journalFolderOf } from "./journalStoreFile";
import { createMemoryBooks } from "./memoryBooks";
import { findSqlite, type SqliteModule } from "./sqlite";
import { openSqliteStore } from "./sqliteStore";
import { type Say, StoreError } from "./storeErrors";
import { makePrivateFolder } from "./storeFile";

export interface Store {
  readonly runs: RunStore;
  readonly books: Books;
  /** What does not hold and what to do about it, for the user; `null` when the shared store is in use. */
  readonly degraded: string | null;
  /** Also closes `runs`. Closing twice does nothing. */
  close(): Promise<void>;
}

/**
 * Opens the store at `file` (see `defaultStoreFile`). Never fails: where the shared database cannot be used, runs are
 * kept in a journal beside it, or in memory, caps hold for this process alone, and `degraded` says so. A file that cannot
 * be used is left as it is.
 */
export async function openStore(options: {
  readonly file: string;
  readonly clock: Clock;
  /** Told what is amiss in the store and yet no reason not to use it. */
  readonly say?: Say;
  /** How to get at the database; for tests. */
  readonly sqlite?: () => SqliteModule | null;
}): Promise<Store> {
  const { file, clock, say, sqlite = findSqlite } = options;
  const module = sqlite();
  if (!module) return openJournal(file, clock, NO_SQLITE);
  try {
    const { runs, books, close } = await openSqliteStore(module, file, clock, say);
    return { runs, books, degraded: null, close };
  } catch (error) {
    return openJournal(file, clock, whyNot(error, file));
  }
}

function openJournal(file: string, clock: Clock, why: string): Store {
  const folder = writableFolder(journalFolderOf(file));
  const record = folder === null ? "in memory, gone when it closes" : `in ${folder}`;
  const degraded = `${why} Until then this window or command keeps its own record (${record}) and its own caps: caps over several windows, days, weeks or months do not hold.`;
  const runs = new JournalStore(folder, clock, degraded);
  return { runs, books: createMemoryBooks(), degraded, close: () => runs.close() };
}

function writableFolder(folder: string): string | null {
  try {
    makePrivateFolder(folder);
    accessSync(folder, constants.W_OK);
    return folder;
  } catch {
    return null;
  }
}

const NO_SQLITE = `The shared store needs node:sqlite, which this host (Node ${process.versions.node}) does not have: use VS Code 1.101 or newer, or Node 22.13 or newer.`;

function whyNot(error: unknown, file: string): string {
  const detail = messageOf(error);
  if (!(error instanceof StoreError)) return `The shared store cannot be opened (${detail}): see that ${file} can be written to.`;
  switch (error.fault) {
    case "newer":
      return `The shared store was written by a newer Turnpike: update this one. (${detail})`;
    case "foreign":
      return `The file of the shared store is not a Turnpike store: move it away, or set TURNPIKE_STORE to another path. (${detail})`;
    case "damaged":
      return `The shared store is damaged: move it away to start a new one; nothing in it was changed. (${detail})`;
    case "busy":
      return `The shared store is locked by another program: close it, then open this window again. (${detail})`;
    case "full":
      return `The disk of the shared store is full: free some space, then open this window again. (${detail})`;
    case "readOnly":
    case "closed":
    case "io":
      return `The shared store cannot be used: see that ${file} and its folder can be written to. (${detail})`;
  }
}
