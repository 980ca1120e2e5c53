/** Tokens of one model call in disjoint parts; `reasoning` is the share of `output` spent on thinking. All whole, >= 0. */
export interface Usage {
  /** Input billed at the full rate. */
  readonly freshInput: number;
  readonly cacheRead: number;
  /** Written to a cache that lives five minutes, and one hour. */
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  /** Everything generated, reasoning included. */
  readonly output: number;
  readonly reasoning: number;
}

export const NO_USAGE: Usage = { freshInput: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, reasoning: 0 };

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    freshInput: a.freshInput + b.freshInput,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

/** The whole prompt, however it was billed. */
export function inputTokens(usage: Usage): number {
  return usage.freshInput + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
}

export function cacheWrites(usage: Usage): number {
  return usage.cacheWrite5m + usage.cacheWrite1h;
}

/** What a token cap counts: cached re-reads are shown and priced, but do not count. */
export function cappedTokens(usage: Usage): number {
  return usage.freshInput + cacheWrites(usage) + usage.output;
}
