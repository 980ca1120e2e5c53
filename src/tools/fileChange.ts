import { diffArrays } from "diff";
import type { FileChange } from "../core/agentEvent";
import type { SaveText } from "./ports";

/** Most line changes worked out exactly; past it every line between the common start and end counts as changed. */
const MAX_EDIT_LENGTH = 1_000;

/**
 * The record of a change, with both texts kept. `null` as a text = no such file. Keys are `null` too for texts too large
 * to keep, and then the change says so.
 */
export async function recordChange(
  path: string,
  before: string | null,
  after: string | null,
  saveText: SaveText,
): Promise<FileChange> {
  const key = (text: string | null) => (text === null ? null : saveText(text).catch(() => null));
  const [beforeKey, afterKey] = [await key(before), await key(after)];
  const isUnkept = (before !== null && beforeKey === null) || (after !== null && afterKey === null);
  const lines = countChangedLines(before ?? "", after ?? "");
  return { path, ...lines, before: beforeKey, after: afterKey, ...(isUnkept ? { unkept: true } : {}) };
}

/** Lines only in one of two texts, as a line diff counts them. A line's end belongs to it. */
export function countChangedLines(before: string, after: string): { readonly added: number; readonly removed: number } {
  const [old, now] = withoutCommonEnds(linesOf(before), linesOf(after));
  if (old.length === 0 || now.length === 0) return { added: now.length, removed: old.length };
  const parts = diffArrays([...old], [...now], { maxEditLength: MAX_EDIT_LENGTH });
  if (!parts) return { added: now.length, removed: old.length };
  let added = 0;
  let removed = 0;
  for (const part of parts) {
    if (part.added) added += part.count;
    if (part.removed) removed += part.count;
  }
  return { added, removed };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split("\n").map((line) => `${line}\n`);
  const last = lines.pop()?.slice(0, -1);
  return last ? [...lines, last] : lines;
}

function withoutCommonEnds(a: readonly string[], b: readonly string[]): [readonly string[], readonly string[]] {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}

/** `+3 -1`. */
export function changeText({ added, removed }: { readonly added: number; readonly removed: number }): string {
  return `+${added} -${removed}`;
}
