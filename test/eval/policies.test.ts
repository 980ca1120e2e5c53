import assert from "node:assert/strict";
import { needsBaseline, policyArgs, readPolicies } from "../../scripts/eval/policies";

const argsOf = (text: string, baseline: readonly number[] = []) =>
  readPolicies(text).map(({ strategy }) => policyArgs(strategy, baseline).join(" "));

describe("policies of an evaluation", () => {
  it("become what the command line is told", () => {
    assert.deepEqual(argsOf("unrestricted, fixed:30,dynamic,dynamic:published,dynamic:20-40,dynamic:published:12-16"), [
      "--policy unrestricted",
      "--policy fixed --max-turns 30",
      "--policy dynamic --preset evidence",
      "--policy dynamic --preset published",
      "--policy dynamic --preset evidence --base-turns 20 --hard-turns 40",
      "--policy dynamic --preset published --base-turns 12 --hard-turns 16",
    ]);
  });

  it("take percentiles of the unrestricted runs, interpolated and rounded up to a whole turn", () => {
    // 63.75 is the published 75th percentile of such a sample: 64 turns.
    const baseline = [44, 52, 63, 66];
    const args = argsOf("unrestricted,fixed:p75,dynamic:published:p50-p75,dynamic:p25-80", baseline).slice(1);
    assert.deepEqual(args, [
      "--policy fixed --max-turns 64",
      "--policy dynamic --preset published --base-turns 58 --hard-turns 64",
      "--policy dynamic --preset evidence --base-turns 50 --hard-turns 80",
    ]);
  });

  it("take no turn more for the noise of an interpolation", () => {
    const lengths = Array.from({ length: 101 }, (_, index) => 3 * index + 1);
    assert.equal(argsOf("unrestricted,fixed:p7", lengths)[1], "--policy fixed --max-turns 22");
  });

  it("never have a hard limit below the base, where one is given and the other measured", () => {
    assert.deepEqual(
      argsOf("unrestricted,dynamic:30-p90", [10, 20])[1],
      "--policy dynamic --preset evidence --base-turns 30 --hard-turns 30",
    );
  });

  it("say which of them wait for the unrestricted runs", () => {
    const needy = readPolicies("unrestricted,fixed:9,fixed:p9,dynamic,dynamic:1-2,dynamic:1-p2").filter((one) =>
      needsBaseline(one.strategy),
    );
    assert.deepEqual(
      needy.map((one) => one.name),
      ["fixed:p9", "dynamic:1-p2"],
    );
  });

  it("are refused with what there is instead", () => {
    for (const [text, message] of [
      ["", /--policies is empty; it takes unrestricted, fixed:N/],
      ["wild", /no policy "wild"; there are unrestricted/],
      ["fixed", /no policy "fixed"/],
      ["fixed:0", /no policy "fixed:0"/],
      ["fixed:p100", /no policy "fixed:p100"/],
      ["fixed:1.5", /no policy/],
      ["fixed:10:20", /no policy/],
      ["unrestricted:5", /no policy/],
      ["dynamic:20", /no policy/],
      ["dynamic:20-40:published", /no policy/],
      ["dynamic:40-20", /the base is above the hard limit/],
      ["unrestricted,dynamic:p90-p50", /the base is above the hard limit/],
      ["fixed:3,fixed:3", /fixed:3 twice; --repeats/],
      ["fixed:30,fixed:p75", /fixed:p75 takes its limit from the runs of "unrestricted".*add it to --policies/],
    ] as const)
      assert.throws(() => readPolicies(text), message, text);
  });
});
