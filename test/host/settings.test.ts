import assert from "node:assert/strict";
import { readSettings } from "../../src/host/settings";
import { userPriceOf } from "../../src/host/userPrice";

const read = (values: { readonly [name: string]: unknown }) => readSettings({ get: (name) => values[name] });

describe("readSettings", () => {
  it("takes what is set and leaves the rest at its default", () => {
    const settings = read({ maxUsd: 2, model: " my-model ", reminder: "last", reminderTurns: 3, warnAt: { usd: 50 } });
    assert.equal(settings.maxUsd, 2);
    assert.equal(settings.model, "my-model");
    assert.deepEqual(settings.cadence, { kind: "last", turns: 3 });
    assert.deepEqual(settings.warnAt, { turns: 0.8, usd: 0.5, tokens: 0.8, minutes: 0.8 });
    assert.equal(settings.policy, "dynamic");
    assert.deepEqual(settings.problems, []);
  });

  it("tells no cap from a cap of nothing", () => {
    assert.equal(read({ maxUsd: null }).maxUsd, null);
    assert.equal(read({ maxUsd: 0 }).maxUsd, 0);
    assert.equal(read({}).maxTokens, null);
  });

  it("names the setting and what is wrong with it, instead of quietly taking another cap", () => {
    assert.deepEqual(read({ maxUsd: "lots" }).problems, [
      'turnpike.maxUsd must be a number of dollars, from 0 to 1000000, not "lots"; null means no cap.',
    ]);
    assert.match(read({ maxTurns: 1.5 }).problems[0] ?? "", /^turnpike\.maxTurns must be a whole number from 1 to 10000/);
    assert.match(read({ policy: "wild" }).problems[0] ?? "", /one of unrestricted, fixed, dynamic, not "wild"/);
    assert.match(read({ baseUrl: "ftp://x" }).problems[0] ?? "", /^turnpike\.baseUrl must be an address/);
    assert.match(read({ warnAt: { usd: 200 } }).problems[0] ?? "", /^turnpike\.warnAt \(usd\) must be/);
    assert.match(read({ prices: { m: { input: 1 } } }).problems[0] ?? "", /^turnpike\.prices \(output\) .* \(in "m"\)/);
    assert.match(read({ baseTurns: 50, hardTurns: 20 }).problems[0] ?? "", /hardTurns \(20\) must not be below/);
  });

  it("takes only a full path for a file, and writes out the user's own folder", () => {
    const home = process.env.HOME;
    process.env.HOME = "/home/me";
    try {
      const settings = read({ store: " ~/runs/turnpike.db ", ripgrepPath: "/usr/bin/rg" });
      assert.deepEqual([settings.store, settings.ripgrepPath], ["/home/me/runs/turnpike.db", "/usr/bin/rg"]);
      assert.deepEqual(settings.problems, []);
    } finally {
      if (home === undefined) delete process.env.HOME;
      else process.env.HOME = home;
    }
    for (const wrong of ["turnpike.db", "./turnpike.db", "~", "~other/turnpike.db", 7]) {
      assert.match(
        read({ store: wrong }).problems[0] ?? "",
        /^turnpike\.store must be the full path of a file, or one that begins/,
      );
    }
    assert.match(read({ ripgrepPath: "bin/rg" }).problems[0] ?? "", /^turnpike\.ripgrepPath must be the full path/);
  });

  it("reads an empty address, path or store as none", () => {
    const settings = read({ baseUrl: "", store: "", ripgrepPath: "" });
    assert.deepEqual([settings.baseUrl, settings.store, settings.ripgrepPath], [null, null, null]);
  });
});

describe("userPriceOf", () => {
  it("makes a price row, with cache prices that were left out as dear as input", () => {
    const { prices } = read({ prices: { mine: { input: 1.25, output: 10 }, free: { input: 0, output: 0 } } });
    const row = userPriceOf(prices, "mine");
    assert.equal(row?.source, "user");
    assert.deepEqual(row?.tiers[0], {
      ...{ aboveInputTokens: 0, freshInput: 1_250_000_000, cacheRead: 1_250_000_000 },
      ...{ cacheWrite5m: 1_250_000_000, cacheWrite1h: 1_250_000_000, output: 10_000_000_000 },
    });
    assert.equal(userPriceOf(prices, "free")?.tiers[0].output, 0);
  });

  it("matches ids exactly, names of object members included", () => {
    const { prices } = read({ prices: { mine: { input: 1, output: 1 } } });
    for (const other of ["mine-2", "min", "constructor", "__proto__"]) assert.equal(userPriceOf(prices, other), null);
  });
});
