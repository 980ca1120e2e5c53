import { type PriceRow, ratePerMillion } from "../core/pricing";
import type { NumberRange } from "../protocol/typedNumber";
import { amount, bad, type Checked, good, isRecord } from "./settingChecks";

/** Dollars per million tokens, as the user types them. */
export interface UserPrice {
  readonly input: number;
  readonly output: number;
  /** As `input` where absent: dear rather than cheap. */
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export type UserPrices = { readonly [model: string]: UserPrice };

/** The guard of one price in `turnpike.prices`. */
export function checkPrice(value: unknown): Checked<UserPrice> {
  if (!isRecord(value)) return bad("must be a price with input and output", value);
  const rates = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  for (const name of ["input", "output", "cacheRead", "cacheWrite"] as const) {
    const isOptional = name === "cacheRead" || name === "cacheWrite";
    const checked = rate(isOptional ? (value[name] ?? rates.input) : value[name]);
    if (!checked.ok) return { ok: false, complaint: `(${name}) ${checked.complaint}` };
    rates[name] = checked.value;
  }
  return good(rates);
}

/** What one rate may be, as typed and as set. */
export const RATE_RANGE: NumberRange = { most: 100_000, whole: false, words: "a number of dollars from 0 to 100,000" };

const rate = amount(RATE_RANGE.most, "a price in dollars per million tokens");

/** The price the user set for a model, or `null`. Ids match exactly: a price is never guessed from a similar name. */
export function userPriceOf(prices: UserPrices, model: string): PriceRow | null {
  const price = Object.hasOwn(prices, model) ? prices[model] : undefined;
  return price ? toRow(model, price) : null;
}

function toRow(model: string, { input, output, cacheRead = input, cacheWrite = input }: UserPrice): PriceRow {
  const tier = {
    aboveInputTokens: 0,
    freshInput: ratePerMillion(input),
    cacheRead: ratePerMillion(cacheRead),
    cacheWrite5m: ratePerMillion(cacheWrite),
    cacheWrite1h: ratePerMillion(cacheWrite),
    output: ratePerMillion(output),
  };
  return { model, source: "user", asOf: null, tiers: [tier] };
}
