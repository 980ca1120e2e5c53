import type { ModelResult } from "./ports";

/** What follows a call that was not answered. */
export type NextTry = { readonly kind: "again"; readonly waitMs: number } | { readonly kind: "giveUp"; readonly reason: string };

export const MOST_ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
/** A provider that asks for a longer pause than this is not waited for. */
const LONGEST_WAIT_MS = 120_000;

/**
 * Whether to try again after so many attempts, of which `stalls` went silent, and when: never sooner than asked, nor than
 * twice the wait before.
 */
export function nextTry(result: Exclude<ModelResult, { kind: "answered" }>, attempt: number, stalls: number): NextTry {
  const { reason } = result;
  const backoff = FIRST_WAIT_MS * 2 ** (attempt - 1);
  if (result.kind === "broken") {
    // A provider that ignores its limit would do so again; one that stalls twice costs a whole prompt each time.
    const isHopeless = result.cause === "overBound" || stalls > 1;
    return isHopeless ? { kind: "giveUp", reason } : again(backoff, attempt, reason);
  }
  switch (result.retry) {
    case "never":
      return { kind: "giveUp", reason };
    case "now":
      return again(0, attempt, reason);
    case "later":
      return again(Math.max(result.askedMs ?? 0, backoff), attempt, reason);
  }
}

function again(waitMs: number, attempt: number, reason: string): NextTry {
  if (waitMs > LONGEST_WAIT_MS) return { kind: "giveUp", reason: `${reason}; try again in ${inWords(waitMs)}` };
  if (attempt < MOST_ATTEMPTS) return { kind: "again", waitMs };
  return { kind: "giveUp", reason: `gave up after ${MOST_ATTEMPTS} attempts: ${reason}` };
}

function inWords(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
