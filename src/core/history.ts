import type { Outcome, StampedEvent } from "./agentEvent";
import type { FileStamp, ImportBatch, ImportCounts } from "./imports";
import type { NanoUsd } from "./money";
import type { PastLength, RecordedRun } from "./recordedRun";
import type { Caps, PolicySettings } from "./runConfig";
import type { Usage } from "./usage";

/** One past or present run as a list shows it. */
export interface RunSummary {
  readonly runId: string;
  /** `turnpike`, or where it was imported from; such a run has no events, no policy of ours and no limits. */
  readonly source: string;
  readonly task: string;
  readonly project: { readonly name: string; readonly path: string };
  readonly model: string;
  readonly policy: PolicySettings["kind"];
  /** `null` while running. A run whose process died is `interrupted`. */
  readonly outcome: Outcome | null;
  readonly turns: number;
  /** The turn limit it ended under; `null` = none. */
  readonly limit: number | null;
  readonly caps: Caps;
  /** Sum of the known charges, and how many charges are estimated or unknown besides. */
  readonly usd: NanoUsd;
  readonly estimatedCharges: number;
  readonly unknownCharges: number;
  readonly usage: Usage;
  readonly demo: boolean;
  /** Unix ms; of an imported run whose record does not say, when it was imported. */
  readonly startedAt: number;
  /** Whether that is when it ran. */
  readonly dated: boolean;
  readonly endedAt: number | null;
}

export type HistoryGroup = "day" | "model" | "project" | "policy";

/**
 * Spend of one group; demo runs are groups of their own, so that play money never adds to real money, and so are imported
 * runs, source by source.
 */
export interface SpendRow {
  readonly group: string;
  readonly source: string;
  readonly demo: boolean;
  readonly runs: number;
  readonly done: number;
  readonly turns: number;
  readonly usd: NanoUsd;
  readonly estimatedCharges: number;
  readonly unknownCharges: number;
  readonly usage: Usage;
}

export interface RunQuery {
  readonly limit: number;
  readonly projectPath?: string;
  readonly source?: string;
}

export interface RecordingQuery {
  readonly models?: readonly string[];
  readonly projectPath?: string;
  readonly sources?: readonly string[];
  readonly limit: number;
}

/** The record of all runs of a user, shared by windows and the command line. Events are the truth; the rest is derived. */
export interface RunStore {
  /** Why the store is not the shared database, in words for the user; `null` when all is well. */
  readonly degraded: string | null;
  append(runId: string, event: StampedEvent): Promise<void>;
  events(runId: string): Promise<readonly StampedEvent[]>;
  /** Newest first; `source` leaves out all others. */
  runs(query: RunQuery): Promise<readonly RunSummary[]>;
  /**
   * `day` groups are local dates, `YYYY-MM-DD`, or empty for imported runs without one; `policy` groups of imported runs
   * are their sources. Newest or dearest first.
   */
  spend(group: HistoryGroup): Promise<readonly SpendRow[]>;
  /**
   * Lengths of past runs of a model, however its name is written, for calibrating limits. Own ones before imported ones,
   * and newest first; without demo runs.
   */
  lengths(query: { readonly model: string; readonly projectPath: string | null }): Promise<readonly PastLength[]>;
  /** Own and imported runs as calibration, forecast and replay read them. Newest first, without demo and running ones. */
  recordings(query: RecordingQuery): Promise<readonly RecordedRun[]>;
  /** Keeps runs of other agents. Rejects, with words for the user, where they cannot be kept. */
  importRuns(batch: ImportBatch): Promise<ImportCounts>;
  /** The files that were read to their end by earlier imports, as they were then. */
  importedFiles(): Promise<readonly FileStamp[]>;
  /** Texts by content key, for diffs of past edits. Returns `null` for a text too large to keep (over 1 MiB). */
  saveText(text: string): Promise<string | null>;
  loadText(key: string): Promise<string | null>;
  close(): Promise<void>;
}
