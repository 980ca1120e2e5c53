/** How long a provider may be silent. */
export interface Patience {
  /** Until the first sign of an answer. */
  readonly firstByteMs: number;
  readonly betweenChunksMs: number;
}

export interface Silence {
  readonly reasoning: boolean;
  /** Runs on this machine or near it; see `isLocal`. */
  readonly local: boolean;
  /** The answer comes in one piece, at its end. */
  readonly whole: boolean;
  /** How often this endpoint was given up as stalled before. */
  readonly stalls: number;
}

/** `fetch` gives up after five minutes in which no byte came, head or body, and can be told no other time. */
export const LONGEST_SILENCE_MS = 5 * 60_000;

/**
 * A stall is to be found soon, but several endpoints send nothing while they write the arguments of a long call, a local
 * model may take minutes over the prompt, and a hosted one may think for minutes unseen. So patience begins at a minute,
 * or as long as what comes before the first word takes, and doubles each time it was too short.
 */
export function patienceFor({ reasoning, local, whole, stalls }: Silence): Patience {
  if (whole) return { firstByteMs: LONGEST_SILENCE_MS, betweenChunksMs: LONGEST_SILENCE_MS };
  const grown = (ms: number) => Math.min(LONGEST_SILENCE_MS, ms * 2 ** stalls);
  const beforeWords = local ? 120_000 : reasoning ? LONGEST_SILENCE_MS : 60_000;
  return { firstByteMs: grown(beforeWords), betweenChunksMs: grown(60_000) };
}
