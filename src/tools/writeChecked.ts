import type { FileChange } from "../core/agentEvent";
import type { ChangeLog } from "./changeLog";
import { changeText } from "./fileChange";
import type { TextForm, WorkspaceFiles } from "./ports";

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
export async function writeChecked(files: WorkspaceFiles, changes: ChangeLog, write: Write): Promise<Written> {
  const { path, before, after, form } = write;
  const now = await files.load(path);
  const unchanged = now.kind === "text" ? now.text === before : now.kind === "missing" && before === null;
  if (now.kind === "refused") return { ok: false, complaint: now.complaint };
  if (!unchanged) return { ok: false, complaint: `${path} was changed by someone else just now. Read it again, then edit.` };
  const stored = await files.store(path, after, form);
  if (stored.kind === "refused") return { ok: false, complaint: stored.complaint };
  const change = await changes.note(stored.path, before, after);
  return { ok: true, change, counts: changeText(change) };
}
