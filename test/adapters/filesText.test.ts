import assert from "node:assert/strict";
import fc from "fast-check";
import { createDecoder, decode, encode, sniff } from "../../src/adapters/filesText";

describe("texts on disk", () => {
  const formOf = (bytes: Buffer) => {
    const sniffed = sniff(bytes, true);
    assert.equal(sniffed.kind, "text");
    return sniffed.form;
  };

  it("come back byte for byte after decoding and encoding, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (array) => {
        const bytes = Buffer.from(array);
        const sniffed = sniff(bytes, true);
        if (sniffed.kind === "binary") return;
        const decoded = decode(bytes, sniffed.form);
        assert.ok(decoded);
        assert.deepEqual(encode(decoded.text, decoded.form), bytes);
      }),
      { numRuns: 2_000 },
    );
  });

  it("are the same decoded in pieces as decoded whole", () => {
    const forms = [
      { encoding: "utf8", bom: false },
      { encoding: "utf8", bom: true },
      { encoding: "utf16le", bom: true },
      { encoding: "utf16be", bom: true },
    ] as const;
    const text = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .filter((s) => !s.includes("\0") && !s.startsWith("\ufeff"));
    fc.assert(
      fc.property(text, fc.constantFrom(...forms), fc.integer({ min: 1, max: 7 }), (words, form, size) => {
        const bytes = encode(words, form);
        assert.ok(bytes);
        const decoder = createDecoder(form);
        let pieces = "";
        for (let at = 0; at < bytes.length; at += size) pieces += decoder.write(bytes.subarray(at, at + size));
        assert.equal(pieces + decoder.end(), words);
      }),
    );
  });

  it("are told from binaries by their first bytes", () => {
    assert.equal(sniff(Buffer.from("%PDF-1.7\n"), true).kind, "binary");
    assert.equal(sniff(Buffer.from("fffe000041000000", "hex"), true).kind, "binary");
    assert.deepEqual(formOf(Buffer.from("")), { encoding: "utf8", bom: false });
    assert.deepEqual(formOf(Buffer.from("naïve")), { encoding: "utf8", bom: false });
    assert.deepEqual(formOf(Buffer.from("naïve", "latin1")), { encoding: "latin1", bom: false });
  });

  it("are UTF-8 also when the first bytes end inside a character", () => {
    const bytes = Buffer.from("aa漢🙂");
    for (let end = 1; end < bytes.length; end += 1) {
      const sniffed = sniff(bytes.subarray(0, end), false);
      assert.deepEqual(sniffed, { kind: "text", form: { encoding: "utf8", bom: false } }, String(end));
    }
  });
});
