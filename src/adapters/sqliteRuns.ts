import { promisify } from "node:util";
import { deflate, inflate } from "node:zlib";
import * as v from "valibot";
import type { StampedEvent } from "../core/agentEvent";
import type { HistoryGroup, RecordingQuery, RunQuery, RunStore, RunSummary, SpendRow } from "../core/history";
import { type FileStamp, type ImportBatch, type ImportCounts, OWN_SOURCE } from "../core/imports";
import type { PastLength, RecordedRun } from "../core/recordedRun";
import type { Sqlite, StoreQueue } from "./sqlite";
import { appendEvents } from "./sqliteAppend";
import { importBatch, importedFiles } from "./sqliteImport";
import type { SqliteOwners } from "./sqliteOwners";
import { lengthsOf, recordingsOf } from "./sqliteRecordings";
import { recoverOrphans } from "./sqliteRecovery";
import { readable, Text, USAGE_COLUMNS } from "./sqliteRows";
import { type StoredRun, storedRun, storedSpend } from "./sqliteRunRows";
import { isStored, storedEvent } from "./storeEvents";
import { keyedText, MAX_TEXT_BYTES } from "./storeTexts";

/** Events of one run that wait to be written. */
interface Batch {
  readonly events: StampedEvent[];
  readonly written: Promise<void>;
}

const nextMoment = promisify(setImmediate);
const pack = promisify(deflate);
const unpack = promisify(inflate);

/** All runs of a user in the shared database. */
export class SqliteRuns implements RunStore {
  readonly degraded = null;
  /** Rows of the runs that go on here, good for as long as no other process has written. */
  readonly #rows = new Map<string, StoredRun>();
  #seenVersion: unknown = null;
  readonly #batches = new Map<string, Batch>();

  constructor(
    readonly db: Sqlite,
    readonly queue: StoreQueue,
    readonly owners: SqliteOwners,
    readonly close: () => Promise<void>,
  ) {}

  /**
   * Resolves when the event survives the death of the process. Events of one moment are written together, for a
   * transaction costs more than its rows. What is only for live views is not stored.
   */
  append(runId: string, event: StampedEvent): Promise<void> {
    if (!isStored(event)) return Promise.resolve();
    const batch = this.#batches.get(runId) ?? this.#openBatch(runId);
    batch.events.push(event);
    return batch.written;
  }

