import { renameSync } from "node:fs";
import * as v from "valibot";
import type { StampedEvent } from "../core/agentEvent";
import { messageOf } from "../core/errors";
import { byRun, lastWords } from "./journalRun";
import { type Journal, JournalFolder } from "./journalStoreFile";
import type { Sqlite, StoreQueue } from "./sqlite";
import { appendEvent, findRun } from "./sqliteAppend";
import type { SqliteOwners } from "./sqliteOwners";
import type { StoredRun } from "./sqliteRunRows";
import { foldRun } from "./storeFold";

/**
 * Takes over into the store what was recorded beside it while it could not be used: the journals of processes that are
 * gone, each in one transaction and then renamed. What is there already, or out of place, is passed over. A journal that
 * cannot be taken over stays, and it is said why.
 */
export async function importJournals(folder: string, db: Sqlite, queue: StoreQueue, owners: SqliteOwners): Promise<void> {
  const journals = new JournalFolder(folder).read(queue.clock.now(), null);
  for (const journal of journals.filter(({ writerGone }) => writerGone)) {
    try {
      await queue.run(() => db.transaction(() => takeOver(db, owners, journal)));
      renameSync(journal.file, `${journal.file}.imported`);
    } catch (error) {
      // Another window was quicker: it holds the same, for places are taken once.
      if (isGone(error)) continue;
      owners.say(`the journal ${journal.file} stays beside the store: ${messageOf(error)}`);
    }
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function takeOver(db: Sqlite, owners: SqliteOwners, { entries }: Journal): void {
  owners.register();
  for (const [runId, own] of byRun(entries)) {
    const events = own.map(({ event }) => event).sort((a, b) => a.seq - b.seq);
    takeOverRun(db, owners.me.instance, runId, events);
  }
}

function takeOverRun(db: Sqlite, owner: string, runId: string, events: readonly StampedEvent[]): void {
  let run = findRun(db, runId);
  let last = run ? v.parse(Last, db.get("SELECT max(seq) AS seq FROM events WHERE run = ?", run.key)).seq : -1;
  const taken: StampedEvent[] = [];
  const take = (event: StampedEvent) => {
    run = appendEvent(db, owner, runId, event, run);
    last = event.seq;
    taken.push(event);
  };
  for (const event of events) if (event.seq > last && fits(run, runId, event)) take(event);
  if (taken.length > 0 && run?.run.summary.outcome === null) lastWords(taken).forEach(take);
}

const Last = v.object({ seq: v.number() });

function fits(run: StoredRun | null, runId: string, event: StampedEvent): boolean {
  try {
    return foldRun(run?.run ?? null, event).summary.runId === runId;
  } catch {
    return false;
  }
}
