import { portion } from "./money.js";

/**
 * What a discount takes off an amount, in cents. Never more than the amount itself.
 *
 * - `{ kind: "percent", rate: 0.1 }`: a share of the amount
 * - `{ kind: "fixed", cents: 500 }`: a coupon
 * - `{ kind: "volume", from: 10000, rate: 0.05 }`: a share, if the amount is large enough
 */
export function discountOn(cents, discount) {
  if (!discount) return 0;
  switch (discount.kind) {
    case "percent":
      return Math.min(cents, portion(cents, discount.rate));
    case "fixed":
      return Math.min(cents, discount.cents);
    case "volume":
      return cents >= discount.from ? portion(cents, discount.rate) : 0;
    default:
      throw new TypeError(`unknown kind of discount: ${discount.kind}`);
  }
}
