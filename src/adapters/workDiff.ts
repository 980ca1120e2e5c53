import { createTwoFilesPatch } from "diff";
import type { FileChange } from "../core/agentEvent";
import { ABSENT, textsOf } from "../core/policy/workspaceDiff";
import type { RunState } from "../core/runState";

/** Longest diff that a fresh conversation starts with, in characters: some 6,000 tokens. */
const MOST_CHARS = 24_000;
/** Edits between two texts beyond which they are not compared line by line. */
const MAX_EDIT_LENGTH = 5_000;

/**
 * All that a run changed, as one unified diff; in a line each, files it has no room for, those whose texts were not kept,
 * and those that hold something else by now.
 */
export async function workDiff(
  { turns }: RunState,
  loadText: (key: string) => Promise<string | null>,
  changedSince: readonly string[] = [],
): Promise<string> {
  const parts: string[] = [];
  let chars = 0;
  for (const change of netChanges(turns.flatMap((turn) => turn.calls.flatMap((call) => call.changes)))) {
    const isStale = changedSince.includes(change.path);
    const patch = isStale ? null : await patchOf(change, loadText);
    const isShown = patch !== null && chars + patch.length <= MOST_CHARS;
    const why = isStale ? "changed since" : "not shown";
    const part = isShown ? patch : `${change.path}: changed, +${change.added} -${change.removed} (${why})`;
    chars += part.length;
    parts.push(part);
  }
  return parts.join("\n");
}

/** A file from its first text to its last, by their keys as `textsOf` gives them, and the lines that came and went on the way. */
interface NetChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly added: number;
  readonly removed: number;
}

/** What is as it was at first is left out. */
function netChanges(changes: readonly FileChange[]): readonly NetChange[] {
  const net = new Map<string, NetChange>();
  for (const change of changes) {
    const { path } = change;
    const known = net.get(path);
    const { before, after } = textsOf(change);
    const added = (known?.added ?? 0) + change.added;
    const removed = (known?.removed ?? 0) + change.removed;
    net.set(path, { path, before: known ? known.before : before, after, added, removed });
  }
  return [...net.values()].filter(({ before, after }) => before === null || before !== after);
}

/** `null` = a text of it is not kept. */
async function patchOf(
  { path, before, after }: NetChange,
  loadText: (key: string) => Promise<string | null>,
): Promise<string | null> {
  const textOf = async (key: string | null) => (key === null ? null : key === ABSENT ? "" : loadText(key));
  const [old, now] = [await textOf(before), await textOf(after)];
  if (old === null || now === null) return null;
  const options = { context: 2, maxEditLength: MAX_EDIT_LENGTH };
  return createTwoFilesPatch(`a/${path}`, `b/${path}`, old, now, undefined, undefined, options) ?? null;
}
