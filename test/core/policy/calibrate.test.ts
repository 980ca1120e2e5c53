import assert from "node:assert/strict";
import { calibrateTurns, percentile } from "../../../src/core/policy/calibrate";

describe("calibration", () => {
  it("interpolates between order statistics and rounds up to a whole turn", () => {
    assert.equal(percentile([1, 2, 3, 4], 0.5), 2.5);
    assert.equal(percentile([10, 20], 0.75), 17.5);
    const turns = [10, 20, 30, 40, 50, 60, 70, 80];
    assert.deepEqual(calibrateTurns(turns, []), { p50: 45, p75: 63, p90: 73, source: "project", n: 8 });
  });

  it("asks the wider source when there are fewer than eight runs, and falls back to 40/60/80", () => {
    const eight = Array.from({ length: 8 }, () => 12);
    assert.equal(calibrateTurns([5, 5], eight).source, "model");
    assert.deepEqual(calibrateTurns([5], [5, 6]), { p50: 40, p75: 60, p90: 80, source: "fallback", n: 0 });
  });
});
