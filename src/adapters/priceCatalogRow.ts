import { type PriceRow, type PriceSource, type PriceTier, ratePerMillion } from "../core/pricing";

/** Dollars per million tokens, as people and price pages write them. */
export interface DollarRates {
  readonly input: number;
  readonly output: number;
  /** Not given: billed as fresh input, which is never too low. */
  readonly cacheRead?: number | undefined;
  readonly cacheWrite?: number | undefined;
  /** Writes that live an hour; not given: as the five-minute ones. */
  readonly cacheWrite1h?: number | undefined;
}

export interface DollarTier extends DollarRates {
  /** Holds for prompts of more tokens than this. */
  readonly above: number;
}

/** A row from tiers in ascending order, the first above 0. Throws on negative or unbounded rates. */
export function priceRow(
  model: string,
  source: PriceSource,
  asOf: string | null,
  tiers: readonly [DollarTier, ...DollarTier[]],
): PriceRow {
  const [first, ...rest] = tiers;
  return { model, source, asOf, tiers: [priceTier(first), ...rest.map(priceTier)] };
}

function priceTier({
  above,
  input,
  output,
  cacheRead = input,
  cacheWrite = input,
  cacheWrite1h = cacheWrite,
}: DollarTier): PriceTier {
  return {
    aboveInputTokens: above,
    freshInput: ratePerMillion(input),
    cacheRead: ratePerMillion(cacheRead),
    cacheWrite5m: ratePerMillion(cacheWrite),
    cacheWrite1h: ratePerMillion(cacheWrite1h),
    output: ratePerMillion(output),
  };
}
