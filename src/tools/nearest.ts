/** Bounds that keep the search for a nearest match to some milliseconds and its answer to a few hundred tokens. */
const MAX_LINES = 50_000;
const MAX_LINE_CHARS = 300;
const MAX_OLD_LINES = 40;
const MAX_SHOWN_LINES = 12;
const MAX_SHOWN_CHARS = 1_500;
const CANDIDATES = 8;
/** Below this share of common letter pairs, showing the place would mislead. */
const LEAST_LIKENESS = 0.4;

/** Where `old` would most likely have matched, as the file has it, so that the next try can copy it. */
export function nearestText(text: string, old: string): string {
  const lines = text.split("\n", MAX_LINES);
  const wanted = trimBlankEnds(old.split("\n"));
  if (wanted.length === 0) return "It is only white space: give some text with it.";
  const spaced = sameButForSpace(lines, wanted);
  if (spaced) return `It differs only in white space from lines ${spaced.from}-${spaced.to}:\n${shown(lines, spaced)}`;
  const near = mostAlike(lines, wanted);
  if (!near) return "Nothing in it is like that: read the file again.";
  return `The nearest is ${near.from === near.to ? `line ${near.from}` : `lines ${near.from}-${near.to}`}:\n${shown(lines, near)}`;
}

/** 1-based lines, inclusive. */
interface Span {
  readonly from: number;
  readonly to: number;
}

function shown(lines: readonly string[], { from, to }: Span): string {
  const last = Math.min(to, from + MAX_SHOWN_LINES - 1);
  const text = lines.slice(from - 1, last).join("\n");
  const cut = text.length > MAX_SHOWN_CHARS || last < to;
  return cut ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}

function trimBlankEnds(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/** A place whose letters, spaces and line breaks apart, are the very ones of `wanted`. */
function sameButForSpace(lines: readonly string[], wanted: readonly string[]): Span | null {
  const squeezed = lines.map(squeeze);
  const all = squeezed.join("");
  const sought = wanted.map(squeeze).join("");
  const at = all.indexOf(sought);
  if (at < 0) return null;
  const lineOf = (offset: number) => {
    let end = 0;
    for (const [index, line] of squeezed.entries()) {
      end += line.length;
      if (offset < end) return index + 1;
    }
    return squeezed.length;
  };
  return { from: lineOf(at), to: lineOf(at + sought.length - 1) };
}

function squeeze(line: string): string {
  return line.replace(/\s+/g, "");
}

/** The run of lines most like `wanted`: places where its most telling line comes close, then judged as a whole. */
function mostAlike(lines: readonly string[], wanted: readonly string[]): Span | null {
  const sought = wanted.slice(0, MAX_OLD_LINES).map(letterPairs);
  const anchor = sought.reduce((best, pairs, index) => (pairs.count > (sought[best]?.count ?? 0) ? index : best), 0);
  const anchorPairs = sought[anchor];
  if (!anchorPairs) return null;
  const places = lines
    .map((line, index) => ({ index, likeness: likeness(anchorPairs, letterPairs(line)) }))
    .sort((a, b) => b.likeness - a.likeness || a.index - b.index)
    .slice(0, CANDIDATES);
  let best: { readonly start: number; readonly score: number } | null = null;
  for (const { index } of places) {
    const start = Math.max(0, index - anchor);
    const scores = sought.map((pairs, offset) => likeness(pairs, letterPairs(lines[start + offset] ?? "")));
    const score = scores.reduce((sum, one) => sum + one, 0) / scores.length;
    if (!best || score > best.score) best = { start, score };
  }
  if (!best || best.score < LEAST_LIKENESS) return null;
  return { from: best.start + 1, to: Math.min(lines.length, best.start + wanted.length) };
}

interface LetterPairs {
  readonly pairs: ReadonlyMap<string, number>;
  readonly count: number;
}

function letterPairs(line: string): LetterPairs {
  const text = line.trim().slice(0, MAX_LINE_CHARS);
  const pairs = new Map<string, number>();
  for (let i = 0; i + 1 < text.length; i += 1) {
    const pair = text.slice(i, i + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return { pairs, count: Math.max(0, text.length - 1) };
}

/** Dice coefficient, 0..1. */
function likeness(a: LetterPairs, b: LetterPairs): number {
  if (a.count === 0 && b.count === 0) return 1;
  if (a.count + b.count === 0) return 0;
  let common = 0;
  for (const [pair, count] of a.pairs) common += Math.min(count, b.pairs.get(pair) ?? 0);
  return (2 * common) / (a.count + b.count);
}
