/** Keeps what `load` brings. */
export function createCache({ load, ttlMs, max, now = Date.now }) {
  const entries = new Map();

  return {
    async get(key) {
      const entry = entries.get(key);
      if (entry && now() - entry.at <= ttlMs) return entry.value;
      const value = load(key).catch(() => undefined);
      entries.set(key, { value, at: now() });
      if (entries.size > max) entries.delete(entries.keys().next().value);
      return value;
    },
    delete(key) {
      entries.delete(key);
    },
    get size() {
      return entries.size;
    },
  };
}
