/** Keeps the last `max` values that `load` brought, each for `ttlMs` from its arrival. Failures are not kept. */
export function createCache({ load, ttlMs, max, now = Date.now }) {
  /** Least recently used first. */
  const values = new Map();
  const loads = new Map();

  function keep(key, value) {
    values.delete(key);
    values.set(key, { value, at: now() });
    if (values.size > max) values.delete(values.keys().next().value);
  }

  async function start(key) {
    return load(key);
  }

  return {
    async get(key) {
      const entry = values.get(key);
      if (entry && now() - entry.at < ttlMs) {
        values.delete(key);
        values.set(key, entry);
        return entry.value;
      }
      values.delete(key);
      const running = loads.get(key);
      if (running) return running;
      const started = start(key).then(
        (value) => {
          if (loads.get(key) === started) {
            loads.delete(key);
            keep(key, value);
          }
          return value;
        },
        (error) => {
          if (loads.get(key) === started) loads.delete(key);
          throw error;
        },
      );
      loads.set(key, started);
      return started;
    },
    delete(key) {
      values.delete(key);
      loads.delete(key);
    },
    get size() {
      return values.size;
    },
  };
}
