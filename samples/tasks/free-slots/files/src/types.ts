/** Half open, in minutes from midnight. */
export interface Interval {
  start: number;
  end: number;
}

export interface Meeting extends Interval {
  title: string;
  cancelled?: boolean;
}

export interface Wish {
  /** Opening hours of the day. */
  day: Interval;
  /** Slots shorter than this are of no use. */
  minMinutes: number;
  /** Kept free before and after each meeting. */
  bufferMinutes?: number;
}
