import assert from "node:assert/strict";
import fc from "fast-check";
import { countChangedLines } from "../../src/tools/fileChange";
import { replaceAll } from "../../src/tools/replace";

describe("replaceAll", () => {
  it("touches nothing but what it replaces, whatever the line ends", () => {
    const part = fc.array(fc.constantFrom("a", "b", "\n", "\r\n", "\r", " "), { maxLength: 12 }).map((pieces) => pieces.join(""));
    fc.assert(
      fc.property(part, part, fc.boolean(), (before, after, crlf) => {
        fc.pre(!before.endsWith("\r") || !after.startsWith("\n"));
        const end = crlf ? "\r\n" : "\n";
        const text = `${before}<old${end}text>${after}`;
        const replaced = replaceAll(text, [{ old: "<old\ntext>", new: "<new>" }], "f");
        assert.deepEqual(replaced, { ok: true, places: 1, text: `${before}<new>${after}` });
      }),
    );
  });

  it("is undone by the reverse replacement", () => {
    const word = fc.stringMatching(/^[a-z$&\\]{1,8}$/);
    fc.assert(
      fc.property(word, word, word, (old, now, around) => {
        const text = `1${around}2 <${old}> 3${around}4`;
        fc.pre(old !== now);
        const there = replaceAll(text, [{ old: `<${old}>`, new: `<${now}>` }], "f");
        assert.ok(there.ok);
        assert.deepEqual(replaceAll(there.text, [{ old: `<${now}>`, new: `<${old}>` }], "f"), { ok: true, places: 1, text });
      }),
    );
  });

  it("takes special characters of replacement patterns as they are", () => {
    assert.deepEqual(replaceAll("a X b", [{ old: "X", new: "$& $1 $$ $'" }], "f"), {
      ok: true,
      places: 1,
      text: "a $& $1 $$ $' b",
    });
  });
});

describe("countChangedLines", () => {
  it("counts like a line diff", () => {
    assert.deepEqual(countChangedLines("a\nb\nc\n", "a\nX\nY\nc\n"), { added: 2, removed: 1 });
    assert.deepEqual(countChangedLines("", "a\nb"), { added: 2, removed: 0 });
    assert.deepEqual(countChangedLines("a\n", ""), { added: 0, removed: 1 });
    assert.deepEqual(countChangedLines("a", "a\n"), { added: 1, removed: 1 });
    assert.deepEqual(countChangedLines("same\n", "same\n"), { added: 0, removed: 0 });
  });

  it("stays within bounds on two large texts that have nothing in common", () => {
    const startedAt = performance.now();
    const many = (word: string) => Array.from({ length: 100_000 }, (_, i) => `${word}${i}\n`).join("");
    assert.deepEqual(countChangedLines(many("a"), many("b")), { added: 100_000, removed: 100_000 });
    assert.ok(performance.now() - startedAt < 3_000, `${performance.now() - startedAt} ms`);
  });
});
