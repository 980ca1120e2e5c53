import assert from "node:assert/strict";
import { checkText } from "../../src/tools/checkText";

describe("checkText", () => {
  it("bounds what is read of any output, and says that it is cut", () => {
    for (const output of ["x".repeat(200_000), "x\n".repeat(200_000), "1 failed, ".repeat(100_000), "\u001b[".repeat(300_000)]) {
      const { streams, lines, isCut } = checkText(output);
      const all = streams.flat();
      assert.equal(all.length, lines);
      assert.ok(lines <= 20_000 && all.every((line) => line.length <= 400), `${lines} lines`);
      assert.equal(isCut, output.length > 400_000 || output.includes("\n"));
    }
  });

  it("keeps the end", () => {
    assert.equal(checkText(`${"x\n".repeat(200_000)}last\n`).streams[0]?.at(-1), "last");
  });

  it("takes colours, titles and carriage returns out", () => {
    assert.deepEqual(checkText("\u001b[1m\u001b[31m1 failed\u001b[39m\u001b]0;title\u0007 \r\n50%\rdone").streams, [
      ["1 failed", "50%", "done"],
    ]);
  });

  it("parts the lines of packages that print at once", () => {
    const pnpm =
      "packages/a test$ x\npackages/b test$ x\npackages/a test: one\npackages/b test: two\npackages/a test:\nend: of it\n";
    assert.deepEqual(checkText(pnpm).streams, [["packages/a test$ x", "packages/b test$ x", "end: of it"], ["one", ""], ["two"]]);
    assert.deepEqual(checkText("a:test: cache miss, executing\na:test: 1\n[b] 2\n[INFO] 3\n").streams, [
      ["cache miss, executing", "1"],
      ["2"],
      ["[INFO] 3"],
    ]);
  });

  it("sees the mark of an output whose middle was left out", () => {
    assert.equal(checkText("a\n[12 characters left out here]\nb\n").isCut, true);
    assert.equal(checkText("a\nb\n").isCut, false);
  });
});
