import type { Interval } from "./types.ts";

/** Overlapping and touching intervals joined, in order. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { start, end } of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** What of `whole` is outside all of `taken`, which are merged. */
export function gaps(whole: Interval, taken: readonly Interval[]): Interval[] {
  const free: Interval[] = [];
  let from = whole.start;
  for (const { start, end } of taken) {
    const until = Math.min(start, whole.end);
    if (until > from) free.push({ start: from, end: until });
    from = Math.max(from, end);
  }
  if (from < whole.end) free.push({ start: from, end: whole.end });
  return free;
}
