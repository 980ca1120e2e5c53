import { createCache } from "./cache.js";

/** Prices as customers see them. `service.price(id)` answers `{ amount, currency }`. */
export function createShop(service, { now } = {}) {
  const cache = createCache({ load: (id) => service.price(id), ttlMs: 60_000, max: 100, ...(now ? { now } : {}) });

  async function getPrice(id) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await cache.get(id)).amount;
      } catch (error) {
        if (attempt === 3) {
          console.error(error);
          return null;
        }
      }
    }
  }

  return {
    async displayPrice(id) {
      const amount = await getPrice(id);
      return amount === null ? "no price" : amount.toFixed(2);
    },
  };
}
