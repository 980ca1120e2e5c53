import assert from "node:assert/strict";
import { CUT_TOKENS, countLines, fitResult } from "../../src/core/fitResult";
import { quarterCounter } from "../support/scriptedRun";

const save = () => "out-1";
const readOn = (from: number) => `read_file {"path":"a.log","from":${from}}`;

describe("fitting a tool result", () => {
  it("counts a last line without an end, and none after the last end", () => {
    assert.deepEqual([countLines(""), countLines("a"), countLines("a\n"), countLines("a\nb")], [0, 1, 1, 2]);
  });

  it("leaves a result of up to 8,000 tokens whole", async () => {
    const text = "x".repeat(32_000);
    assert.deepEqual(await fitResult({ ok: true, text }, quarterCounter, save), { text, tokens: 8_000, truncated: false });
  });

  it("does not wait for a tokenizer that is still starting, where the bytes already say that it fits", async () => {
    const starting = { ...quarterCounter, ready: false };
    const fitted = await fitResult({ ok: true, text: "short" }, starting, save);
    assert.deepEqual(fitted, { text: "short", tokens: null, truncated: false });
  });

  it("cuts a larger one to 2,000 tokens: head, tail, and where to read on", async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i + 1} of a log that nobody wants to read whole`);
    const fitted = await fitResult({ ok: true, text: lines.join("\n"), readOn }, quarterCounter, save);
    assert.ok(fitted.truncated && fitted.tokens !== null);
    assert.ok(fitted.tokens <= CUT_TOKENS && fitted.tokens > CUT_TOKENS * 0.8, String(fitted.tokens));
    assert.ok(fitted.text.startsWith("line 1 of") && fitted.text.endsWith(lines[19_999] ?? "?"));
    const [, left, from] =
      /\[(\d+) of 20000 lines left out here; read on with read_file \{"path":"a\.log","from":(\d+)\}\]/.exec(fitted.text) ?? [];
    const head = fitted.text.split("\n").findIndex((line) => line.startsWith("["));
    assert.equal(Number(from), head, "the next line to read is the first that was left out");
    assert.ok(Number(left) > 19_000);
  });

  it("saves what it cuts under an id, where the tool has no range of its own", async () => {
    const fitted = await fitResult({ ok: true, text: "word ".repeat(20_000) }, quarterCounter, save);
    assert.match(fitted.text, /read_output \{"id":"out-1","from":\d+\}/);
    assert.match(fitted.text, /characters left out here/);
  });

  it("leaves room for the reminder that comes after it", async () => {
    for (const wide of [1, 7, 60, 400]) {
      const text = `${"w".repeat(wide)}\n`.repeat(Math.ceil(200_000 / wide));
      const { tokens } = await fitResult({ ok: true, text }, quarterCounter, save);
      assert.ok((tokens ?? 0) <= CUT_TOKENS - 80, `${tokens} tokens`);
    }
  });

  it("comes to an end even if the way to read on is longer than all the room", async () => {
    const endless = () => `read_file {"path":"${"深".repeat(9_000)}"}`;
    const { text, tokens } = await fitResult({ ok: true, text: "word ".repeat(20_000), readOn: endless }, quarterCounter, save);
    assert.match(text, /read_output \{"id":"out-1"/);
    assert.ok((tokens ?? 0) <= CUT_TOKENS);
  });

  it("cuts what would go over the turn's share, but nothing short", async () => {
    const within = (chars: number, share: number) =>
      fitResult({ ok: true, text: "x".repeat(chars) }, quarterCounter, save, share);
    assert.equal((await within(20_000, 5_000)).truncated, false);
    assert.equal((await within(20_000, 4_999)).truncated, true);
    assert.equal((await within(8_000, -1)).truncated, false);
  });
});
