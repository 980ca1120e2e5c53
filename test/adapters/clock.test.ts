import assert from "node:assert/strict";
import { systemClock } from "../../src/adapters/clock";

describe("systemClock", () => {
  it("tells Unix time in milliseconds", () => {
    assert.ok(Math.abs(systemClock.now() - Date.now()) < 1_000);
  });

  it("sleeps about as long as asked, and not at all for what is past", async () => {
    const startedAt = performance.now();
    await systemClock.sleep(-5);
    await systemClock.sleep(30);
    assert.ok(performance.now() - startedAt >= 25);
  });

  it("wakes without throwing when the signal aborts, before or meanwhile", async () => {
    await systemClock.sleep(60_000, AbortSignal.abort());
    const startedAt = performance.now();
    await systemClock.sleep(60_000, AbortSignal.timeout(20));
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it("does not take an endless sleep for none", async () => {
    const waking = new AbortController();
    let woke = false;
    const sleeping = systemClock.sleep(Number.POSITIVE_INFINITY, waking.signal).then(() => {
      woke = true;
    });
    await systemClock.sleep(20);
    assert.equal(woke, false);
    waking.abort();
    await sleeping;
  });
});
