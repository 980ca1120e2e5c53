import type { SearchHit } from "../tools/ports";

/** Longest piece of a line that is shown, in characters. */
const SHOWN_CHARS = 300;
const BEFORE_CHARS = 100;
/** Lines longer than this many bytes are not searched for their match to show it: their beginning is shown. */
export const LONG_LINE_BYTES = 1_000;
/** Past so many matching lines the rest is not counted. */
export const MAX_COUNTED = 10_000;

/** Gathers matching lines: the first `limit` to show, the others to count. */
export function createHitList(limit: number) {
  const hits: SearchHit[] = [];
  let total = 0;
  return {
    hits,
    total: () => total,
    /** False = there are enough to stop. `column`: where the match begins, from 0, in UTF-16 units. */
    add(path: string, line: number, text: string, column: number): boolean {
      total += 1;
      if (hits.length < limit) hits.push({ path, line, text: aroundMatch(text, column) });
      return total < MAX_COUNTED;
    },
  };
}

/** A line without its end; a long one cut around its match, a very long one after its beginning. */
export function aroundMatch(line: string, column: number): string {
  const text = line.replace(/\r$/, "");
  if (text.length <= SHOWN_CHARS) return text;
  const isNear = column + BEFORE_CHARS < SHOWN_CHARS || Buffer.byteLength(text) > LONG_LINE_BYTES;
  const start = isNear ? 0 : characterStart(text, Math.min(column - BEFORE_CHARS, text.length - SHOWN_CHARS));
  const end = characterStart(text, Math.min(start + SHOWN_CHARS, text.length));
  return `${start > 0 ? "…" : ""}${text.slice(start, end)}${end < text.length ? "…" : ""}`;
}

/** The offset itself, or the one before it where it would part a surrogate pair. */
function characterStart(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
}
