import { parsePrice, sum } from "./money.js";

/** One line of an invoice, checked, with its amount in cents. */
export function createLine({ title, quantity, unitPrice }) {
  if (!title) throw new TypeError("a line needs a title");
  if (!Number.isInteger(quantity) || quantity < 1) throw new RangeError(`not a quantity: ${quantity}`);
  const unitCents = parsePrice(unitPrice);
  return { title, quantity, unitCents, cents: quantity * unitCents };
}

export function netAmount(lines) {
  return sum(lines.map((line) => line.cents));
}
