import { withoutReturns } from "./lines";
import { nearestText } from "./nearest";
import { plural } from "./results";

export interface Edit {
  readonly old: string;
  readonly new: string;
  /** Replaces each occurrence; without it there must be one. */
  readonly all?: boolean | null | undefined;
}

/** `places`: how many were replaced. */
export type Replaced =
  | { readonly ok: true; readonly text: string; readonly places: number }
  | { readonly ok: false; readonly complaint: string };

/** Most places named when a text is not unique. */
const MAX_PLACES = 20;

/**
 * Applies exact replacements in order, each to the result of the one before: all or none. `text` is as on disk; LF in
 * `old` matches CRLF too, and `new` takes the line ends of the file. What is not replaced stays byte for byte.
 */
export function replaceAll(text: string, edits: readonly Edit[], path: string): Replaced {
  let current = text;
  let places = 0;
  for (const [index, edit] of edits.entries()) {
    const result = replaceOne(current, edit, path);
    if (!result.ok) {
      const which = edits.length === 1 ? "" : `Edit ${index + 1} of ${edits.length}: `;
      return { ok: false, complaint: `${which}${result.complaint}${edits.length === 1 ? "" : "\nNo edit was made."}` };
    }
    current = result.text;
    places += result.places;
  }
  return { ok: true, text: current, places };
}

function replaceOne(text: string, edit: Edit, path: string): Replaced {
  const old = withoutReturns(edit.old);
  const replacement = withoutReturns(edit.new);
  if (old === "") return complain("`old` is empty. Give the text to replace, or use write_file for a whole file.");
  if (old === replacement) return complain("`old` and `new` are the same: nothing to do.");
  const { plain, toRaw } = withPlainEnds(text);
  const first = plain.indexOf(old);
  if (first < 0) return complain(`\`old\` was not found in ${path}. ${nearestText(plain, old)}`);
  if (!edit.all && plain.indexOf(old, first + 1) >= 0) return complain(notUnique(plain, old, path));
  const ends = usualLineEnd(text) === "\r\n" ? replacement.replaceAll("\n", "\r\n") : replacement;
  const pieces: string[] = [];
  let from = 0;
  for (let at = first; at >= 0; at = plain.indexOf(old, at + old.length)) {
    pieces.push(text.slice(from, toRaw(at)), ends);
    from = toRaw(at + old.length);
  }
  return { ok: true, text: pieces.join("") + text.slice(from), places: pieces.length / 2 };
}

function complain(complaint: string): Replaced {
  return { ok: false, complaint };
}

/** The line end most lines have; LF for a text without any. */
export function usualLineEnd(text: string): "\n" | "\r\n" {
  const all = text.split("\n").length - 1;
  const crlf = text.split("\r\n").length - 1;
  return crlf * 2 > all ? "\r\n" : "\n";
}

/** The text with LF ends, and the way from its offsets back to those of the text given. */
function withPlainEnds(text: string): { plain: string; toRaw: (offset: number) => number } {
  if (!text.includes("\r\n")) return { plain: text, toRaw: (offset) => offset };
  const plain = withoutReturns(text);
  // Offsets, in `plain`, of the line ends that had a return before them.
  const returns: number[] = [];
  for (let at = text.indexOf("\r\n"); at >= 0; at = text.indexOf("\r\n", at + 2)) returns.push(at - returns.length);
  return { plain, toRaw: (offset) => offset + countBelow(returns, offset) };
}

/** How many of the ascending `numbers` are below `limit`. */
function countBelow(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function notUnique(text: string, old: string, path: string): string {
  const lines: number[] = [];
  let count = 0;
  let line = 1;
  let from = 0;
  for (let at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + 1)) {
    count += 1;
    if (lines.length >= MAX_PLACES) continue;
    for (let end = text.indexOf("\n", from); end >= 0 && end < at; end = text.indexOf("\n", from)) {
      line += 1;
      from = end + 1;
    }
    lines.push(line);
  }
  const more = count > lines.length ? ", …" : "";
  const lineWord = lines.length === 1 ? "line" : "lines";
  return `\`old\` is in ${path} ${plural(count, "time")}, at ${lineWord} ${[...new Set(lines)].join(", ")}${more}. Add lines around it, or set \`all\`.`;
}
