import type { FileChange } from "../core/agentEvent";
import { recordChange } from "./fileChange";
import type { SaveText, Snapshot, WorkspaceFiles, WorkspaceState } from "./ports";
import { digest } from "./readMemory";

/** Changed files reported for one command; more are not worth their time. */
const MAX_REPORTED = 50;
/** Texts kept to tell what a command changed in files that were already changed. */
const MAX_KEPT_CHARS = 16 * 1024 * 1024;
const MAX_FIRST_LOADED = 200;

/** What this run changed in the workspace, by tools and by commands. */
export interface ChangeLog {
  /** Records a change a tool made. `null` as a text = no such file. */
  note(path: string, before: string | null, after: string | null): Promise<FileChange>;
  /** To be called around each command that may write. What others change meanwhile counts as the command's. */
  beforeCommand(): Promise<void>;
  afterCommand(): Promise<readonly FileChange[]>;
  /** Whether anything differs from how the run found it; true when that cannot be told. */
  hasChanges(): Promise<boolean>;
}

/**
 * Tools tell their changes; commands do not, so the workspace is looked at before the first one and after each. A file
 * whose former text is not known (changed before the run, too large, one of many) is reported as one line changed.
 */
export function createChangeLog(files: WorkspaceFiles, state: WorkspaceState, saveText: SaveText): ChangeLog {
  /** Digests of each file met: as the run found it, and as it is. */
  const found = new Map<string, string | null>();
  const latest = new Map<string, string | null>();
  const texts = createTextShelf();
  let first: Snapshot | null = null;
  let last: Snapshot | null = null;
  let unknowable = false;

  const note = async (path: string, before: string | null, after: string | null): Promise<FileChange> => {
    if (!found.has(path)) found.set(path, digestOf(before));
    latest.set(path, digestOf(after));
    texts.keep(path, after);
    return recordChange(path, before, after, saveText);
  };

  /** What a command did to one file; `null` = nothing that shows in its text. */
  const lookAt = async (path: string, wasNamed: boolean): Promise<FileChange | null> => {
    const loaded = await files.load(path);
    if (loaded.kind !== "text" && loaded.kind !== "missing") return null;
    const after = loaded.kind === "text" ? loaded.text : null;
    const known = texts.get(path);
    const before = known === undefined && !wasNamed ? await state.unnamedText(path) : known;
    if (before === undefined) {
      texts.keep(path, after);
      found.set(path, "unknown");
      latest.set(path, digestOf(after));
      return { ...(await recordChange(path, null, null, saveText)), added: 1, removed: 1 };
    }
    const change = await note(path, before, after);
    return before === after ? null : change;
  };

  return {
    note,

    async beforeCommand() {
      if (first || unknowable) return;
      first = await state.take();
      last = first;
      unknowable = first === null;
      for (const path of [...(first?.keys() ?? [])].filter(isFile).slice(0, MAX_FIRST_LOADED)) {
        const loaded = await files.load(path);
        if (loaded.kind === "text") texts.keep(path, loaded.text);
      }
    },

    async afterCommand() {
      const now = unknowable ? null : await state.take();
      unknowable ||= now === null;
      if (!now || !last) return [];
      const before = last;
      last = now;
      const changes: FileChange[] = [];
      for (const path of differing(before, now).filter(isFile).slice(0, MAX_REPORTED)) {
        const change = await lookAt(path, before.has(path));
        if (change) changes.push(change);
      }
      return changes;
    },

    async hasChanges() {
      if ([...latest].some(([path, text]) => found.get(path) !== text)) return true;
      if (unknowable) return true;
      if (!first) return false;
      const now = await state.take();
      return now === null || differing(first, now).some((path) => !latest.has(path));
    },
  };
}

function isFile(path: string): boolean {
  return !path.startsWith(" ");
}

function digestOf(text: string | null): string | null {
  return text === null ? null : digest(text);
}

function differing(a: Snapshot, b: Snapshot): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort();
}

/** Texts by path, the oldest dropped when they are too many. `null` = known not to exist, `undefined` = not known. */
function createTextShelf() {
  const shelf = new Map<string, string | null>();
  let chars = 0;
  const drop = (path: string) => {
    chars -= shelf.get(path)?.length ?? 0;
    shelf.delete(path);
  };
  return {
    get: (path: string): string | null | undefined => shelf.get(path),
    keep(path: string, text: string | null): void {
      drop(path);
      shelf.set(path, text);
      chars += text?.length ?? 0;
      for (const oldest of shelf.keys()) {
        if (chars <= MAX_KEPT_CHARS) break;
        drop(oldest);
      }
    },
  };
}
