import type { ModelPrice, PriceCalculation, PriceOptions, Provider } from "@pydantic/genai-prices";
import type { PriceRow } from "../core/pricing";
import { vouchesFor } from "./priceCatalogMatch";
import { type DollarTier, priceRow } from "./priceCatalogRow";

type GenaiPrices = typeof import("@pydantic/genai-prices");
type PackagePrice = ModelPrice[string];

/** The day the pinned version (0.1.8) of the package was published; a test ties the two. */
export const PACKAGE_PRICES = { version: "0.1.8", asOf: "2026-09-23" } as const;

/** Providers whose own models cannot be run by anyone else, and their open models, which can. */
const CLOSED_PROVIDERS = ["openai", "anthropic", "google", "x-ai"];
const OPEN_MODEL = /gpt-oss|gemma|grok-[12]\b/i;

/** Who serves an address, if the address tells. */
export function providerAt(genai: GenaiPrices, baseUrl: string): Provider | null {
  return genai.findProvider({ providerApiUrl: baseUrl }) ?? null;
}

/** The price a provider asks for a model. */
export function priceAt(genai: GenaiPrices, provider: Provider, modelId: string, today: Date): PriceRow | null {
  // Gemini's compatible endpoint writes "models/" before its ids.
  const id = provider.id === "google" ? modelId.replace(/^models\//, "") : modelId;
  return lookUp(genai, id, { providerId: provider.id }, today, modelId);
}

/**
 * The list price of a model behind an address that tells nothing: a proxy, which may name the provider ("openai/gpt-5"),
 * or a local server. A model that could run locally has no list price there.
 */
export function listPrice(genai: GenaiPrices, modelId: string, local: boolean, today: Date): PriceRow | null {
  const named = /^([a-z0-9-]+)\/(.+)$/i.exec(modelId);
  const provider = named?.[1] ? genai.findProvider({ providerId: named[1] }) : undefined;
  if (named?.[2] && provider) return lookUp(genai, named[2], { providerId: provider.id }, today, modelId);
  const owner = genai.findProvider({ modelId });
  if (!owner || (local && (!CLOSED_PROVIDERS.includes(owner.id) || OPEN_MODEL.test(modelId)))) return null;
  return lookUp(genai, modelId, { providerId: owner.id }, today, modelId);
}

function lookUp(genai: GenaiPrices, id: string, options: PriceOptions, today: Date, shownId: string): PriceRow | null {
  const prices = new Map<string, ModelPrice>();
  for (const timestamp of timesOf(today)) {
    const found = find(genai, id, { ...options, timestamp });
    if (!found || !vouches(found, id)) return null;
    prices.set(JSON.stringify(found.model_price), found.model_price);
    if (!variesByHour(found)) break;
  }
  const rows = [...prices.values()].map(tiersOf);
  const complete = rows.flatMap((tiers) => (tiers ? [tiers] : []));
  const dearest = complete.length === rows.length ? dearestOf(complete) : null;
  return dearest && priceRow(shownId, "genai-prices", PACKAGE_PRICES.asOf, dearest);
}

function find(genai: GenaiPrices, id: string, options: PriceOptions): PriceCalculation | null {
  try {
    return genai.calcPrice({}, id, options);
  } catch {
    return null;
  }
}

/** The package also finds ids whose compact date it has with dashes. */
function vouches(found: PriceCalculation, id: string): boolean {
  const dashed = id.replace(/-(20\d{2})(\d{2})(\d{2})(?=-|:|$)/g, "-$1-$2-$3");
  return vouchesFor(found.model.match, id) || vouchesFor(found.model.match, dashed);
}

function variesByHour({ model }: PriceCalculation): boolean {
  return Array.isArray(model.prices) && model.prices.some(({ constraint }) => constraint?.type === "time_of_date");
}

/** The day at every half hour, UTC, now first. */
function timesOf(today: Date): Date[] {
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  return [today, ...Array.from({ length: 48 }, (_, halfHour) => new Date(midnight + halfHour * 30 * 60_000))];
}

/** `null` when input or output has no price: unknown is never 0. */
function tiersOf(price: ModelPrice): [DollarTier, ...DollarTier[]] | null {
  const { input_mtok, output_mtok, cache_read_mtok, cache_write_mtok, cache_write_1h_mtok, output_reasoning_mtok } = price;
  if (input_mtok === undefined || output_mtok === undefined) return null;
  const rates = [input_mtok, output_mtok, cache_read_mtok, cache_write_mtok, cache_write_1h_mtok];
  const starts = rates.flatMap((rate) => (typeof rate === "object" ? rate.tiers.map((tier) => tier.start) : []));
  const tierAbove = (above: number): DollarTier => ({
    above,
    input: rateAbove(input_mtok, above),
    output: Math.max(rateAbove(output_mtok, above), output_reasoning_mtok ? rateAbove(output_reasoning_mtok, above) : 0),
    cacheRead: cache_read_mtok === undefined ? undefined : rateAbove(cache_read_mtok, above),
    cacheWrite: cache_write_mtok === undefined ? undefined : rateAbove(cache_write_mtok, above),
    cacheWrite1h: cache_write_1h_mtok === undefined ? undefined : rateAbove(cache_write_1h_mtok, above),
  });
  const above = [...new Set(starts)].filter((start) => start > 0).sort((a, b) => a - b);
  return [tierAbove(0), ...above.map(tierAbove)];
}

/** The package, too, bills a whole request at its tier, which begins above `start`. */
function rateAbove(rate: NonNullable<PackagePrice>, above: number): number {
  if (typeof rate === "number") return rate;
  return rate.tiers.reduce((found, tier) => (tier.start <= above ? tier.price : found), rate.base);
}

/** Prices that change with the hour count at their dearest, as a run may last into the dear hours. */
function dearestOf(rows: readonly [DollarTier, ...DollarTier[]][]): [DollarTier, ...DollarTier[]] | null {
  const dear = rows.toSorted((a, b) => b[0].input + b[0].output - a[0].input - a[0].output);
  return dear[0] ?? null;
}
