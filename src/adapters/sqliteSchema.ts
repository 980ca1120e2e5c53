import * as v from "valibot";
import { OWN_SOURCE } from "../core/imports";
import type { Sqlite } from "./sqlite";
import { StoreError } from "./storeErrors";

/** "Tpke" in SQLite's header: keeps us from building our tables in another program's database. */
const APPLICATION_ID = 0x54_70_6b_65;

const USAGE = `
  fresh_input INTEGER NOT NULL DEFAULT 0,
  cache_read INTEGER NOT NULL DEFAULT 0,
  cache_write_5m INTEGER NOT NULL DEFAULT 0,
  cache_write_1h INTEGER NOT NULL DEFAULT 0,
  output INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0`;

/**
 * Times are Unix ms, days local dates `YYYY-MM-DD` at the time of writing, money whole nano-dollars (NULL = unknown).
 * `events` is the truth of runs; `runs` (beyond its identity), `turns` and `tool_calls` are derived from it in the same
 * transaction. `scopes` and `reservations` are the books: a scope's sums equal those of its reservations.
 * Reservations outlive their run's row, so that deleting a run would not change what was spent.
 */
const FIRST = `
CREATE TABLE owners (
  instance TEXT PRIMARY KEY,
  pid INTEGER NOT NULL,
  host TEXT NOT NULL,
  process_start TEXT,
  heartbeat_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL REFERENCES owners (instance),
  task TEXT NOT NULL,
  project_name TEXT NOT NULL,
  project_path TEXT NOT NULL,
  model TEXT NOT NULL,
  policy TEXT NOT NULL,
  policy_kind TEXT NOT NULL,
  demo INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  day TEXT NOT NULL,
  ended_at INTEGER,
  outcome_kind TEXT,
  outcome_reason TEXT,
  turns INTEGER NOT NULL,
  turn_limit INTEGER,
  cap_turns INTEGER,
  cap_usd INTEGER,
  cap_tokens INTEGER,
  cap_minutes REAL,
  usd INTEGER NOT NULL,
  estimated_charges INTEGER NOT NULL,
  unknown_charges INTEGER NOT NULL,
  ${USAGE}
) STRICT;
CREATE INDEX runs_newest ON runs (started_at);
CREATE INDEX runs_project ON runs (project_path, started_at);
CREATE INDEX runs_model ON runs (model, started_at);
CREATE INDEX runs_open ON runs (owner) WHERE outcome_kind IS NULL;

CREATE TABLE events (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT;

CREATE TABLE turns (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  turn INTEGER NOT NULL,
  at INTEGER NOT NULL,
  day TEXT NOT NULL,
  purpose TEXT NOT NULL,
  ms INTEGER NOT NULL,
  charges INTEGER NOT NULL,
  estimated_charges INTEGER NOT NULL,
  unknown_charges INTEGER NOT NULL,
  usd INTEGER,
  provenance TEXT,
  ${USAGE},
  PRIMARY KEY (run, turn)
) STRICT, WITHOUT ROWID;

CREATE TABLE tool_calls (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  turn INTEGER NOT NULL,
  call_id TEXT NOT NULL,
  tool TEXT NOT NULL,
  subject TEXT NOT NULL,
  ok INTEGER NOT NULL,
  result_tokens INTEGER,
  truncated INTEGER NOT NULL,
  ms INTEGER NOT NULL,
  exit_code INTEGER,
  files_changed INTEGER NOT NULL,
  lines_added INTEGER NOT NULL,
  lines_removed INTEGER NOT NULL,
  check_passed INTEGER,
  check_failures INTEGER,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE scopes (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('run', 'day', 'week', 'month')),
  project TEXT,
  cap_usd INTEGER,
  cap_tokens INTEGER,
  settled_usd INTEGER NOT NULL DEFAULT 0 CHECK (settled_usd >= 0),
  settled_tokens INTEGER NOT NULL DEFAULT 0 CHECK (settled_tokens >= 0),
  reserved_usd INTEGER NOT NULL DEFAULT 0 CHECK (reserved_usd >= 0),
  reserved_tokens INTEGER NOT NULL DEFAULT 0 CHECK (reserved_tokens >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE reservations (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL,
  turn INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  owner TEXT NOT NULL REFERENCES owners (instance),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled', 'released', 'orphaned')),
  worst_usd INTEGER,
  worst_tokens INTEGER NOT NULL,
  max_output INTEGER NOT NULL,
  input_upper INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  release_reason TEXT,
  usd INTEGER,
  provenance TEXT,
  counted_usd INTEGER,
  counted_tokens INTEGER,
  price TEXT,
  ${USAGE}
) STRICT;
CREATE INDEX reservations_open ON reservations (owner) WHERE state = 'open';
CREATE INDEX reservations_run ON reservations (run_id, turn, attempt);

CREATE TABLE reservation_scopes (
  reservation TEXT NOT NULL REFERENCES reservations (id),
  scope TEXT NOT NULL REFERENCES scopes (id),
  PRIMARY KEY (reservation, scope)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_scopes_scope ON reservation_scopes (scope);

CREATE TABLE model_factors (
  model TEXT PRIMARY KEY,
  factor REAL NOT NULL,
  last REAL NOT NULL,
  observations INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE texts (
  key TEXT PRIMARY KEY,
  bytes INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL
) STRICT;
`;

