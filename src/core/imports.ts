import type { Outcome, Provenance } from "./agentEvent";
import type { NanoUsd } from "./money";
import type { TurnAction } from "./recordedRun";
import type { Usage } from "./usage";

/** What a history can be imported from; `recorded` = data sets of past runs as JSON lines. */
export const AGENTS = ["claude-code", "codex", "mini-swe-agent", "swe-agent", "openhands", "recorded"] as const;
export type Agent = (typeof AGENTS)[number];

/** The source of runs that Turnpike made itself. */
export const OWN_SOURCE = "turnpike";

/** Which parts of a turn its record tells by itself; what it does not tell is stored as 0 and read as `null`. */
export interface TurnKnowledge {
  readonly input: boolean;
  readonly cacheRead: boolean;
  readonly output: boolean;
  /** Whether `usd` is this turn's own, and not a sum for the run that is kept with its last turn. */
  readonly usd: boolean;
}

/** One model call of another agent. */
export interface ImportedTurn {
  /** Names the call in all files of its source, so that a copy in another file is not counted again; `null` = no name. */
  readonly key: string | null;
  /** Unix ms; `null` = not known. */
  readonly at: number | null;
  readonly usage: Usage;
  readonly known: TurnKnowledge;
  readonly usd: NanoUsd | null;
  /** `null` = no charge of its own: the cost of the run is told as a sum only. */
  readonly provenance: Provenance | null;
  readonly action: TurnAction;
  readonly failed: boolean;
  /** Tokens of the results that came back, by their length where the record does not count them. */
  readonly result: number | null;
  readonly failures: number | null;
}

/** A run of another agent, as far as its record tells. */
export interface ImportedRun {
  /** An `Agent`, or what a data set calls itself. */
  readonly source: string;
  /** Unique within its source and the same at every import: what is imported again stands in the old one's place. */
  readonly sourceId: string;
  readonly task: string;
  /** A piece of another run that a sub-agent did: spend, but no task whose length or end could teach anything. */
  readonly isPiece: boolean;
  readonly project: { readonly name: string; readonly path: string } | null;
  /** The model of most of its turns. */
  readonly model: string;
  readonly outcome: Outcome;
  readonly resolved: boolean | null;
  /** As in `RecordedRun`. */
  readonly lastEditTurn: number | null;
  /** Unix ms; `null` = not known. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly turns: readonly ImportedTurn[];
}

/** A file of another agent and what tells it from the same file at another time. */
export interface FileStamp {
  readonly path: string;
  readonly stamp: string;
}

/** Runs to be kept, and the files that have been read to their end with them. */
export interface ImportBatch {
  readonly runs: readonly ImportedRun[];
  readonly files: readonly FileStamp[];
}

export interface ImportCounts {
  readonly added: number;
  /** Imported before, with other figures: the new ones stand in place of the old. */
  readonly replaced: number;
  /** Imported before, or copies of what was. */
  readonly unchanged: number;
}

/** Where to look: a folder, which is searched, or a file. `agent: null` = told by the look of each file. */
export interface ImportPlace {
  readonly agent: Agent | null;
  readonly path: string;
}

/** What is at a place. */
export interface ImportFind extends ImportPlace {
  readonly files: number;
  readonly bytes: number;
}

export interface ImportRequest {
  readonly places: readonly ImportPlace[];
  /** Stops it; what was read before that stays. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  readonly files: number;
  readonly filesInAll: number;
  readonly bytes: number;
  readonly bytesInAll: number;
  readonly runs: number;
}

export interface ImportReport extends ImportCounts {
  readonly files: number;
  /** Files that have not changed since they were read, and so were not read again. */
  readonly skippedFiles: number;
  readonly bytes: number;
  /** Lines or events of kinds that are not known here, by kind. They are passed over. */
  readonly unknownKinds: { readonly [kind: string]: number };
  /** Lines that are no JSON, and lines too long to be read. */
  readonly badLines: number;
  readonly longLines: number;
  readonly broken: readonly { readonly path: string; readonly why: string }[];
  readonly cancelled: boolean;
}
