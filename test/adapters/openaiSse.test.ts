import assert from "node:assert/strict";
import fc from "fast-check";
import { type Frame, FrameDecoder } from "../../src/adapters/openaiSse";
import { answered, ask, modelAt } from "../support/providerClient";
import { runScript, answered as scripted } from "../support/scriptedRun";

function frames(...pieces: (string | Uint8Array)[]): Frame[] {
  const decoder = new FrameDecoder();
  const bytes = pieces.map((piece) => (typeof piece === "string" ? Buffer.from(piece) : piece));
  return [...bytes.flatMap((each) => decoder.push(each)), ...decoder.end()];
}

const event = (value: unknown, name = ""): Frame => ({ kind: "event", name, value });

describe("the frames of a stream", () => {
  it("are found with any line ends, with or without blank lines between them", () => {
    const expected = [event({ a: 1 }), event({ b: 2 }), { kind: "done" }];
    for (const end of ["\n", "\r\n", "\r"]) {
      assert.deepEqual(
        frames(['data: {"a":1}', "", 'data:{"b":2}', "", "data: [DONE]", ""].join(end)),
        expected,
        JSON.stringify(end),
      );
      assert.deepEqual(frames(['data: {"a":1}', 'data: {"b":2}', "data: [DONE]", ""].join(end)), expected, JSON.stringify(end));
    }
  });

  it("may be spread over lines and carry names, ids and comments", () => {
    assert.deepEqual(frames('\uFEFF: hello\nid: 7\nretry: 10\nevent: error\ndata: {"a":\ndata: 1}\n\n'), [
      { kind: "keepAlive" },
      event({ a: 1 }, "error"),
    ]);
    assert.deepEqual(frames('data: {"a":\r\ndata: 1}\r\n\r\n'), [event({ a: 1 })]);
  });

  it("may lack the last line end", () => {
    assert.deepEqual(frames('data: {"a":1}'), [event({ a: 1 })]);
    assert.deepEqual(frames("data: [DONE]"), [{ kind: "done" }]);
  });

  it("that are cut off are dropped, not called damaged", () => {
    for (const half of ['data: {"a":1', "da", Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xc3])]) {
      assert.deepEqual(frames('data: {"a":1}\n\n', half), [event({ a: 1 })]);
    }
  });

  it("may be lists", () => {
    assert.deepEqual(frames('data: [{"error":1}]\n\ndata: [1,\ndata: 2]\n\n'), [event([{ error: 1 }]), event([1, 2])]);
  });

  it("that are damaged do not hide the ones behind them", () => {
    const damaged = ['data: {"a":\n\n', 'data: {"a":"cdata: {"b":2}\n\n', '"x"}}]}\n', Buffer.from("data: \xff{\n", "latin1")];
    for (const bad of damaged) {
      const found = frames('data: {"a":1}\n\n', bad, 'data: {"c":3}\n\n');
      assert.equal(found[1]?.kind, "unreadable");
      assert.deepEqual(found.at(-1), event({ c: 3 }));
    }
  });

  it("are not made of what the specification ignores, nor of words", () => {
    assert.deepEqual(frames('foo: bar\nfoo\ndata\nmeta: {"a":1}\nid\n', 'data: {"c":3}\n\n'), [event({ c: 3 })]);
    const noises = ["what is this\n", "data: ping\n", "data: ping\n\n", Buffer.from([0xff, 0xfe, 0x0a])];
    for (const each of noises) assert.deepEqual(frames(each, 'data: {"c":3}\n\n'), [{ kind: "noise" }, event({ c: 3 })]);
  });

  it("that are errors in plain words are no noise", () => {
    assert.equal(frames("event: error\ndata: out of memory\n\n")[0]?.kind, "unreadable");
  });

  it("are found behind a line too long to be kept, of which the beginning is told", () => {
    const mega = "x".repeat(1 << 20);
    const found = frames('data: {"a":"', ...Array<string>(9).fill(mega), '"}\n\ndata: {"c":3}\n\n');
    const [long, ...rest] = found;
    assert.ok(long?.kind === "tooLong" && long.goesOn && /^data: \{"a":"x+$/.test(long.head) && long.head.length === 65_536);
    assert.deepEqual(rest, [event({ c: 3 })]);
  });

  it("are none where a whole body or a page comes", () => {
    assert.deepEqual(frames(' \n {"a"', ":1}"), [{ kind: "body", value: { a: 1 } }]);
    assert.deepEqual(frames('[{"error":1}]'), [{ kind: "body", value: [{ error: 1 }] }]);
    assert.equal(frames("<!doctype html><p>x</p>")[0]?.kind, "page");
    assert.equal(frames('{"a":1}\n{"a":2}')[0]?.kind, "unreadable");
  });

  it("are found even behind a beginning that looks like a body or a page", () => {
    for (const bad of ['{"a":\n\n', "<\n\n", "[1,\n"]) {
      const found = frames(bad, 'data: {"c":3}\n\n');
      assert.deepEqual([found[0]?.kind, found.at(-1)], ["unreadable", event({ c: 3 })], bad);
    }
  });

  it("are the same however the bytes are cut", () => {
    const stream = Buffer.from([': hi\n\ndata: {"t":"日本 👋"}\r\n\r\ndata: {"t":\ndata: 2}\n\n', "data: [DONE]\n\n"].join(""));
    const whole = frames(stream);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), stream.length];
        const pieces = places.slice(1).map((place, at) => stream.subarray(places[at], place));
        assert.deepEqual(frames(...pieces), whole);
      }),
    );
  });
});

