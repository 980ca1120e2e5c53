import type { FileChange } from "../core/agentEvent";
import type { ChangeLog } from "./changeLog";
import { changeText } from "./fileChange";
import type { IsUnsaved, TextForm, WorkspaceFiles } from "./ports";
import type { ReadMemory } from "./readMemory";

/** What writing tools need. */
export interface Writing {
  readonly files: WorkspaceFiles;
  readonly changes: ChangeLog;
  readonly reads: ReadMemory;
  readonly isUnsaved: IsUnsaved;
}

export interface Write {
  readonly path: string;
  /** The text the write was worked out, and approved, against; `null` = no such file. */
  readonly before: string | null;
  readonly after: string;
  readonly form: TextForm;
}

export type Written =
  | { readonly ok: true; readonly change: FileChange; readonly counts: string }
  | { readonly ok: false; readonly complaint: string };

/** Writes only if the file is still as it was when the write was prepared: a user may have typed while asked. */
export async function writeChecked({ files, changes, reads, isUnsaved }: Writing, write: Write): Promise<Written> {
  const { path, before, after, form } = write;
  const now = await files.load(path);
  const unchanged = now.kind === "text" ? now.text === before : now.kind === "missing" && before === null;
  if (now.kind === "refused") return { ok: false, complaint: now.complaint };
  if (!unchanged) return { ok: false, complaint: `${path} was changed by someone else just now. Read it again, then edit.` };
  if (await isUnsaved(path)) return { ok: false, complaint: unsavedText(path) };
  const stored = await files.store(path, after, form);
  if (stored.kind === "refused") return { ok: false, complaint: stored.complaint };
  reads.wrote(path, before, after);
  const change = await changes.note(stored.path, before, after);
  return { ok: true, change, counts: changeText(change) };
}

/** Said in place of a write that the user's own next save would undo, or that would undo what the user typed. */
export function unsavedText(path: string): string {
  return `${path} has unsaved changes in the editor: it is not written until the user has saved or reverted them.`;
}
