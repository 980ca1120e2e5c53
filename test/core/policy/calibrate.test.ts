import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { calibrateTurns, censoredPercentile, percentile } from "../../../src/core/policy/calibrate";
import { familyOf, priorFor } from "../../../src/core/policy/priors";
import type { PastLength } from "../../../src/core/recordedRun";
import { priorsSource } from "../../support/priors";

declare const __TEST_ROOT__: string;

const length = (turns: number, change: Partial<PastLength> = {}): PastLength => ({
  ...{ turns, ended: true, model: "gpt-5", here: false, imported: false },
  ...change,
});
const many = (n: number, turns: number, change: Partial<PastLength> = {}) =>
  Array.from({ length: n }, () => length(turns, change));

describe("calibration", () => {
  it("interpolates between order statistics", () => {
    assert.equal(percentile([10, 20, 30, 41], 0.5), 25);
    assert.equal(percentile([10, 20, 30, 41], 0.75), 32.75);
    assert.equal(percentile([7], 0.9), 7);
    assert.throws(() => percentile([], 0.5), RangeError);
  });

  it("without any run takes the published runs of the model's family, and says how many they are", () => {
    const { n, p50, p75, p90 } = priorFor("gpt-5");
    assert.deepEqual(calibrateTurns([], "gpt-5"), {
      p50,
      p75: Math.ceil(p75),
      p90: Math.ceil(p90),
      sources: [{ kind: "prior", n }],
    });
    assert.equal(priorFor("some-new-model").family, null);
  });

  it("draws each source towards the next wider one, eight runs of one's own weighing as much as all the rest", () => {
    const { p50: prior, n } = priorFor("gpt-5");
    const eight = calibrateTurns(many(8, 100), "gpt-5");
    assert.equal(eight.p50, Math.ceil((100 + prior) / 2));
    assert.deepEqual(eight.sources, [
      { kind: "model", n: 8 },
      { kind: "prior", n },
    ]);
    const nested = calibrateTurns([...many(8, 20, { here: true }), ...many(8, 20), ...many(16, 80, { imported: true })], "gpt-5");
    const imported = (2 * 80 + prior) / 3;
    const anywhere = (2 * 20 + imported) / 3;
    assert.equal(nested.p50, Math.ceil((20 + anywhere) / 2));
    assert.deepEqual(
      nested.sources.map(({ kind }) => kind),
      ["here", "model", "imported", "prior"],
    );
  });

  it("names and weighs runs once that were all made here", () => {
    const runs = many(8, 100, { here: true });
    const { sources, p50 } = calibrateTurns(runs, "gpt-5");
    assert.deepEqual(
      sources.map(({ kind }) => kind),
      ["here", "prior"],
    );
    assert.equal(p50, calibrateTurns(many(8, 100), "gpt-5").p50);
  });

  it("takes a run that was cut for one that would have been longer, so that limits do not shrink by their own cuts", () => {
    const uncut = [10, 20, 30, 40, 50, 60, 70, 80].map((turns) => length(turns));
    const cutAt40 = uncut.map((one) => (one.turns > 40 ? length(40, { ended: false }) : one));
    assert.equal(censoredPercentile(cutAt40, 0.25), 20);
    assert.equal(censoredPercentile(cutAt40, 0.5), 40);
    assert.equal(censoredPercentile(cutAt40, 0.75), null);
    const ignoring = percentile(
      cutAt40.filter((one) => one.ended).map((one) => one.turns),
      0.5,
    );
    assert.equal(ignoring, 25);
    const { p90 } = calibrateTurns(many(40, 60, { ended: false }), "gpt-5");
    assert.ok(p90 >= 59, `${p90}: forty runs that were cut at 60 do not say that 60 is enough`);
  });

  /** Limits after rounds of runs that are cut at the limit (P75) which the rounds before came to. */
  function afterRounds(trueLengths: readonly number[], rounds: number): readonly number[] {
    const past: PastLength[] = [];
    const limits: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const limit = calibrateTurns(past, "gpt-5").p75;
      limits.push(limit);
      for (const turns of trueLengths) past.push(length(Math.min(turns, limit), { here: true, ended: turns <= limit }));
    }
    return limits;
  }

  it("comes to the true percentile although the limits that were set cut most of the runs it learns from", () => {
    const { p75: published } = priorFor("gpt-5");
    for (const [from, to] of [
      [24, 104],
      [14, 34],
    ] as const) {
      const lengths = Array.from({ length: 41 }, (_, index) => from + (index * (to - from)) / 40);
      const truth = percentile(lengths, 0.75);
      assert.ok(Math.abs(truth - published) > 10);
      const limit = afterRounds(lengths, 12).at(-1) ?? 0;
      assert.ok(Math.abs(limit - truth) < 0.1 * truth, `${limit} against ${truth}`);
    }
  });

  it("gives a model that does not come to an end at most twice the turns of published runs, and no more than those if nothing ever ended", () => {
    const { p75 } = priorFor("gpt-5");
    const limits = afterRounds([...Array<number>(10).fill(20), ...Array<number>(30).fill(10_000)], 12);
    assert.ok(
      limits.every((limit) => limit <= 2 * p75),
      limits.join(" "),
    );
    assert.ok(Math.max(...afterRounds(Array<number>(40).fill(10_000), 12)) <= Math.ceil(p75));
  });

  it("agrees with the product-limit estimate worked out by hand", () => {
    // 6, 6, 6, 7, 10 ended and 6, 9, 10, 11 were cut (the 6-MP arm of Freireich et al. 1963, first nine): S(6) = 6/9, S(7) = 6/9 * 4/5, S(10) = S(7) * 2/3.
    const ended = [6, 6, 6, 7, 10].map((turns) => length(turns));
    const cut = [6, 9, 10, 11].map((turns) => length(turns, { ended: false }));
    const at = (share: number) => censoredPercentile([...cut, ...ended], share);
    assert.deepEqual([at(0.3), at(1 - 6 / 9), at(0.4), at(0.5), at(0.64), at(0.65)], [6, 6, 7, 10, 10, null]);
  });

  it("is never below what a run needs to look, edit and check", () => {
    assert.deepEqual(Object.values(calibrateTurns(many(500, 2), "gpt-5")).slice(0, 3), [12, 12, 12]);
  });
});

describe("bundled priors", () => {
  it("are what the published runs give (node scripts/priors.mjs)", async () => {
    assert.equal(readFileSync(path.join(__TEST_ROOT__, "src/core/policy/priorsData.ts"), "utf8"), await priorsSource());
  });

  it("know a model's family by its id, whoever serves it", () => {
    const ids = ["anthropic/claude-sonnet-4.5", "gpt-4o", "o3-mini", "google/gemini-3-pro", "deepseek-chat", "my-own-7b"];
    assert.deepEqual(ids.map(familyOf), ["claude", "gpt", "gpt", "gemini", "deepseek", null]);
  });
});
