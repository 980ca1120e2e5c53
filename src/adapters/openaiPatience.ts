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
 * A stall is to be found soon, but several endpoints send nothing while they write the arguments of a long call, and a
 * local model may take minutes over the prompt. So patience begins at a minute, or two where thinking or loading comes
 * first, and doubles each time it was too short.
 */
export function patienceFor({ reasoning, local, whole, stalls }: Silence): Patience {
  if (whole) return { firstByteMs: LONGEST_SILENCE_MS, betweenChunksMs: LONGEST_SILENCE_MS };
  const grown = (ms: number) => Math.min(LONGEST_SILENCE_MS, ms * 2 ** stalls);
  return { firstByteMs: grown(reasoning || local ? 120_000 : 60_000), betweenChunksMs: grown(60_000) };
}
