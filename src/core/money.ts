/**
 * Money as whole nano-dollars. $9 million fits in a double without loss, which is the bound on every amount here.
 * Amounts are rounded up once, where a call is priced; text is made in `present/format.ts` alone.
 */
declare const nanoUsd: unique symbol;
export type NanoUsd = number & { readonly [nanoUsd]: true };

const NANO_PER_USD = 1_000_000_000;

export const ZERO_USD = 0 as NanoUsd;

/** Whole nano-dollars of a count that is already in nano-dollars. Throws on anything but a safe, non-negative integer. */
export function nano(amount: number): NanoUsd {
  if (!Number.isSafeInteger(amount) || amount < 0) {
    throw new RangeError(`not a whole, non-negative number of nano-dollars: ${amount}`);
  }
  return amount as NanoUsd;
}

/** Dollars as typed by a person or a provider, rounded up to the nano-dollar. Throws on negative or unbounded input. */
export function usd(dollars: number): NanoUsd {
  // 0.1 * 1e9 is exact, 0.07 * 1e9 is 70000000.00000001: cut the noise of the multiplication before rounding up.
  return nano(Math.ceil(Number((dollars * NANO_PER_USD).toPrecision(15))));
}

/** Dollars for machine-readable output; exact to the nano-dollar below $9 million. */
export function toDollars(amount: NanoUsd): number {
  return amount / NANO_PER_USD;
}

export function addUsd(a: NanoUsd, b: NanoUsd): NanoUsd {
  return (a + b) as NanoUsd;
}

/** `a - b`, never below zero. */
export function leftOver(a: NanoUsd, b: NanoUsd): NanoUsd {
  return Math.max(0, a - b) as NanoUsd;
}
