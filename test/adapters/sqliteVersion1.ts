/** The whole schema of a store of version 1, as it was written; it must never change. */
export const VERSION_1 = `
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
  fresh_input INTEGER NOT NULL DEFAULT 0,
  cache_read INTEGER NOT NULL DEFAULT 0,
  cache_write_5m INTEGER NOT NULL DEFAULT 0,
  cache_write_1h INTEGER NOT NULL DEFAULT 0,
  output INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0
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
  fresh_input INTEGER NOT NULL DEFAULT 0,
  cache_read INTEGER NOT NULL DEFAULT 0,
  cache_write_5m INTEGER NOT NULL DEFAULT 0,
  cache_write_1h INTEGER NOT NULL DEFAULT 0,
  output INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0,
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
  fresh_input INTEGER NOT NULL DEFAULT 0,
  cache_read INTEGER NOT NULL DEFAULT 0,
  cache_write_5m INTEGER NOT NULL DEFAULT 0,
  cache_write_1h INTEGER NOT NULL DEFAULT 0,
  output INTEGER NOT NULL DEFAULT 0,
  reasoning INTEGER NOT NULL DEFAULT 0
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
PRAGMA application_id = 1416653669; PRAGMA user_version = 1;
`;
