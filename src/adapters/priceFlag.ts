import type { PriceRow } from "../core/pricing";
import { priceRow } from "./priceCatalogRow";

const KEYS = ["in", "out", "cacheRead", "cacheWrite", "cacheWrite1h"] as const;
type Key = (typeof KEYS)[number];

/** Dearer than any model by far; catches prices per token or in another unit. */
const MOST_DOLLARS = 100_000;

/**
 * Reads `in=1.25,cacheRead=0.125,cacheWrite=1.25,out=10`, dollars per million tokens. `in` and `out` are needed; what is
 * not given is taken at the dearer rate (see `DollarRates`). Throws with words for the user.
 */
export function parsePriceFlag(text: string, model: string): PriceRow {
  const given = new Map<Key, number>();
  for (const part of text.split(",")) {
    const [name = "", value, ...more] = part.split("=").map((piece) => piece.trim());
    const key = KEYS.find((known) => known === name);
    if (!key || value === undefined || more.length > 0) {
      throw new Error(
        `"${part.trim()}" is not a price; write in=1.25,cacheRead=0.125,cacheWrite=1.25,out=10 (dollars per million tokens)`,
      );
    }
    if (given.has(key)) throw new Error(`${key} is given twice`);
    given.set(key, dollars(key, value));
  }
  const input = given.get("in");
  const output = given.get("out");
  if (input === undefined || output === undefined) throw new Error("in and out are both needed, in dollars per million tokens");
  const cached = {
    cacheRead: given.get("cacheRead"),
    cacheWrite: given.get("cacheWrite"),
    cacheWrite1h: given.get("cacheWrite1h"),
  };
  return priceRow(model, "user", null, [{ above: 0, input, output, ...cached }]);
}

function dollars(key: Key, value: string): number {
  const amount = /^(\d+\.?\d*|\.\d+)$/.test(value) ? Number(value) : Number.NaN;
  if (!(amount <= MOST_DOLLARS)) throw new Error(`${key} is a number of dollars from 0 to ${MOST_DOLLARS}, not "${value}"`);
  return amount;
}
