import { centsOf, formatCents } from "./money.js";

/** Sums by category, one a line, by name. Throws on an amount that is none. */
export function report(records) {
  const sums = new Map();
  for (const [at, { category, amount }] of records.entries()) {
    const cents = centsOf(amount);
    if (cents === null) throw new Error(`record ${at + 2}: "${amount}" is no amount`);
    sums.set(category, (sums.get(category) ?? 0) + cents);
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([category, sum]) => `${category} ${formatCents(sum)}`)
    .join("\n");
}