/**
 * Runs of other agents stand beside our own, without events: `source` tells where from, `source_id` which one there,
 * `fingerprint` what was in it. Their turns carry what replay reads of our own turns in `tool_calls`; `known` is a set of
 * bits (see `sqliteImport.ts`), `call_key` names a call over all files of its source. Undated runs (`dated = 0`) have the
 * time of their import in `started_at` and no day.
 */
const IMPORTS = `
ALTER TABLE runs ADD COLUMN source TEXT NOT NULL DEFAULT '${OWN_SOURCE}';
ALTER TABLE runs ADD COLUMN source_id TEXT;
ALTER TABLE runs ADD COLUMN fingerprint BLOB;
ALTER TABLE runs ADD COLUMN resolved INTEGER;
ALTER TABLE runs ADD COLUMN last_edit_turn INTEGER;
ALTER TABLE runs ADD COLUMN dated INTEGER NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX runs_imported ON runs (source, source_id) WHERE source_id IS NOT NULL;
CREATE INDEX runs_fingerprint ON runs (source, fingerprint) WHERE fingerprint IS NOT NULL;

ALTER TABLE turns ADD COLUMN action TEXT;
ALTER TABLE turns ADD COLUMN failed INTEGER;
ALTER TABLE turns ADD COLUMN result_tokens INTEGER;
ALTER TABLE turns ADD COLUMN failures INTEGER;
ALTER TABLE turns ADD COLUMN known INTEGER;
ALTER TABLE turns ADD COLUMN call_key BLOB;
CREATE UNIQUE INDEX turns_call ON turns (call_key) WHERE call_key IS NOT NULL;

CREATE TABLE imported_files (
  path TEXT PRIMARY KEY,
  stamp TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

/** A `piece` is what a sub-agent did of another run: spend, but no run to learn from. */
const PIECES = "ALTER TABLE runs ADD COLUMN piece INTEGER NOT NULL DEFAULT 0;";

/** Step `n` brings a store from version `n` to `n + 1`. Steps are only ever added. */
const MIGRATIONS: readonly string[] = [FIRST, IMPORTS, PIECES];

/**
 * Pages the log may hold before a write has to carry them over: 16 MB. A run carries over at its end (see `append`), so
 * that no turn pays the 20 to 50 ms it takes.
 */
const CHECKPOINT_PAGES = 4_000;

export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Readies a fresh connection: write-ahead log, commits safe against a killed process (a power cut may lose the last
 * ones, never the file), and the present schema. Throws a `StoreError`, having changed nothing, if the file was written
 * by a newer Turnpike (`newer`) or by another program (`foreign`).
 */
export function prepareStore(db: Sqlite): void {
  const version = checkOrigin(db);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  if (version < SCHEMA_VERSION) migrate(db);
}

function migrate(db: Sqlite): void {
  db.transaction(() => {
    const from = checkOrigin(db);
    for (const step of MIGRATIONS.slice(from)) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

function checkOrigin(db: Sqlite): number {
  const version = pragma(db, "user_version");
  const application = pragma(db, "application_id");
  const { tables } = v.parse(Tables, db.get("SELECT count(*) AS tables FROM sqlite_schema"));
  if (application !== APPLICATION_ID && (application !== 0 || version !== 0 || tables !== 0)) {
    throw new StoreError("foreign", `this is another program's database: ${db.file}`);
  }
  if (version > SCHEMA_VERSION) {
    throw new StoreError("newer", `a newer Turnpike wrote this store (format ${version}, known ${SCHEMA_VERSION}): ${db.file}`);
  }
  return version;
}

const Tables = v.object({ tables: v.number() });

function pragma(db: Sqlite, name: "user_version" | "application_id"): number {
  return v.parse(v.object({ [name]: v.number() }), db.get(`PRAGMA ${name}`))[name] ?? 0;
}
