import { addUsd, leftOver, type NanoUsd, ZERO_USD } from "../../src/core/money";

/** Dollars a try may spend; `whole`: as much as any try may, so that being cut by it says something of the agent. */
export interface Grant {
  readonly usd: NanoUsd | null;
  readonly whole: boolean;
}

export type Draw =
  | { readonly kind: "grant"; readonly grant: Grant }
  /** Not enough is free for a whole try, but tries that are running may give some back. */
  | { readonly kind: "wait" }
  | { readonly kind: "empty" };

/**
 * The money of the whole evaluation. A running try holds all it was granted, so spent + held never passes the cap; one
 * whose cost is not known is taken to have spent its grant.
 */
export class Purse {
  readonly #cap: NanoUsd | null;
  readonly #perTry: NanoUsd | null;
  #spent: NanoUsd;
  #held = ZERO_USD;
  #running = 0;

  constructor(cap: NanoUsd | null, perTry: NanoUsd | null, spentBefore: NanoUsd = ZERO_USD) {
    this.#cap = cap;
    this.#perTry = perTry;
    this.#spent = spentBefore;
  }

  get spent(): NanoUsd {
    return this.#spent;
  }

  draw(): Draw {
    const free = this.#cap === null ? null : leftOver(leftOver(this.#cap, this.#spent), this.#held);
    const isShort = free !== null && (free === 0 || (this.#perTry !== null && free < this.#perTry));
    if (isShort && this.#running > 0) return { kind: "wait" };
    if (free === 0) return { kind: "empty" };
    const usd = isShort ? free : (this.#perTry ?? free);
    this.#held = addUsd(this.#held, usd ?? ZERO_USD);
    this.#running += 1;
    return { kind: "grant", grant: { usd, whole: usd === null || (this.#perTry !== null && usd === this.#perTry) } };
  }

  /** Ends a grant. `spent` `null` = not known. */
  settle({ usd }: Grant, spent: NanoUsd | null): void {
    this.#held = leftOver(this.#held, usd ?? ZERO_USD);
    this.#spent = addUsd(this.#spent, spent ?? usd ?? ZERO_USD);
    this.#running -= 1;
  }
}
