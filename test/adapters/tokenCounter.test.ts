import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import fc from "fast-check";
import { countTokens as cl100kCount } from "gpt-tokenizer/encoding/cl100k_base";
import { countTokens as o200kCount } from "gpt-tokenizer/encoding/o200k_base";
import { createTokenCounter, type WorkerTokenCounter } from "../../src/adapters/tokenCounter";
import { CountCache } from "../../src/adapters/tokenCounterCache";
import { type Encoding, encodingFor } from "../../src/adapters/tokenCounterEncoding";
import { LONGEST_PIECE, LONGEST_RUN, piecesOf } from "../../src/adapters/tokenizerWorkerRuns";

declare const __TEST_ROOT__: string;

const PLAIN = { disallowedSpecial: new Set<string>() };
const REFERENCE: { readonly [encoding in Encoding]: (text: string) => number } = {
  o200k_base: (text) => o200kCount(text, PLAIN),
  cl100k_base: (text) => cl100kCount(text, PLAIN),
};

/**
 * Characters that have been letters, marks or signs for decades: the two libraries know different versions of Unicode, and
 * so cut a text differently where it holds newer or unassigned ones.
 */
const SETTLED = [
  ...[
    [0x00, 0x7e],
    [0xa1, 0x24f],
    [0x391, 0x3a1],
    [0x410, 0x44f],
    [0x5d0, 0x5ea],
    [0x621, 0x63a],
    [0xe01, 0xe2e],
  ],
  ...[
    [0x3041, 0x3094],
    [0x4e00, 0x9fa5],
    [0xac00, 0xd7a3],
    [0x1f600, 0x1f64f],
    [0xd800, 0xd800],
  ],
].map(([min = 0, max = 0]) => fc.integer({ min, max }).map((code) => String.fromCodePoint(code)));

/** Texts as agents meet them: code, prose, markup, other scripts, emoji, special tokens and stray bytes. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.oneof(...SETTLED), maxLength: 40 }),
      fc.lorem({ maxCount: 12 }),
      fc.stringMatching(/^[ \t\n\r]{1,12}$/),
      fc.constantFrom(
        "<|endoftext|>",
        "don't we'll I'M",
        "中文字符测试。",
        "👩‍👩‍👧‍👦🇩🇪",
        "\n    return a[i] ?? 0x1F;\n",
        "\u0000\ud800x",
        "1234567.89",
      ),
    ),
    { maxLength: 12 },
  )
  // The reference takes a byte order mark for white space, as JavaScript does; tiktoken does not.
  .map((parts) => parts.join("").replaceAll("\ufeff", ""));

/** Tokens of 10,240 units, counted once: it takes seconds. */
const runs = new Map<string, number>();
function runTokens(unit: string): number {
  const tokens = runs.get(unit) ?? REFERENCE.o200k_base(unit.repeat(10_240 / unit.length));
  runs.set(unit, tokens);
  return tokens;
}

