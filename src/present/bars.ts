import type { Charge } from "../core/agentEvent";
import { type PriceRow, type PriceTier, tierFor } from "../core/pricing";
import type { TurnRecord } from "../core/runState";
import { cacheWrites, inputTokens, type Usage } from "../core/usage";
import { type BarModel, barSum, NO_BAR } from "../protocol/bars";

export type ChartUnit = "usd" | "tokens";

/** Dollars where the run has a price that costs anything, else tokens. */
export function chartUnit(price: PriceRow | null): ChartUnit {
  const costs = price?.tiers.some(
    (tier) => tier.freshInput + tier.cacheRead + tier.cacheWrite5m + tier.cacheWrite1h + tier.output > 0,
  );
  return costs ? "usd" : "tokens";
}

/** Tokens by part; thinking is taken out of the output that holds it. */
export function tokenBar(usage: Usage): BarModel {
  return {
    cacheRead: usage.cacheRead,
    fresh: usage.freshInput,
    written: cacheWrites(usage),
    output: usage.output - usage.reasoning,
    reasoning: usage.reasoning,
  };
}

/**
 * Nano-dollars by part, each call at its own price, so that the parts sum to what the call was charged: the provider's
 * own figure is spread over the parts as the price table would.
 */
export function usdBar(turn: TurnRecord, fallback: PriceRow | null): BarModel {
  return turn.charges.reduce((sum, charge) => addBars(sum, chargeBar(charge, fallback)), NO_BAR);
}

export function turnBar(turn: TurnRecord, unit: ChartUnit, price: PriceRow | null): BarModel {
  return unit === "usd" ? usdBar(turn, price) : tokenBar(turn.usage);
}

function chargeBar({ usage, usd, price }: Charge, fallback: PriceRow | null): BarModel {
  const row = price ?? fallback;
  if (row === null) return NO_BAR;
  const bar = listPrice(usage, tierFor(row, inputTokens(usage)));
  const sum = barSum(bar);
  return usd === null || sum === 0 ? bar : scaled(bar, usd / sum);
}

function listPrice(usage: Usage, tier: PriceTier): BarModel {
  return {
    cacheRead: (usage.cacheRead * tier.cacheRead) / 1e6,
    fresh: (usage.freshInput * tier.freshInput) / 1e6,
    written: (usage.cacheWrite5m * tier.cacheWrite5m + usage.cacheWrite1h * tier.cacheWrite1h) / 1e6,
    output: ((usage.output - usage.reasoning) * tier.output) / 1e6,
    reasoning: (usage.reasoning * tier.output) / 1e6,
  };
}

function addBars(a: BarModel, b: BarModel): BarModel {
  return {
    cacheRead: a.cacheRead + b.cacheRead,
    fresh: a.fresh + b.fresh,
    written: a.written + b.written,
    output: a.output + b.output,
    reasoning: a.reasoning + b.reasoning,
  };
}

function scaled(bar: BarModel, factor: number): BarModel {
  const { cacheRead, fresh, written, output, reasoning } = bar;
  return {
    cacheRead: cacheRead * factor,
    fresh: fresh * factor,
    written: written * factor,
    output: output * factor,
    reasoning: reasoning * factor,
  };
}
