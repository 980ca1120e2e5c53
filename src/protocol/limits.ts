import type { Unit } from "../core/runConfig";
import type { NumberRange } from "./typedNumber";

/** The bounds that page, guard and settings share: what one lets be chosen the others take. `words` says them to people. */
export const LIMITS = {
  turns: { most: 10_000, whole: true, words: "a whole number from 0 to 10,000" },
  usd: { most: 1_000_000, whole: false, words: "a number of dollars from 0 to 1,000,000" },
  tokens: { most: 1_000_000_000, whole: true, words: "a whole number from 0 to 1,000,000,000" },
  minutes: { most: 10_080, whole: false, words: "a number of minutes from 0 to 10,080, a week" },
} as const satisfies { readonly [unit in Unit]: NumberRange };

/** Characters of a task or of a follow-up, and the same for people. */
export const MOST_TASK_CHARS = 100_000;
export const TASK_TOO_LONG =
  "The task is longer than 100,000 characters. Put the long part into a file of the folder and name the file here.";

/** Characters of a message that a page is shown; what the user said may be longer. */
export const SHOWN_MESSAGE_CHARS = 20_000;
