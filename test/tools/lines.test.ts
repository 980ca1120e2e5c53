import assert from "node:assert/strict";
import fc from "fast-check";
import { breakLongLines, createLineWindow, MAX_LINE } from "../../src/tools/lines";

const pieceOf = fc.constantFrom("a", "漢", "🙂", "\n", "\r\n", "\r", "word ", "x".repeat(1_500));
const text = fc.array(pieceOf, { maxLength: 40 }).map((pieces) => pieces.join(""));

describe("line window", () => {
  it("takes the same lines however the text is cut into pieces", () => {
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 0, max: 8 }),
        (whole, size, from, more) => {
          const take = (step: number) => {
            const window = createLineWindow({ from, to: from + more }, 1e9);
            for (let at = 0; at < whole.length; at += step) if (!window.take(whole.slice(at, at + step))) break;
            const { text: taken, last, broken } = window.end();
            return { taken, last, broken };
          };
          assert.deepEqual(take(size), take(Math.max(1, whole.length)));
        },
      ),
    );
  });

  it("takes what splitting into lines would, when no line is long", () => {
    const short = fc.array(fc.constantFrom("a", "漢", "\n", "\r\n", "word "), { maxLength: 40 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(short, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 0, max: 6 }), (whole, from, more) => {
        const window = createLineWindow({ from, to: from + more }, 1e9);
        window.take(whole);
        const lines = whole.replaceAll("\r\n", "\n").split("\n");
        if (lines.at(-1) === "") lines.pop();
        assert.equal(window.end().text, lines.slice(from - 1, from + more).join("\n"));
      }),
    );
  });

  it("leaves no line longer than the limit, no pair parted, no character lost", () => {
    fc.assert(
      fc.property(text, (whole) => {
        const broken = breakLongLines(whole);
        for (const line of broken.split("\n")) {
          assert.ok(line.length <= MAX_LINE);
          assert.ok(!/^[\udc00-\udfff]/.test(line));
        }
        assert.equal(broken.replaceAll("\n", ""), whole.replaceAll("\r\n", "\n").replaceAll("\n", ""));
      }),
    );
  });
});