describe("damaged streams", () => {
  const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
  const delta = (fields: object) => chunk({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
  const usage = { prompt_tokens: 120, completion_tokens: 30, total_tokens: 150 };
  const stream = Buffer.from(
    [
      delta({ role: "assistant", content: "" }),
      delta({ content: "Let me look. 日本" }),
      delta({ tool_calls: [{ index: 0, id: "c1", function: { name: "read", arguments: '{"path":' } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: '"a.ts"}' } }] }),
      chunk({ choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }] }),
      chunk({ choices: [], usage }),
      "data: [DONE]\n\n",
    ].join(""),
  );

  type Damage =
    | { readonly kind: "flip"; readonly at: number; readonly byte: number }
    | { readonly kind: "drop" | "repeat"; readonly at: number; readonly count: number }
    | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array };
  const damage: fc.Arbitrary<Damage> = fc.oneof(
    fc.record({ kind: fc.constant("flip" as const), at: fc.nat(stream.length - 1), byte: fc.nat(255) }),
    fc.record({ kind: fc.constant("drop" as const), at: fc.nat(stream.length - 1), count: fc.nat(80) }),
    fc.record({ kind: fc.constant("insert" as const), at: fc.nat(stream.length - 1), bytes: fc.uint8Array({ maxLength: 40 }) }),
    fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(stream.length - 1), count: fc.nat(200) }),
  );

  const apply = (bytes: Uint8Array, each: Damage): Uint8Array => {
    const at = Math.min(each.at, bytes.length);
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
    if (each.kind === "flip") return Buffer.concat([head, Uint8Array.of(each.byte), tail.subarray(1)]);
    if (each.kind === "drop") return Buffer.concat([head, tail.subarray(each.count)]);
    if (each.kind === "insert") return Buffer.concat([head, each.bytes, tail]);
    return Buffer.concat([head, tail.subarray(0, each.count), tail]);
  };

  const MOST = 8_000;

  it("end in a result, never in an exception or a wait, and are charged no less than what can honestly be read", async function () {
    this.timeout(60_000);
    const kinds = { answered: 0, broken: 0, refused: 0 };
    let readable = 0;
    const property = fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 4 }), fc.nat(400), async (damages, size) => {
      const bytes = damages.reduce(apply, stream);
      const fetchFake: typeof fetch = async () => new Response(inPieces(bytes, size + 1));
      const { result } = await ask(modelAt("http://fake.example/v1", { fetch: fetchFake }));
      kinds[result.kind] += 1;
      if (result.kind === "answered") for (const each of result.answer.toolCalls) assert.equal(typeof each.arguments, "string");
      const output = honestOutput(bytes);
      if (output > 0) readable += 1;
      const run = await runScript((_, index) => (index === 0 ? result : scripted({ text: "done" })), {
        config: { requestedOutput: MOST },
      });
      const charged = run.of("charged").find((event) => event.attempt === 1)?.charge.usage.output ?? 0;
      if (result.kind === "refused") assert.equal(output, 0, "what was generated is not refused");
      else assert.ok(charged >= Math.min(output, MOST), `charged ${charged}, read ${output}: ${Buffer.from(bytes)}`);
    });
    await fc.assert(property, { numRuns: 2000 });
    assert.ok(kinds.answered > 200 && kinds.broken > 200, JSON.stringify(kinds));
    assert.ok(readable > 1000, `${readable} readable`);
  });

  /**
   * Output tokens by the strictest reading: events apart by blank lines, of data lines that are UTF-8 and JSON, up to the
   * end mark. The last usage counts; without one, four characters of text make a token.
   */
  function honestOutput(bytes: Uint8Array): number {
    let text = 0;
    let usage: number | null = null;
    for (const block of Buffer.from(bytes).toString("latin1").split("\n\n")) {
      if (block === "data: [DONE]") break;
      const value = block.startsWith("data: ") && !/[\r\n]/.test(block) ? parsed(Buffer.from(block.slice(6), "latin1")) : null;
      const content = at(at(at(at(value, "choices"), 0), "delta"), "content");
      if (typeof content === "string") text += content.length;
      const tokens = at(at(value, "usage"), "completion_tokens");
      if (Number.isInteger(tokens)) usage = Number(tokens);
    }
    return usage ?? Math.floor(text / 4);
  }

  const at = (value: unknown, key: string | number): unknown =>
    typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;

  const parsed = (bytes: Uint8Array): unknown => {
    try {
      return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    } catch {
      return null;
    }
  };

  it("keep their bill when the damage is elsewhere", async function () {
    this.timeout(60_000);
    const before = stream.indexOf('data: {"choices":[],"usage"');
    const property = fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), async (damages) => {
      const head = damages
        .map((each) => ({ ...each, at: Math.min(each.at, before - 200) }))
        .reduce(apply, stream.subarray(0, before));
      const bytes = Buffer.concat([head, Buffer.from("\n\n"), stream.subarray(before)]);
      const { result } = await ask(modelAt("http://fake.example/v1", { fetch: async () => new Response(inPieces(bytes, 100)) }));
      assert.ok(result.kind !== "refused" && result.bill, JSON.stringify(result));
    });
    await fc.assert(property, { numRuns: 1000 });
  });

  it("are read whole when they are not damaged", async () => {
    const { result } = await ask(modelAt("http://fake.example/v1", { fetch: async () => new Response(inPieces(stream, 7)) }));
    const { answer, bill } = answered(result);
    assert.deepEqual([answer.text, answer.toolCalls[0]?.arguments, bill?.usage], ["Let me look. 日本", '{"path":"a.ts"}', usage]);
  });
});

function inPieces(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, at + size));
      at += size;
    },
  });
}
