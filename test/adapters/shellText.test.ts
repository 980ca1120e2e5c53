import assert from "node:assert/strict";
import fc from "fast-check";
import { createBoundedText } from "../../src/adapters/shellOutput";
import { createCodeFilter, createSettler } from "../../src/adapters/shellText";

const filtered = (...pieces: string[]) => {
  const filter = createCodeFilter();
  return pieces.map((piece) => filter.push(piece)).join("") + filter.end();
};

const settled = (...pieces: string[]) => {
  const settler = createSettler();
  return pieces.map((piece) => settler.push(piece)).join("") + settler.end();
};

describe("terminal text", () => {
  it("loses colours, cursor movements, titles and links", () => {
    const link = "\x1b]8;;https://x.y\x1b\\link\x1b]8;;\x1b\\";
    assert.equal(
      filtered(`\x1b[1;31mred\x1b[0m \x1b[2K\x1b[1Aup \x1b]0;title\x07t ${link} \x1b(Bx\x1b7y\x1bPdcs\x1b\\z`),
      "red up t link xyz",
    );
  });

  it("loses them also when they come in pieces", () => {
    const text = "a\x1b[38;5;12mb\x1b]0;some title\x07c\x1b[0m 漢\x1b\\d";
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (size) => {
        const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, "gu")) ?? [];
        assert.equal(filtered(...pieces), "abc 漢d");
      }),
    );
  });

  it("keeps everything else", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (pieces) => {
        const plain = pieces.map((piece) => piece.replaceAll("\x1b", ""));
        assert.equal(filtered(...plain), plain.join(""));
      }),
    );
  });

  it("does not wait for ever for a code that never ends", () => {
    const text = `\x1b]0;${"x".repeat(100_000)}`;
    assert.ok(filtered(...(text.match(/.{1,1000}/gsu) ?? []), "end").endsWith("end"));
  });

  it("does not hold back a code that never ends, nor look through it again with each piece", () => {
    const startedAt = performance.now();
    const text = filtered("\x1b[", ...Array.from({ length: 2_000 }, () => "0".repeat(10_000)));
    assert.ok(text.length > 19_000_000);
    assert.ok(performance.now() - startedAt < 2_000, `${performance.now() - startedAt} ms`);
  });

  it("shows what is seen in the end: overwritten lines, erased characters and control characters are gone", () => {
    assert.equal(settled("10%\r50%\r100%\nnext\r\nlast\r"), "100%\nnext\nlast");
    assert.equal(settled("ab\bc_\bx\n\bq"), "acx\nq");
    assert.equal(settled("bell\x07 nul\0 tab\t."), "bell nul tab\t.");
  });

  it("shows the same when it comes in pieces", () => {
    const text = "10%\r50%\r\r100%\r\nnext\r\n\r\r\nab\bc\r\nlast\r";
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), (size) => {
        assert.equal(settled(...(text.match(new RegExp(`[\\s\\S]{1,${size}}`, "g")) ?? [])), settled(text));
      }),
    );
  });

  it("gives a long line before it has ended, and an endless row of returns at once", () => {
    const settler = createSettler();
    assert.equal(settler.push("x".repeat(20_000)).length, 20_000);
    assert.equal(settler.push("y\r\nz\n"), "y\nz\n");
    const startedAt = performance.now();
    assert.equal(settled("\r".repeat(3_000_000), "a", "\r".repeat(3_000_000), "b\n"), "b\n");
    assert.ok(performance.now() - startedAt < 1_000, `${performance.now() - startedAt} ms`);
  });
});

describe("bounded text", () => {
  it("keeps a short text whole", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 20 }), { maxLength: 10 }), (pieces) => {
        const kept = createBoundedText(100, 100);
        for (const piece of pieces) kept.push(piece);
        assert.equal(kept.end(), pieces.join(""));
      }),
    );
  });

  const partsOf = (shown: string) => {
    const [, head, left, tail] = /^([\s\S]*)\n\[(\d+) characters left out here\]\n([\s\S]*)$/.exec(shown) ?? [];
    assert.ok(head !== undefined && tail !== undefined);
    return { head, tail, left: Number(left) };
  };

  it("keeps beginning and end of a long one, and tells exactly how much is gone", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{0,39}\n$/), { minLength: 20, maxLength: 80 }), (pieces) => {
        const text = pieces.join("");
        fc.pre(text.length > 150);
        const kept = createBoundedText(100, 50);
        for (const piece of pieces) kept.push(piece);
        const { head, tail, left } = partsOf(kept.end());
        assert.ok(text.startsWith(`${head}\n`) && text.endsWith(`\n${tail}`));
        assert.ok(head.length > 58 && head.length <= 100, `${head.length}`);
        assert.ok(tail.length > 9 && tail.length <= 50, `${tail.length}`);
        // The head has given up the line end before the note.
        assert.equal(text.length - head.length - tail.length - left, 1);
      }),
    );
  });

  it("cuts a long line in the middle rather than lose what it keeps", () => {
    for (const [before, after] of [
      ["first\n", "\nlast\n"],
      ["", ""],
    ]) {
      const kept = createBoundedText(10_000, 10_000);
      kept.push(`${before}🙂`);
      for (let i = 0; i < 5_000; i += 1) kept.push("x🙂".repeat(10));
      kept.push(`${after}`);
      const { head, tail } = partsOf(kept.end());
      assert.ok(head.length >= 9_999 && tail.length >= 9_999, `${head.length} and ${tail.length}`);
      assert.ok(head.startsWith(`${before}🙂`) && tail.endsWith(`🙂${after}`));
      assert.doesNotMatch(head + tail, /\p{Cs}/u);
    }
  });
});
