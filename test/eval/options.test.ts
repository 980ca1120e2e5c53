import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { readOptions, USAGE } from "../../scripts/eval/options";
import { usd } from "../../src/core/money";

declare const __TEST_ROOT__: string;

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

  it("are all in the document", () => {
    const flags = USAGE.match(/--[a-z][a-z-]+/g) ?? [];
    assert.ok(new Set(flags).size >= 19);
    const document = readFileSync(path.join(__TEST_ROOT__, "docs/evaluation.md"), "utf8");
    assert.deepEqual(
      flags.filter((flag) => !document.includes(flag)),
      [],
    );
    assert.deepEqual(readOptions(["--help"]), { command: "help" });
  });
});