describe("tokenCounter", () => {
  const assetsDir = mkdtempSync(path.join(os.tmpdir(), "turnpike-tokenizer-"));
  const counters: WorkerTokenCounter[] = [];
  const counter = (options: Partial<Parameters<typeof createTokenCounter>[0]> = {}) => {
    const made = createTokenCounter({ assetsDir, ...options });
    counters.push(made);
    return made;
  };
  before(() => {
    const script = path.join(__TEST_ROOT__, "scripts/build.mjs");
    execFileSync(process.execPath, [script, "--only", "tokenizer", "--outdir", assetsDir], { stdio: "pipe" });
  });
  afterEach(() => Promise.all(counters.splice(0).map((made) => made.dispose())));
  after(() => rmSync(assetsDir, { recursive: true, force: true }));

  for (const encoding of ["o200k_base", "cl100k_base"] as const) {
    for (const lean of [false, true]) {
      it(`counts ${encoding} ${lean ? "without the wasm " : ""}as gpt-tokenizer does, and never above its bound`, async () => {
        const counted = counter({ encoding, lean });
        const samples = fc.sample(text, 600);
        const counts = await counted.count(samples);
        samples.forEach((sample, index) => {
          assert.equal(counts[index], REFERENCE[encoding](sample), JSON.stringify(sample));
          assert.ok((counts[index] ?? 0) <= counted.bound(sample), JSON.stringify(sample));
        });
      });
    }
  }

  it("counts the same with and without the wasm, whatever the text", async () => {
    const samples = [
      ...fc.sample(fc.string({ unit: "binary", maxLength: 200 }), 400),
      "a\ufeffb\ufeff",
      "\u0085\u0085 x",
      "it'ſ IT'S",
    ];
    for (const encoding of ["o200k_base", "cl100k_base"] as const) {
      const counts = await Promise.all([false, true].map((lean) => counter({ encoding, lean }).count(samples)));
      samples.forEach((sample, index) => {
        assert.equal(counts[1]?.[index], counts[0]?.[index], JSON.stringify(sample));
      });
    }
  });

  it("counts real files exactly, the tokenizer's own source and special tokens included", async () => {
    const files = [
      "package-lock.json",
      "src/core/pricing.ts",
      "node_modules/openai/client.js",
      "node_modules/tiktoken/README.md",
    ];
    const texts = [...files.map((file) => readFileSync(path.join(__TEST_ROOT__, file), "utf8")), "a <|endoftext|> b", ""];
    for (const lean of [false, true]) assert.deepEqual(await counter({ lean }).count(texts), texts.map(REFERENCE.o200k_base));
  });

  for (const lean of [false, true]) {
    it(`counts runs of one character ${lean ? "without the wasm " : ""}in linear time and within 0.2 %`, async () => {
      const counted = counter({ lean });
      await counted.count(["warm"]);
      for (const unit of ["a", " ", "\n", "=", "é", "中", "😀", "\u0301", "ab"]) {
        const long = unit.repeat(204_800 / unit.length);
        const startedAt = performance.now();
        const [count = 0] = await counted.count([long]);
        assert.ok(performance.now() - startedAt < 5_000, `204,800 of ${JSON.stringify(unit)} took too long`);
        const expected = runTokens(unit) * 20;
        assert.ok(Math.abs(count - expected) <= expected * 0.002, `${JSON.stringify(unit)}: ${count} for ${expected}`);
      }
    });
  }

  it("counts several texts in order, the same text once, and again from its cache", async () => {
    const counted = counter();
    assert.equal(counted.ready, false);
    assert.deepEqual(await counted.count(["one two", "", "one two", "three"]), [2, 0, 2, 1]);
    assert.equal(counted.ready, true);
    await counted.dispose();
    assert.deepEqual(await counted.count(["three", "one two"]), [1, 2]);
  });

  it("answers parallel requests each with its own counts", async () => {
    const counted = counter();
    const texts = Array.from({ length: 50 }, (_, index) => "word ".repeat(index + 1).trim());
    const counts = await Promise.all(texts.map((one) => counted.count([one])));
    assert.deepEqual(counts.flat(), texts.map(REFERENCE.o200k_base));
  });

  it("falls back to UTF-8 bytes when the tokenizer's files are not there", async () => {
    const counted = counter({ assetsDir: path.join(assetsDir, "nowhere") });
    assert.deepEqual(await counted.count(["abc", "é€😀", "\ud800"]), [3, 9, 3]);
    assert.equal(counted.ready, false);
  });

  it("falls back to bytes for what a dying worker was asked, then starts another, but not for ever", async () => {
    const dying = mkdtempSync(path.join(os.tmpdir(), "turnpike-dying-"));
    try {
      cpSync(assetsDir, dying, { recursive: true });
      writeFileSync(
        path.join(dying, "tokenizerWorker.js"),
        `require("worker_threads").parentPort.on("message", () => process.exit(1))`,
      );
      const counted = counter({ assetsDir: dying });
      assert.deepEqual(await counted.count(["hello world"]), [11]);
      cpSync(path.join(assetsDir, "tokenizerWorker.js"), path.join(dying, "tokenizerWorker.js"));
      assert.deepEqual(await counted.count(["hello world"]), [2]);
    } finally {
      rmSync(dying, { recursive: true, force: true });
    }
  });

  it("starts a worker again that dies now and then, for as long as it answers in between", async () => {
    const frail = mkdtempSync(path.join(os.tmpdir(), "turnpike-frail-"));
    try {
      writeFileSync(
        path.join(frail, "tokenizerWorker.js"),
        `const { parentPort } = require("worker_threads");
         parentPort.on("message", ({ id, texts }) => {
           if (texts.includes("die")) process.exit(1);
           parentPort.postMessage({ kind: "counted", id, counts: texts.map(() => 1) });
         });`,
      );
      const counted = counter({ assetsDir: frail });
      for (let round = 0; round < 5; round += 1) {
        assert.deepEqual(await counted.count(["die"]), [3]);
        assert.deepEqual(await counted.count([`hello world ${round}`]), [1]);
      }
      for (let round = 0; round < 4; round += 1) assert.deepEqual(await counted.count(["die"]), [3]);
      assert.deepEqual(await counted.count(["hello again"]), [11]);
    } finally {
      rmSync(frail, { recursive: true, force: true });
    }
  });

  it("answers texts of many MB with their bound, and counts the others in parts a worker can hold", async () => {
    const counted = counter({ lean: true });
    const huge = "x = 1;\n".repeat(9_000_000);
    const large = ["a", "b", "c"].map((name) => `${name} = 1;\n`.repeat(500_000));
    const counts = await counted.count([huge, ...large, "hello world"]);
    assert.equal(counts[0], huge.length);
    for (const count of counts.slice(1, 4)) assert.ok(count > 1_000_000 && count < 3_000_000, `${count}`);
    assert.equal(counts[4], 2);
  });

  it("gives up a worker that hangs", async () => {
    const hanging = mkdtempSync(path.join(os.tmpdir(), "turnpike-hanging-"));
    try {
      writeFileSync(
        path.join(hanging, "tokenizerWorker.js"),
        `require("worker_threads").parentPort.on("message", () => { for (;;); })`,
      );
      const counted = counter({ assetsDir: hanging, patienceMs: 200 });
      assert.deepEqual(await counted.count(["hello world"]), [11]);
    } finally {
      rmSync(hanging, { recursive: true, force: true });
    }
  });

  it("settles what is waited for when it is disposed, and starts nothing afterwards", async () => {
    const counted = counter();
    const waiting = counted.count(["hello world"]);
    await counted.dispose();
    assert.deepEqual(await waiting, [11]);
    assert.deepEqual(await counted.count(["new text"]), [8]);
  });

  it("holds a process while a count is waited for, and no longer", async () => {
    const { build } = await import("esbuild");
    const bundle = path.join(assetsDir, "tokenCounter.cjs");
    const entry = path.join(__TEST_ROOT__, "src/adapters/tokenCounter.ts");
    await build({ entryPoints: [entry], bundle: true, platform: "node", format: "cjs", outfile: bundle, logLevel: "error" });
    const script = `const c = require(${JSON.stringify(bundle)}).createTokenCounter({ assetsDir: ${JSON.stringify(assetsDir)}, lean: true });
      c.warm(); c.count(["hello world"]).then((counts) => console.log(...counts));`;
    assert.equal(execFileSync(process.execPath, ["-e", script], { encoding: "utf8", timeout: 15_000 }).trim(), "2");
  });
});

