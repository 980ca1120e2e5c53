import type { Interval } from "./types.ts";

/** Overlapping and touching intervals joined, in order. */
export function merge(intervals: Interval[]): Interval[] {
  const sorted = intervals.sort((a, b) => a.start - b.start);
  const merged: Interval[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    if (last && next.start <= last.end) last.end = next.end;
    else merged.push(next);
  }
  return merged;
}

/** What of `whole` is outside all of `taken`, which are merged. */
export function gaps(whole: Interval, taken: Interval[]): Interval[] {
  const free: Interval[] = [];
  let from = whole.start;
  for (const { start, end } of taken) {
    if (start > from) free.push({ start: from, end: start });
    from = end;
  }
  if (from < whole.end) free.push({ start: from, end: whole.end });
  return free;
}