  #openBatch(runId: string): Batch {
    const events: StampedEvent[] = [];
    const written = nextMoment().then(() => {
      this.#batches.delete(runId);
      return this.#write(runId, events);
    });
    const batch = { events, written };
    this.#batches.set(runId, batch);
    return batch;
  }

  async #write(runId: string, events: readonly StampedEvent[]): Promise<void> {
    const { owners } = this;
    const goesOn = await this.queue.run(() => {
      const row = this.db.transaction(() => {
        owners.register();
        return appendEvents(this.db, owners.me.instance, runId, events, this.#knownRow(runId));
      });
      const isOpen = row.run.summary.outcome === null;
      if (isOpen) this.#rows.set(runId, row);
      else this.#rows.delete(runId);
      return isOpen;
    });
    if (goesOn) return owners.hold(runKey(runId));
    owners.drop(runKey(runId));
    // Nobody waits for this, and a log that stays longer is only larger.
    void this.queue.run(() => this.db.exec("PRAGMA wal_checkpoint(PASSIVE)")).catch(() => {});
  }

  #knownRow(runId: string): StoredRun | undefined {
    const version = v.parse(DataVersion, this.db.get("PRAGMA data_version")).data_version;
    if (version !== this.#seenVersion) this.#rows.clear();
    this.#seenVersion = version;
    return this.#rows.get(runId);
  }

  /** Empty for a run that is not there. Kinds that a newer version added are left out, as is what cannot be read. */
  async events(runId: string): Promise<readonly StampedEvent[]> {
    const rows = await this.queue.run(() =>
      this.db.all("SELECT body FROM events WHERE run = (SELECT id FROM runs WHERE run_id = ?) ORDER BY seq", runId),
    );
    const read = (row: unknown) => storedEvent(JSON.parse(v.parse(Body, row).body));
    return readable(rows, read, this.owners.say).filter((event) => event !== null);
  }

  /** Looks for dead processes first, so that no run of theirs is shown as running. */
  runs({ limit, projectPath, source }: RunQuery): Promise<readonly RunSummary[]> {
    const conditions = [
      ...(projectPath === undefined ? [] : ["project_path = ?"]),
      ...(source === undefined ? [] : ["source = ?"]),
    ];
    const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
    const values = [projectPath, source].filter((value) => value !== undefined);
    return this.queue.run(() => {
      recoverOrphans(this.db, this.owners);
      const rows = this.db.all(`SELECT * FROM runs ${where} ORDER BY started_at DESC, id DESC LIMIT ?`, ...values, limit);
      return readable(rows, (row) => storedRun(row).run.summary, this.owners.say);
    });
  }

  /**
   * By model, project (its path) or policy: whole runs, dearest first. By day, newest first: what was spent in turns
   * begun that day, while `runs` and `done` count the runs begun that day; so every column adds up over the days.
   */
  async spend(group: HistoryGroup): Promise<readonly SpendRow[]> {
    const rows = await this.queue.run(() => this.db.all(SPEND[group]));
    return readable(rows, storedSpend, this.owners.say);
  }

  lengths(query: { readonly model: string; readonly projectPath: string | null }): Promise<readonly PastLength[]> {
    return this.queue.run(() => lengthsOf(this.db, query.model, query.projectPath, this.owners.say));
  }

  recordings(query: RecordingQuery): Promise<readonly RecordedRun[]> {
    return this.queue.run(() => recordingsOf(this.db, query, this.owners.say));
  }

  importRuns(batch: ImportBatch): Promise<ImportCounts> {
    const { owners, queue, db } = this;
    return queue.run(() =>
      db.transaction(() => {
        owners.register();
        return importBatch(db, owners.me.instance, queue.clock.now(), batch);
      }),
    );
  }

  importedFiles(): Promise<readonly FileStamp[]> {
    return this.queue.run(() => importedFiles(this.db));
  }

  async saveText(text: string): Promise<string | null> {
    const keyed = keyedText(text);
    if (!keyed) return null;
    const { key, bytes } = keyed;
    if (await this.queue.run(() => this.db.get("SELECT 1 FROM texts WHERE key = ?", key))) return key;
    const body = await pack(bytes);
    const at = Math.round(this.queue.clock.now());
    await this.queue.run(() =>
      this.db.run("INSERT OR IGNORE INTO texts (key, bytes, at, body) VALUES (?, ?, ?, ?)", key, bytes.length, at, body),
    );
    return key;
  }

  async loadText(key: string): Promise<string | null> {
    const row = await this.queue.run(() => this.db.get("SELECT body FROM texts WHERE key = ?", key));
    if (row === undefined) return null;
    const bytes = await unpack(v.parse(Blob, row).body, { maxOutputLength: MAX_TEXT_BYTES });
    return bytes.toString("utf8");
  }
}

/** Runs and reservations are held under one roof; ids of the one must not meet those of the other. */
function runKey(runId: string): string {
  return `run/${runId}`;
}

const DataVersion = v.object({ data_version: v.number() });
const Body = v.object({ body: Text });
const Blob = v.object({ body: v.instance(Uint8Array) });

const sums = (columns: readonly string[]) => columns.map((column) => `sum(${column}) AS ${column}`).join(", ");
const COUNTS = ["turns", "usd", "estimated_charges", "unknown_charges", ...USAGE_COLUMNS];

function byRun(label: string): string {
  return `SELECT ${label} AS label, source, demo, count(*) AS runs, sum(outcome_kind IS 'done') AS done, ${sums(COUNTS)}
    FROM runs GROUP BY label, source, demo ORDER BY usd DESC, turns DESC, label, source, demo`;
}

const SPEND: { readonly [group in HistoryGroup]: string } = {
  model: byRun("model"),
  project: byRun("project_path"),
  policy: byRun(`iif(source = '${OWN_SOURCE}', policy_kind, source)`),
  day: `SELECT label, source, demo, ${sums(["runs", "done", ...COUNTS])} FROM (
      SELECT day AS label, source, demo, 1 AS runs, outcome_kind IS 'done' AS done,
        ${COUNTS.map((column) => `0 AS ${column}`).join(", ")} FROM runs
      UNION ALL
      SELECT turns.day, source, demo, 0, 0, 1, coalesce(turns.usd, 0), turns.estimated_charges, turns.unknown_charges,
        ${USAGE_COLUMNS.map((column) => `turns.${column}`).join(", ")} FROM turns JOIN runs ON runs.id = turns.run
    ) GROUP BY label, source, demo ORDER BY label DESC, source, demo`,
};
