import type { SetBack } from "../core/checkpoint";
import type { SetBackResult } from "../core/engine";
import type { IsUnsaved, WorkspaceFiles } from "../tools/ports";
import { keyedText } from "./storeTexts";

/**
 * Sets files back to what they held. One that is not as the run left it is left alone: what was typed since is not lost.
 * Texts come from the store by their keys.
 */
export async function setFilesBack(
  wanted: readonly SetBack[],
  files: WorkspaceFiles,
  loadText: (key: string) => Promise<string | null>,
  isUnsaved: IsUnsaved,
): Promise<SetBackResult> {
  const done: string[] = [];
  const left: { path: string; why: string }[] = [];
  for (const one of wanted) {
    const why = (await isUnsaved(one.path)) ? "has unsaved changes in the editor" : await setBack(one, files, loadText);
    if (why === null) done.push(one.path);
    else left.push({ path: one.path, why });
  }
  return { done, left };
}

/** Why it was left; `null` = it holds now what it held then. */
async function setBack(
  { path, holds, held }: SetBack,
  files: WorkspaceFiles,
  loadText: (key: string) => Promise<string | null>,
): Promise<string | null> {
  if (!holds || !held) return "is too large to be kept";
  const present = await files.load(path);
  if (present.kind === "refused") return present.complaint;
  const isAsLeft =
    holds.kind === "absent" ? present.kind === "missing" : present.kind === "text" && keyedText(present.text)?.key === holds.key;
  if (!isAsLeft) return "was changed since";
  if (held.kind === "absent") return complaintOf(await files.remove(path));
  const text = await loadText(held.key);
  if (text === null) return "is not kept any more";
  const form = present.kind === "text" ? present.form : { encoding: "utf8" as const, bom: false };
  return complaintOf(await files.store(path, text, form));
}

function complaintOf(result: { readonly kind: string; readonly complaint?: string }): string | null {
  return result.kind === "refused" ? (result.complaint ?? "cannot be written") : null;
}
