import { ABSENT, isScratch, textsOf } from "../core/policy/workspaceDiff";
import type { RunState } from "../core/runState";
import type { WorkspaceFiles } from "../tools/ports";
import { keyedText } from "./storeTexts";

/**
 * Files that do not hold what the run left in them: set back, or changed by somebody since; sorted. Of a file that cannot be
 * read, or whose text was not kept, it cannot be told.
 */
export async function changedSince({ turns }: RunState, files: WorkspaceFiles): Promise<readonly string[]> {
  const left = new Map<string, string | null>();
  for (const change of turns.flatMap((turn) => turn.calls.flatMap((call) => call.changes))) {
    if (!isScratch(change.path)) left.set(change.path, textsOf(change).after);
  }
  const changed: string[] = [];
  for (const [path, after] of left) {
    const holds = after === null ? null : await keyOf(path, files);
    if (holds !== null && holds !== after) changed.push(path);
  }
  return changed.sort();
}

/** What a file holds, as `textsOf` tells it; `null` = it cannot be told. */
async function keyOf(path: string, files: WorkspaceFiles): Promise<string | null> {
  const present = await files.load(path);
  if (present.kind === "missing") return ABSENT;
  return present.kind === "text" ? (keyedText(present.text)?.key ?? null) : null;
}
