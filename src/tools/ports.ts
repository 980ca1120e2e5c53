import type { OutputStore } from "../core/ports";

/** Refused before anything was touched, or failed in doing it: `complaint` tells the model what to do. */
export interface Refused {
  readonly kind: "refused";
  readonly complaint: string;
}

/** How a text stands on disk. Line endings are not part of it: they are in the text. */
export interface TextForm {
  /** `latin1` stands for any unknown one-byte encoding: every byte survives a load and a store. */
  readonly encoding: "utf8" | "utf16le" | "utf16be" | "latin1";
  readonly bom: boolean;
}

/** Paths in answers are relative to the workspace, with forward slashes and links resolved; `.` is the workspace. */
export type Folder = { readonly kind: "folder"; readonly path: string };
export type Missing = { readonly kind: "missing"; readonly path: string };
export type Binary = { readonly kind: "binary"; readonly path: string; readonly bytes: number; readonly type: string };
export type TextFile = { readonly kind: "text"; readonly path: string; readonly bytes: number };
export type LoadedText = TextFile & { readonly text: string; readonly form: TextForm };

export interface Listing {
  readonly kind: "listing";
  readonly path: string;
  /** Sorted, folders with a trailing slash, relative to the workspace. */
  readonly entries: readonly string[];
  /** Whether the walk ended early because there was too much. */
  readonly more: boolean;
}

/**
 * The files of one workspace. Every call guards its path anew: nothing outside the workspace is read or written, through
 * links included, and only plain files and folders are touched. No call throws for what a disk or a path may do.
 */
export interface WorkspaceFiles {
  /** Opens, sniffs, and hands over decoded text in pieces until `take` answers false. Memory stays bounded. */
  scan(
    path: string,
    take: (piece: string) => boolean,
    signal: AbortSignal,
  ): Promise<TextFile | Binary | Folder | Missing | Refused>;
  /** The whole text, line endings as on disk, without BOM. Refuses files too large to edit. */
  load(path: string): Promise<LoadedText | Binary | Folder | Missing | Refused>;
  /** Writes whole or not at all, keeping mode; creates folders. */
  store(path: string, text: string, form: TextForm): Promise<{ readonly kind: "stored"; readonly path: string } | Refused>;
  /** Takes a plain file away. */
  remove(path: string): Promise<{ readonly kind: "removed"; readonly path: string } | Refused>;
  /** `depth` 1 = the folder's own entries. Leaves out what .gitignore does, `.git` and `node_modules`. */
  list(path: string, depth: number, signal: AbortSignal): Promise<Listing | TextFile | Missing | Refused>;
}

export type ShellEnd =
  | { readonly kind: "exited"; readonly exitCode: number }
  /** Died of a signal it was not sent by us. */
  | { readonly kind: "died"; readonly signal: string }
  | { readonly kind: "killed"; readonly why: "timeLimit" | "cancelled" }
  | { readonly kind: "notStarted"; readonly reason: string };

export interface ShellResult {
  readonly end: ShellEnd;
  /** Standard output and error as they came, without control codes; the middle is left out, and says so, if huge. */
  readonly output: string;
  readonly ms: number;
  /** Whether processes it started still run. */
  readonly leftRunning: boolean;
}

/** Runs command lines in the workspace folder, without input, secrets or a terminal. Never throws. */
export interface Shell {
  /** The shell and the system, for the model to write for: `bash on Linux`. */
  readonly name: string;
  run(
    command: string,
    options: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly onOutput: (text: string) => void },
  ): Promise<ShellResult>;
}

export interface SearchQuery {
  /** A regular expression; one that is none is searched as plain text. */
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Folder or file to search. */
  readonly path: string;
  /** As in .gitignore, with braces: `*.ts`, `src/**`, `*.{js,ts}`. */
  readonly glob: string | null;
  /** Most matching lines to give back; the rest is only counted. */
  readonly limit: number;
}

export interface SearchHit {
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** The line, cut around the match when long. */
  readonly text: string;
}

/** Everything was searched; or more was found than is counted; or the time was up. */
export type SearchEnd = "whole" | "enough" | "timeLimit";

export interface SearchFound {
  readonly kind: "found";
  /** Sorted by path, then line. */
  readonly hits: readonly SearchHit[];
  /** Matching lines in all; a lower bound unless `end` is `whole`. */
  readonly total: number;
  readonly end: SearchEnd;
  /** Whether the pattern was no regular expression. */
  readonly asPlainText: boolean;
  /** Text files that were too large to search. */
  readonly skipped: number;
  /** Files that were given up, since the pattern takes too long on them. */
  readonly slow: readonly string[];
}

/** Searches texts, leaving out what `WorkspaceFiles.list` leaves out, and binaries. Never throws. */
export interface TextSearch {
  search(query: SearchQuery, signal: AbortSignal): Promise<SearchFound | Refused>;
}

/** The store of cut outputs, with the way back. */
export interface ReadableOutputs extends OutputStore {
  /** `null` = no such id, or dropped since. */
  load(id: string): Promise<string | null>;
}

/** Whether an editor holds changes of a file, given by its path in the workspace, that are not on disk yet. */
export type IsUnsaved = (path: string) => Promise<boolean>;

/** Keeps a text by its content and answers its key; `null` = too large to keep. */
export type SaveText = (text: string) => Promise<string | null>;

/**
 * State of the files of a workspace, by path: a path whose stamp differs, or is in one of two only, has changed in
 * between. Keys that start with a space are about the whole, not about a file.
 */
export type Snapshot = ReadonlyMap<string, string>;

/** Sees what changed in a workspace without having been told. */
export interface WorkspaceState {
  /** `null` = too large or too slow to tell. */
  take(): Promise<Snapshot | null>;
  /** Text of a file that no snapshot so far has named: `null` = there was none, `undefined` = not known. */
  unnamedText(path: string): Promise<string | null | undefined>;
}
