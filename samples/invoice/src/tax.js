import { portion } from "./money.js";

/** Sales tax by region, as a fraction of the net amount. */
const RATES = {
  "US-CO": 0.029,
  "US-CA": 0.0725,
  "US-NY": 0.04,
  "DE": 0.19,
  "DE-reduced": 0.07,
};

export function taxRate(region) {
  const rate = RATES[region];
  if (rate === undefined) throw new RangeError(`no tax rate for ${region}`);
  return rate;
}

/** Tax on a net amount. Customers with a tax number of their own pay none. */
export function taxOn(netCents, region, { exempt = false } = {}) {
  return exempt ? 0 : portion(netCents, taxRate(region));
}
