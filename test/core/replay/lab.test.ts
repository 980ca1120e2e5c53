import assert from "node:assert/strict";
import { baseOf, labLimits, labPolicy } from "../../../src/core/replay/lab";
import { recordedRun } from "../../support/recordedRuns";

describe("the limits of a replay lab", () => {
  /** Type 7 gives the k-th of 40 shares as 100 + 10 · 28 · k / 40 = 100 + 7k turns. */
  const runs = Array.from({ length: 29 }, (_, index) => recordedRun(100 + 10 * index));
  const shares = Array.from({ length: 40 }, (_, index) => 100 + 7 * (index + 1));

  it("are percentiles up to the longest run, no turn higher by the noise of the interpolation, and those asked for besides", () => {
    assert.deepEqual(labLimits(runs, [33]), [33, ...shares]);
    assert.equal(baseOf(runs), 240);
  });

  it("are hard limits of a dynamic policy, which never starts above them", () => {
    const made = labPolicy("evidence", 20, 36);
    assert.deepEqual(made.kind === "dynamic" && [made.baseTurns, made.hardTurns, made.onLimit], [20, 20, "land"]);
  });
});
