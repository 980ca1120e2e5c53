import assert from "node:assert/strict";
import { nano, toDollars, usd } from "../../src/core/money";

describe("money", () => {
  it("takes dollars as typed to the exact nano-dollar", () => {
    assert.equal(usd(0.07), 70_000_000);
    assert.equal(usd(1.27), 1_270_000_000);
    assert.equal(toDollars(usd(0.5)), 0.5);
  });

  it("rounds fractions of a nano-dollar up, never down", () => {
    assert.equal(usd(0.000_000_000_1), 1);
  });

  it("refuses amounts that are negative, fractional or past what a double can hold", () => {
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) assert.throws(() => nano(bad), RangeError);
    assert.throws(() => usd(-0.01), RangeError);
  });
});
