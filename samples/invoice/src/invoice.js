import { discountOn } from "./discounts.js";
import { createLine, netAmount } from "./lines.js";
import { taxOn } from "./tax.js";

export { formatInvoice } from "./format.js";

/** An invoice with its totals in cents. The discount comes off the net amount, before tax. */
export function createInvoice({ number, region, lines, discount = null, exempt = false }) {
  if (lines.length === 0) throw new RangeError(`invoice ${number} has no lines`);
  const checked = lines.map(createLine);
  return { number, region, lines: checked, totals: totalsOf(checked, { region, discount, exempt }) };
}

function totalsOf(lines, { region, discount, exempt }) {
  const net = netAmount(lines);
  const taken = discountOn(net, discount);
  const taxable = net - taken;
  const tax = taxOn(taxable, region, { exempt });
  return { net, discount: taken, tax, due: taxable + tax };
}
