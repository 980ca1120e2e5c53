import assert from "node:assert/strict";
import fc from "fast-check";
import { createBoundedText } from "../../src/adapters/shellOutput";
import { createCodeFilter, settle } from "../../src/adapters/shellText";

const filtered = (...pieces: string[]) => {
  const filter = createCodeFilter();
  return pieces.map((piece) => filter.push(piece)).join("") + filter.end();
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

  it("shows what is seen in the end: overwritten lines, erased characters and control characters are gone", () => {
    assert.equal(settle("10%\r50%\r100%\nnext\r\nlast\r"), "100%\nnext\nlast");
    assert.equal(settle("ab\bc_\bx\n\bq"), "acx\nq");
    assert.equal(settle("bell\x07 nul\0 tab\t."), "bell nul tab\t.");
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

  it("keeps beginning and end of a long one, and tells exactly how much is gone", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z\n]{0,40}$/), { minLength: 20, maxLength: 80 }), (pieces) => {
        const text = pieces.join("");
        fc.pre(text.length > 150);
        const kept = createBoundedText(100, 50);
        for (const piece of pieces) kept.push(piece);
        const [, head, left, tail] = /^([\s\S]*)\n\[(\d+) characters left out here\]\n([\s\S]*)$/.exec(kept.end()) ?? [];
        assert.ok(head !== undefined && tail !== undefined);
        assert.ok(text.startsWith(head) && text.endsWith(tail));
        assert.ok(head.length <= 100 && tail.length <= 50);
        // The head may have given up the line end before the note.
        assert.ok([0, 1].includes(text.length - head.length - tail.length - Number(left)));
      }),
    );
  });
});
