import { createCache } from "./cache.js";

/** Prices as customers see them. `service.price(id)` answers `{ amount, currency }`, or `undefined` for no such article. */
export function createShop(service, { now } = {}) {
  const cache = createCache({ load: (id) => service.price(id), ttlMs: 60_000, max: 100, ...(now ? { now } : {}) });

  return {
    async displayPrice(id) {
      const price = await cache.get(id);
      return price === undefined ? "no price" : price.amount.toFixed(2);
    },
  };
}
