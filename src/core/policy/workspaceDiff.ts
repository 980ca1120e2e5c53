import type { FileChange } from "../agentEvent";
import type { TurnRecord } from "../runState";

/** Paths that are for trying things out: changing them is not progress. */
const SCRATCH = /(^|\/)(tmp|temp|scratch)([-_.\d][^/]*)?(\/|$)|\.(log|tmp|orig)$/i;

export function isScratch(path: string): boolean {
  return SCRATCH.test(path);
}

export function isChange({ added, removed }: FileChange): boolean {
  return added + removed > 0;
}

/**
 * What differs from the state before the run once `turns` are done: for each file that is not scratch, what it holds now. A
 * file that holds what it held at first is not in it, so undoing an edit undoes the difference. Texts are known by their
 * keys; one too large to have a key counts as new with each change.
 */
export type WorkspaceDiff = ReadonlyMap<string, string>;

export function workspaceDiff(turns: readonly TurnRecord[]): WorkspaceDiff {
  const first = new Map<string, string | null>();
  const now = new Map<string, string>();
  for (const { turn, calls } of turns) {
    for (const change of calls.flatMap((call) => call.changes)) {
      const { path } = change;
      if (isScratch(path) || !isChange(change)) continue;
      const { before, after } = textsOf(change);
      if (!first.has(path)) first.set(path, before);
      const held = after ?? `turn ${turn}`;
      if (held === first.get(path)) now.delete(path);
      else now.set(path, held);
    }
  }
  return now;
}

/**
 * Keys of the texts before and after a change; `ABSENT` = no such file, `null` = a text that was not kept. Where a key is
 * missing, no line came from the one, or went to the other, if there was no file.
 */
export function textsOf({ before, after, added, removed, unkept }: FileChange): {
  readonly before: string | null;
  readonly after: string | null;
} {
  const missing = (lines: number) => (lines === 0 && !unkept ? ABSENT : null);
  return { before: before ?? missing(removed), after: after ?? missing(added) };
}

export const ABSENT = "";

/** Files in which two states differ, sorted. */
export function differingPaths(a: WorkspaceDiff, b: WorkspaceDiff): readonly string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort();
}
