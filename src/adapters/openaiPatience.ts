/** How long a provider may be silent. */
export interface Patience {
  /** Until the first sign of an answer. */
  readonly firstByteMs: number;
  readonly betweenChunksMs: number;
}

export interface Work {
  readonly reasoning: boolean;
  /** Tools are declared and may be called. */
  readonly mayCall: boolean;
  readonly maxOutput: number;
  /** Runs on this machine or near it; see `isLocal`. */
  readonly local: boolean;
  /** The answer comes in one piece, at its end. */
  readonly whole: boolean;
}

/** `fetch` gives up after five minutes in which no byte came, head or body, and can be told no other time. */
export const LONGEST_SILENCE_MS = 5 * 60_000;
/** No hosted model in use is slower than this. */
const SLOWEST_TOKENS_PER_S = 20;
const SHORTEST_CALL_MS = 120_000;

/**
 * Silence is bounded by the work that may go on in it. Several endpoints send nothing while the arguments of a call are
 * generated, so there all of the output may pass in silence; a local model may take minutes over the prompt alone.
 */
export function patienceFor({ reasoning, mayCall, maxOutput, local, whole }: Work): Patience {
  if (local || whole) return { firstByteMs: LONGEST_SILENCE_MS, betweenChunksMs: LONGEST_SILENCE_MS };
  const workMs = (maxOutput / SLOWEST_TOKENS_PER_S) * 1000;
  const callMs = mayCall ? Math.min(LONGEST_SILENCE_MS, Math.max(SHORTEST_CALL_MS, workMs)) : 0;
  return {
    firstByteMs: Math.max(reasoning ? LONGEST_SILENCE_MS : 60_000, callMs),
    betweenChunksMs: Math.max(reasoning ? 60_000 : 30_000, callMs),
  };
}
