import { gaps, merge } from "./intervals.ts";
import type { Interval, Meeting, Wish } from "./types.ts";

/** Slots of the day in which nobody of `meetings` meets. */
export function freeSlots(meetings: readonly Meeting[], wish: Wish): Interval[] {
  const taken = merge(meetings as Meeting[]);
  return gaps(wish.day, taken).filter((slot) => slot.end - slot.start >= wish.minMinutes);
}
