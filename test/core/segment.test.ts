import assert from "node:assert/strict";
import type { RunState } from "../../src/core/runState";
import { cheaperSegment, freshStart, segmentPrices } from "../../src/core/segment";
import type { Usage } from "../../src/core/usage";
import { config, priceRow } from "../support/scriptedRun";
import { turnRecord } from "../support/turns";

const usage = (change: Partial<Usage>): Usage => ({
  ...{ freshInput: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0, reasoning: 0 },
  ...change,
});

/** A run of two answered turns with this prompt, no growth and no output, which has one turn left by its forecast. */
function state(change: {
  input: number;
  cacheRead?: number;
  left?: number;
  price?: ReturnType<typeof priceRow> | null;
}): RunState {
  const { input, cacheRead = 0, left = 1, price = priceRow(10, 1, 10, 0) } = change;
  const turn = (number: number) => turnRecord(number, { usage: usage({ freshInput: input - cacheRead, cacheRead }) });
  return {
    ...{ config: config({ task: "abc", price }), turns: [turn(1), turn(2)], lastAt: 1_000_000 },
    totals: { usage: usage({ cacheRead: cacheRead * 2 }) },
    outlook: { turnsLeft: { p10: left, p50: left, p90: left }, usdLeft: null, chance: null, n: 9 },
  } as unknown as RunState;
}

const MINUTE = 60_000;

describe("going on in the same conversation or in a fresh one", () => {
  it("prices the same one from the cache while the provider still knows it, and in full after that", () => {
    const run = state({ input: 100_000, cacheRead: 90_000 });
    // One turn of 100,000 tokens at $1 or at $10 per million.
    assert.equal(segmentPrices(run, run.lastAt + MINUTE).same, 100_000_000);
    assert.equal(segmentPrices(run, run.lastAt + 60 * MINUTE).same, 1_000_000_000);
  });

  it("prices a fresh one by its short prompt and the turns it takes to find its way", () => {
    const run = state({ input: 100_000, cacheRead: 90_000 });
    // 1,201 tokens in full, then twice from the cache: one turn of work and two, the least, of finding its way; no growth.
    assert.equal(segmentPrices(run, run.lastAt).fresh, 12_010_000 + 2 * 1_201_000);
  });

  it("counts nothing on a cache that was never seen", () => {
    const run = state({ input: 100_000, left: 2 });
    assert.equal(segmentPrices(run, run.lastAt).same, 2_000_000_000);
  });

  it("knows no price without a price table or an answered call", () => {
    assert.deepEqual(segmentPrices(state({ input: 100, price: null }), 0), { same: null, fresh: null });
    assert.deepEqual(segmentPrices({ ...state({ input: 100 }), turns: [] }, 0), { same: null, fresh: null });
  });

  it("stays with the conversation unless a fresh one is clearly cheaper", () => {
    const run = state({ input: 100_000, cacheRead: 90_000 });
    assert.equal(cheaperSegment(segmentPrices(run, run.lastAt + 60 * MINUTE)), "fresh");
    const short = state({ input: 2_000, cacheRead: 1_000 });
    assert.equal(cheaperSegment(segmentPrices(short, short.lastAt)), "same");
    assert.equal(cheaperSegment({ same: null, fresh: null }), "same");
  });

  it("starts a fresh one from the task, the note, the last check, the open plan and the diff", () => {
    const lastCheck = { command: "npm test", passed: false, failures: 2 };
    const note = { text: "Changed: a.ts", changed: ["a.ts"], lastCheck, commands: ["npm test"], open: ["mend it"] };
    const text = freshStart("Fix it", note, "--- a/a.ts", "Go on.");
    for (const part of [
      /^Fix it\n/,
      /Hand-off note:\nChanged: a\.ts/,
      /npm test \(failed\)/,
      /- mend it/,
      /--- a\/a\.ts/,
      /Go on\.$/,
    ])
      assert.match(text, part);
    assert.match(freshStart("Fix it", null, "", "Go on."), /No file has changed so far/);
  });
});