describe("tokenCounter pieces", () => {
  it("loses nothing, cuts no surrogate pair, and leaves no long run", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 30 }),
      fc
        .tuple(fc.constantFrom("a", "é", " ", "\n", "-", "😀", "1", "\u0301", "!é", "aé"), fc.integer({ min: 1, max: 1500 }))
        .map(([unit, n]) => unit.repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (parts) => {
        const whole = parts.join("");
        const pieces = piecesOf(whole);
        assert.equal(pieces.join(""), whole);
        for (const [index, one] of pieces.entries()) {
          assert.ok(one.length <= LONGEST_PIECE);
          // Marks may end one run and begin another, so two runs can meet.
          assert.doesNotMatch(one, new RegExp(`[\\p{L}\\p{M}]{${2 * LONGEST_RUN}}|\\s{${2 * LONGEST_RUN}}`, "u"));
          const [end, start] = [one.charCodeAt(one.length - 1), pieces[index + 1]?.charCodeAt(0) ?? 0];
          assert.ok(!(end >= 0xd800 && end <= 0xdbff && start >= 0xdc00 && start <= 0xdfff));
        }
      }),
    );
  });

  it("leaves texts without long runs whole, up to 64 KiB, and cuts longer ones at line ends", () => {
    const code = "  const total = lines.reduce((sum, line) => sum + line.amount, 0);\n".repeat(10);
    assert.deepEqual(piecesOf(code), [code]);
    const pieces = piecesOf("export const a = 1;\n".repeat(10_000));
    assert.ok(pieces.length > 1);
    assert.ok(pieces.every((one) => one.startsWith("export") && one.endsWith("\n")));
  });
});

describe("tokenCounter cache", () => {
  it("keeps what was used last within its bound", () => {
    const cache = new CountCache(2_000);
    for (let n = 0; n < 100; n += 1) {
      cache.set(`text ${n}`, n);
      cache.get("text 0");
      assert.ok(cache.bytes <= 2_000);
    }
    assert.equal(cache.get("text 0"), 0);
    assert.equal(cache.get("text 1"), undefined);
    assert.equal(cache.get("text 99"), 99);
    cache.set("x".repeat(1_000), 5);
    assert.equal(cache.get("x".repeat(1_000)), undefined);
    assert.equal(cache.get("text 99"), 99);
  });
});

describe("encodingFor", () => {
  it("knows the models of the older encoding by their exact ids", () => {
    for (const id of [
      "gpt-4",
      "gpt-4-0613",
      "gpt-4-turbo",
      "gpt-4-turbo-2024-04-09",
      "gpt-4-1106-preview",
      "gpt-3.5-turbo-0125",
      "openai/gpt-4",
    ]) {
      assert.equal(encodingFor(id), "cl100k_base", id);
    }
    for (const id of [
      "gpt-4o",
      "gpt-4.1",
      "gpt-4.5-preview",
      "gpt-5",
      "o3",
      "claude-sonnet-4-5",
      "my-gpt-4",
      "gpt-4o-mini",
      "turnpike-demo",
    ]) {
      assert.equal(encodingFor(id), "o200k_base", id);
    }
  });
});
