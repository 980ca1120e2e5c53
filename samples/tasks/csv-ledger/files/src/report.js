import { addAmount } from "./money.js";

/** Sums by category, one a line, by name. */
export function report(records) {
  const sums = new Map();
  for (const { category, amount } of records) {
    sums.set(category, addAmount(sums.get(category) ?? 0, amount));
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, sum]) => `${category} ${sum.toFixed(2)}`)
    .join("\n");
}
