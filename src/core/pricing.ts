import { type NanoUsd, nano } from "./money";
import { inputTokens, type Usage } from "./usage";

/** Nano-dollars per million tokens: $1.25 per million is 1_250_000_000. Whole, >= 0. */
export type Rate = number;

/** Rates that hold for prompts longer than `aboveInputTokens`; the whole request is billed at its tier. */
export interface PriceTier {
  readonly aboveInputTokens: number;
  readonly freshInput: Rate;
  readonly cacheRead: Rate;
  readonly cacheWrite5m: Rate;
  readonly cacheWrite1h: Rate;
  readonly output: Rate;
}

/** Where a price was found. `demo` money is play money: it never counts towards a real cap. */
export type PriceSource = "user" | "override" | "genai-prices" | "demo";

/** One model's price as of a date. Stored with every charge, so that history never changes when prices do. */
export interface PriceRow {
  readonly model: string;
  readonly source: PriceSource;
  /** ISO date the price was taken from its source; `null` when the user typed it. */
  readonly asOf: string | null;
  /** Ascending by `aboveInputTokens`; the first starts at 0. */
  readonly tiers: readonly [PriceTier, ...PriceTier[]];
}

/** What one call cost under `price`: nano-dollars, rounded up once. */
export function costOf(usage: Usage, price: PriceRow): NanoUsd {
  const tier = tierFor(price, inputTokens(usage));
  const sum =
    product(usage.freshInput, tier.freshInput) +
    product(usage.cacheRead, tier.cacheRead) +
    product(usage.cacheWrite5m, tier.cacheWrite5m) +
    product(usage.cacheWrite1h, tier.cacheWrite1h) +
    product(usage.output, tier.output);
  return roundUp(sum);
}

/** The dearest an input token and an output token can be in a prompt of at most `inputUpper` tokens. */
export function dearestRates(price: PriceRow, inputUpper: number): { readonly input: Rate; readonly output: Rate } {
  let input = 0;
  let output = 0;
  for (const tier of price.tiers) {
    if (tier.aboveInputTokens >= inputUpper && tier.aboveInputTokens > 0) continue;
    input = Math.max(input, tier.freshInput, tier.cacheRead, tier.cacheWrite5m, tier.cacheWrite1h);
    output = Math.max(output, tier.output);
  }
  return { input, output };
}

/** The most a call can cost: `inputUpper` tokens at the dearest input rate and `maxOutput` at the output rate. */
export function worstCase(price: PriceRow, inputUpper: number, maxOutput: number): NanoUsd {
  const rates = dearestRates(price, inputUpper);
  return roundUp(product(inputUpper, rates.input) + product(maxOutput, rates.output));
}

/** Dollars per million tokens, as people write prices, to a `Rate`. Throws on negative or non-finite input. */
export function ratePerMillion(dollars: number): Rate {
  if (!Number.isFinite(dollars) || dollars < 0) throw new RangeError(`not a price: ${dollars}`);
  return Math.ceil(Number((dollars * 1e9).toPrecision(15)));
}

/** The tier that a prompt of `input` tokens is billed at. */
export function tierFor(price: PriceRow, input: number): PriceTier {
  let found = price.tiers[0];
  for (const tier of price.tiers) if (input > tier.aboveInputTokens) found = tier;
  return found;
}

/** Tokens times rate passes 2^53 for long prompts at dear rates, so the sum is taken in big integers. */
function product(tokens: number, rate: Rate): bigint {
  return BigInt(tokens) * BigInt(rate);
}

function roundUp(nanoTimesMillion: bigint): NanoUsd {
  return nano(Number((nanoTimesMillion + 999_999n) / 1_000_000n));
}
