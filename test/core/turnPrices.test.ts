import assert from "node:assert/strict";
import { nano } from "../../src/core/money";
import type { RunState } from "../../src/core/runState";
import { priceOfTurns } from "../../src/core/turnPrices";
import { turnRecord } from "../support/turns";

const state = (...prices: (number | null)[]) =>
  ({ turns: prices.map((usd, index) => turnRecord(index + 1, { usd: usd === null ? null : nano(usd) })) }) as unknown as RunState;

describe("the likely price of more turns", () => {
  it("carries on the rise of the last ones", () => {
    // 100, 110, 120: then 130 and 140.
    assert.equal(priceOfTurns(state(100, 110, 120), 2), 270);
    assert.equal(priceOfTurns(state(50, 50, 50), 4), 200);
    assert.equal(priceOfTurns(state(70), 3), 210);
  });

  it("counts on no fall, and looks at the last ten turns alone", () => {
    assert.equal(priceOfTurns(state(300, 200, 100), 1), 200);
    assert.equal(priceOfTurns(state(9_000, ...Array.from({ length: 10 }, () => 10)), 1), 10);
  });

  it("is not known before a turn has a price, and is nothing for no turns", () => {
    assert.equal(priceOfTurns(state(), 3), null);
    assert.equal(priceOfTurns(state(null, null), 3), null);
    assert.equal(priceOfTurns(state(100), 0), 0);
  });
});
