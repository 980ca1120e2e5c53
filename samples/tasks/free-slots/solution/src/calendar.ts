import { gaps, merge } from "./intervals.ts";
import type { Interval, Meeting, Wish } from "./types.ts";

/** Slots of the day in which nobody of `meetings` meets. */
export function freeSlots(meetings: readonly Meeting[], { day, minMinutes, bufferMinutes = 0 }: Wish): Interval[] {
  const taken = meetings
    .filter(({ cancelled, start, end }) => !cancelled && start < end)
    .map(({ start, end }) => ({ start: start - bufferMinutes, end: end + bufferMinutes }));
  return gaps(day, merge(taken)).filter((slot) => slot.end - slot.start >= minMinutes);
}
