import assert from "node:assert/strict";
import { readOptions, USAGE } from "../../scripts/eval/options";
import { usd } from "../../src/core/money";

function run(...args: readonly string[]) {
  const options = readOptions(["--model", "m", ...args]);
  assert.equal(options.command, "run");
  return options.command === "run" ? options : assert.fail();
}

describe("options of an evaluation", () => {
  it("have a cap on the whole and on each try unless told otherwise", () => {
    const { maxUsd, tryUsd, repeats, concurrency } = run();
    assert.deepEqual({ maxUsd, tryUsd, repeats, concurrency }, { maxUsd: usd(5), tryUsd: usd(0.5), repeats: 1, concurrency: 1 });
  });

  it("lift the cap of a try with that of the whole, for models without a price", () => {
    assert.deepEqual([run("--max-usd", "none").tryUsd, run("--max-usd", "none", "--try-usd", "1").tryUsd], [null, usd(1)]);
    assert.equal(run("--try-usd", "none").tryUsd, null);
  });

  it("are refused in words that say what to do", () => {
    for (const [args, message] of [
      [[], /--model is missing/],
      [["--model", "m", "--repeats", "0"], /--repeats is a whole number of 1 or more/],
      [["--model", "m", "--max-usd", "0"], /--max-usd is a number above 0/],
      [["--model", "m", "--seed", "x"], /--seed/],
      [["--model", "m", "--frobnicate"], /frobnicate/],
      [["--model", "m", "--concurrency", "2", "--try-usd", "none"], /needs --try-usd/],
    ] as const)
      assert.throws(() => readOptions([...args]), message);
  });

  it("are all named in the usage", () => {
    for (const flag of ["tasks", "only", "policies", "repeats", "model", "base-url", "api-key-env", "price", "max-output"])
      assert.ok(USAGE.includes(`--${flag}`), flag);
    for (const flag of ["max-usd", "try-usd", "max-minutes", "concurrency", "out", "keep", "json", "seed", "verify"])
      assert.ok(USAGE.includes(`--${flag}`), flag);
    assert.deepEqual(readOptions(["--help"]), { command: "help" });
  });
});
