import assert from "node:assert/strict";
import { baseOf, labLimits, labPolicy } from "../../../src/core/replay/lab";
import { turnsOf } from "../../../src/core/replay/limitSpec";
import { recordedRun } from "../../support/recordedRuns";

describe("the limits of a replay lab", () => {
  const runs = Array.from({ length: 21 }, (_, index) => recordedRun(100 + 10 * index));

  it("are percentiles as the command line rounds them, from short to the longest run, and those asked for besides", () => {
    const limits = labLimits(runs, [33]);
    assert.ok(limits.includes(33));
    assert.deepEqual(
      limits.filter((limit) => limit !== 33 && limit % 5 !== 0),
      [],
    );
    assert.deepEqual([limits.at(-1), baseOf(runs)], [300, turnsOf({ kind: "percentile", percent: 50 }, runs)]);
    assert.deepEqual(
      limits,
      [...limits].sort((a, b) => a - b),
    );
  });

  it("are hard limits of a dynamic policy, which never starts above them", () => {
    const made = labPolicy("evidence", 20, 36);
    assert.deepEqual(made.kind === "dynamic" && [made.baseTurns, made.hardTurns, made.onLimit], [20, 20, "land"]);
  });
});
