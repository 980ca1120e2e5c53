import type { DiffLine } from "../protocol/sidebar";

/** A short diff for an approval: small changes whole, large ones not at all (the editor's own diff shows those). */
export interface ShortDiff {
  readonly lines: readonly DiffLine[];
  readonly added: number;
  readonly removed: number;
}

const CONTEXT = 2;
/** Beyond this many differing lines the search is given up. */
const MOST_EDITS = 400;

/** A shortest line diff (Myers); `null` when the texts differ in more lines than are worth showing. */
export function lineDiff(before: string, after: string): ShortDiff | null {
  const [a, b] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = shortestEdit(a.slice(start, a.length - end), b.slice(start, b.length - end));
  if (!middle) return null;
  const same = (text: string): DiffLine => ({ kind: "same", text });
  const all = slidDown([...a.slice(0, start).map(same), ...middle, ...a.slice(a.length - end).map(same)]);
  const count = (kind: DiffLine["kind"]) => all.filter((line) => line.kind === kind).length;
  return { lines: withContext(all), added: count("added"), removed: count("removed") };
}

function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split(/\r?\n/);
}

/** Myers' greedy search, the furthest reach of every diagonal kept per number of edits, then walked back. */
function shortestEdit(a: readonly string[], b: readonly string[]): DiffLine[] | null {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const reach = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits++) {
    history.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      const down = k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
      let x = down ? at(reach, k + 1) : at(reach, k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, history);
    }
  }
  return null;
}

function walkBack(a: readonly string[], b: readonly string[], history: readonly Map<number, number>[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = history.length - 1; edits >= 0; edits--) {
    const reach = history[edits] ?? new Map<number, number>();
    const k = x - y;
    const down = k === -edits || (k !== edits && at(reach, k - 1) < at(reach, k + 1));
    const fromX = edits === 0 ? 0 : at(reach, down ? k + 1 : k - 1);
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      lines.push({ kind: "same", text: a[--x] ?? "" });
      y--;
    }
    if (edits > 0 && down) lines.push({ kind: "added", text: b[--y] ?? "" });
    else if (edits > 0) lines.push({ kind: "removed", text: a[--x] ?? "" });
  }
  return lines.reverse();
}

function at(reach: ReadonlyMap<number, number>, k: number): number {
  return reach.get(k) ?? -1;
}

/** A block that could as well stand further down does: `}` at its end reads better than `}` before its start. */
function slidDown(lines: readonly DiffLine[]): readonly DiffLine[] {
  const slid = [...lines];
  let start = 0;
  while (start < slid.length) {
    const kind = slid[start]?.kind ?? "same";
    let end = start;
    while (end < slid.length && slid[end]?.kind === kind) end++;
    const alone = kind !== "same" && (end >= slid.length || slid[end]?.kind === "same");
    const first = slid[start];
    const next = slid[end];
    if (alone && first && next && next.text === first.text && slid[start - 1]?.kind !== opposite(kind)) {
      slid[start] = { kind: "same", text: first.text };
      slid[end] = { kind, text: next.text };
      start++;
    } else start = end;
  }
  return slid;
}

function opposite(kind: DiffLine["kind"]): DiffLine["kind"] {
  return kind === "added" ? "removed" : "added";
}

/** Only changed lines and a little around them; what is left out between two places becomes one gap. */
function withContext(all: readonly DiffLine[]): readonly DiffLine[] {
  const near = new Set<number>();
  all.forEach((line, index) => {
    if (line.kind !== "same") for (let d = -CONTEXT; d <= CONTEXT; d++) near.add(index + d);
  });
  // A gap takes a line itself: one that would hide a single line hides nothing.
  const shown = (index: number) => near.has(index) || (near.has(index - 1) && near.has(index + 1));
  const lines: DiffLine[] = [];
  all.forEach((line, index) => {
    if (shown(index)) lines.push(line);
    else if (lines.length > 0 && lines.at(-1)?.kind !== "gap") lines.push({ kind: "gap", text: "" });
  });
  return lines.at(-1)?.kind === "gap" ? lines.slice(0, -1) : lines;
}
