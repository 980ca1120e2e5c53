import assert from "node:assert/strict";
import { createServer } from "node:net";
import { type Provider, type Script, startProvider } from "../support/provider";
import { answered, ask, broken, holds, IMPATIENT, modelAt, refused } from "../support/providerClient";
import {
  badUtf8After,
  call,
  cutAfter,
  errorAfter,
  filler,
  garbageAfter,
  hangUp,
  insertAfter,
  longest,
  page,
  raw,
  redirect,
  say,
  silent,
  stallAfter,
  status,
} from "../support/providerReply";

const SECRET = "sk-test-0123456789abcdef";

describe("faults of a provider, as results", () => {
  let provider: Provider | undefined;
  const unhandled: unknown[] = [];
  const onUnhandled = (reason: unknown) => unhandled.push(reason);
  const serve = async (script: Script, options = {}) => {
    provider = await startProvider(script, options);
    return provider;
  };
  before(() => process.on("unhandledRejection", onUnhandled));
  after(() => process.off("unhandledRejection", onUnhandled));
  afterEach(async () => {
    const open = provider ? await settledConnections(provider) : 0;
    await provider?.close();
    provider = undefined;
    assert.deepEqual(unhandled, []);
    assert.ok(open <= 2, `${open} connections left open`);
  });

  describe("turned away, so nothing is billed", () => {
    const cases = [
      { code: 400, retry: "never", says: /did not accept the request \(400\): no such thing/ },
      { code: 401, retry: "never", says: /API key/ },
      { code: 402, retry: "never", says: /no credit or quota/ },
      { code: 403, retry: "never", says: /does not allow/ },
      { code: 404, retry: "never", says: /check the model "scripted" and the base URL http:\/\/127.0.0.1/ },
      { code: 409, retry: "later", says: /409/ },
      { code: 413, retry: "never", says: /longer than the model takes/ },
      { code: 429, retry: "later", says: /slow down/ },
      { code: 500, retry: "later", says: /failed \(500\)/ },
      { code: 503, retry: "later", says: /overloaded/ },
      { code: 529, retry: "later", says: /overloaded/ },
    ];
    for (const { code, retry, says } of cases) {
      it(`${code} is ${retry === "later" ? "worth another try" : "final"} and says what to do`, async () => {
        const { url, bill, requests } = await serve(() => status(code, "no such thing"));
        const result = refused((await ask(modelAt(url))).result);
        assert.equal(result.retry, retry);
        assert.match(result.reason, says);
        assert.equal(askedMs(result), null);
        assert.equal(requests.length, 1, "one attempt, no hidden retry");
        assert.equal(bill.calls.length, 0);
      });
    }

    it("waits as long as it is asked to, in seconds, milliseconds or until a date", async () => {
      const now = Date.parse("2026-11-02T10:00:00Z");
      const headers = [
        { "retry-after": "7" },
        { "retry-after": "60", "retry-after-ms": "1500" },
        { "retry-after": "Mon, 02 Nov 2026 10:00:30 GMT" },
        { "retry-after": "Mon, 02 Nov 2026 09:00:00 GMT" },
        { "retry-after": "soon" },
      ];
      const { url } = await serve((_, index) => status(429, "slow down", headers[index]));
      const model = modelAt(url, { clock: { now: () => now } });
      const waits = [];
      for (const _ of headers) waits.push(askedMs(refused((await ask(model)).result)));
      assert.deepEqual(waits, [7000, 1500, 30_000, 0, null]);
    });

    it("takes an empty account for final, though it is told as a 429", async () => {
      const error = { message: "You exceeded your current quota", type: "insufficient_quota", code: "insufficient_quota" };
      const { url } = await serve(() => status(429, error, { "retry-after": "5" }));
      holds(refused((await ask(modelAt(url))).result), { retry: "never" });
    });

    it("never repeats the key, and says it in one short line", async () => {
      const message = `bad key ${SECRET}\n at stack (x.py:1)\n${"x".repeat(5000)}`;
      const { url } = await serve(() => status(401, message));
      const { reason } = refused((await ask(modelAt(url))).result);
      assert.ok(!reason.includes(SECRET) && !reason.includes("\n") && reason.length <= 300, reason);
    });

    it("reads a web page for what it is, with any status", async () => {
      const { url } = await serve((_, index) => (index === 0 ? page(200) : page(502, "502 Bad Gateway")));
      const model = modelAt(url);
      holds(refused((await ask(model)).result), { retry: "never" });
      const gateway = refused((await ask(model)).result);
      assert.ok(
        gateway.retry === "later" && /502 Bad Gateway/.test(gateway.reason) && !gateway.reason.includes("<"),
        gateway.reason,
      );
    });

    it("follows no redirect, so neither key nor code reach an address nobody set", async () => {
      const elsewhere = await startProvider(() => say("Got your code."));
      const { url } = await serve((_, index) => redirect(`${elsewhere.url}/chat/completions?key=1`, index === 0 ? 307 : 302));
      const model = modelAt(url);
      for (let round = 0; round < 2; round++) {
        const { retry, reason } = refused((await ask(model)).result);
        assert.equal(retry, "never");
        assert.ok(reason.includes(elsewhere.url) && !reason.includes("key=1"), reason);
      }
      assert.equal(elsewhere.requests.length, 0);
      await elsewhere.close();
    });

    it("an error at the start of a good stream counts by its own code", async () => {
      const errors = [
        { code: 429, message: "slow down" },
        { type: "overloaded_error", message: "Overloaded" },
        { type: "invalid_request_error", message: "too many tools" },
      ];
      const { url } = await serve((_, index) => raw([`data: ${JSON.stringify({ error: errors[index] })}\n\n`]));
      const model = modelAt(url);
      const results = [];
      for (const _ of errors) results.push(refused((await ask(model)).result).retry);
      assert.deepEqual(results, ["later", "later", "never"]);
    });

    it("an error in a list, as Google sends it, inside a stream or in place of one", async () => {
      const list = JSON.stringify([{ error: { code: 429, message: "Resource exhausted", status: "RESOURCE_EXHAUSTED" } }]);
      const { url } = await serve((_, index) => raw([index === 0 ? `data: ${list}\n\n` : list]));
      const model = modelAt(url);
      for (let round = 0; round < 2; round++) {
        const { retry, reason } = refused((await ask(model)).result);
        assert.equal(retry, "later");
        assert.match(reason, /Resource exhausted/);
      }
    });

    it("an error in place of a stream, with a good status, counts by its own code or type", async () => {
      const errors: readonly [unknown, "later" | "never"][] = [
        [{ code: 429, message: "slow down" }, "later"],
        [{ code: 500, message: "crashed" }, "later"],
        [{ type: "server_error", message: "crashed" }, "later"],
        ["the model is still loading", "later"],
        [{ type: "invalid_request_error", message: "too many tools" }, "never"],
        [{ code: "invalid_api_key", message: "no" }, "never"],
        [{ code: "model_not_found", message: "no" }, "never"],
        [{ code: "insufficient_quota", message: "no" }, "never"],
      ];
      const { url } = await serve((_, index) => raw([JSON.stringify({ error: errors[index]?.[0] })]));
      const model = modelAt(url);
      for (const [error, retry] of errors) {
        assert.equal(refused((await ask(model)).result).retry, retry, JSON.stringify(error));
      }
    });

    it("an error whose text never ends still counts by its status", async function () {
      this.timeout(10_000);
      provider = await startProvider(() => say("never asked"));
      const endless = new ReadableStream({ pull: () => new Promise(() => {}), start: (it) => it.enqueue(Buffer.from("slow")) });
      const fetchFake: typeof fetch = async () => new Response(endless, { status: 429 });
      const model = modelAt("http://fake.example/v1", {
        fetch: fetchFake,
        idleTimeouts: { firstByteMs: 9000, betweenChunksMs: 100 },
      });
      holds(refused((await ask(model)).result), { retry: "later" });
    });

    it("no server, no name, no secure connection", async () => {
      const port = await freePort();
      const nobody = refused((await ask(modelAt(`http://127.0.0.1:${port}/v1`))).result);
      assert.ok(nobody.retry === "later" && /ECONNREFUSED/.test(nobody.reason), nobody.reason);
      const { url } = await serve(() => say("Hi"));
      const plain = (await ask(modelAt(url.replace("http:", "https:")))).result;
      holds(plain, { kind: "refused", retry: "never" });
    });
  });

  describe("broken off, so it may be billed", () => {
    it("a connection that ends before an answer", async () => {
      const { url } = await serve(() => hangUp);
      holds(broken((await ask(modelAt(url))).result), { cause: "cut", bill: null });
    });

    it("silence before the head of an answer, and after it", async () => {
      const { url } = await serve((_, index) => (index === 0 ? silent : say("", { fault: stallAfter(0) })));
      const model = modelAt(url, { idleTimeouts: IMPATIENT });
      for (let round = 0; round < 2; round++) {
        const started = performance.now();
        holds(broken((await ask(model)).result), { cause: "stalled", reason: "no answer came", bill: null });
        assert.ok(performance.now() - started < 2000);
      }
    });

    it("a stream that stalls or is cut, at the first, a middle and the last chunk", async () => {
      for (const [kind, fault] of [
        ["stalled", stallAfter],
        ["cut", cutAfter],
      ] as const) {
        for (const after of [1, 4, 10]) {
          const { url, bill, close } = await serve(() => say(filler(80), { fault: fault(after), finish: null }));
          const { result, text } = await ask(modelAt(url, { idleTimeouts: IMPATIENT }));
          holds(broken(result), { cause: kind, bill: null, partial: { text: filler(after * 8), finish: "unknown" } });
          assert.equal(text, filler(after * 8));
          assert.equal(bill.outputTokens, after * 8);
          await close();
          provider = undefined;
        }
      }
    });

    it("keeps the running count of a stream that is cut", async () => {
      const { url, bill } = await serve(() => say(filler(80), { usage: "running", fault: cutAfter(5) }));
      const { bill: sent } = broken((await ask(modelAt(url))).result);
      holds(sent, { usage: { completion_tokens: 40, prompt_tokens: bill.promptTokens }, early: true });
    });

    it("says how long nothing had come, before the first word and after the last", async () => {
      const faults = [stallAfter(0), stallAfter(3), cutAfter(3)] as const;
      const { url } = await serve((_, index) => {
        const fault = faults[index];
        return fault ? say(filler(80), { fault, finish: null }) : silent;
      });
      const model = modelAt(url, { idleTimeouts: IMPATIENT });
      const silences = [];
      for (let round = 0; round < 4; round++) silences.push(broken((await ask(model)).result).silentMs);
      const [headOnly = 0, midway = 0, cut = 999, nothing = 0] = silences;
      assert.ok(headOnly >= 390 && midway >= 290 && nothing >= 390, silences.join());
      assert.ok(cut < 290, silences.join());
    });

    it("events that are no JSON, no UTF-8, or two in one line; the bill behind them is kept", async () => {
      const glued = insertAfter(2, 'data: {"id":"a","object":"chat.cdata: {"choices":[]}\n\n');
      for (const fault of [garbageAfter(2), badUtf8After(2), glued, insertAfter(1, '"content":" lost"}}]}\n')]) {
        const { url, bill, close } = await serve(() => say(filler(40), { fault }));
        const result = broken((await ask(modelAt(url))).result);
        holds(result, { cause: "malformed", bill: { usage: { completion_tokens: bill.outputTokens } } });
        await close();
        provider = undefined;
      }
    });

    it("an error in the middle of a stream", async () => {
      const { url } = await serve(() =>
        say(filler(40), { fault: errorAfter(2, { message: "model crashed", code: 502 }), finish: "error" }),
      );
      const result = broken((await ask(modelAt(url))).result);
      assert.equal(result.cause, "failed");
      assert.match(result.reason, /model crashed/);
    });

    for (const code of [408, 504, 524]) {
      it(`a gateway that gave up waiting (${code}), for the work behind it may have been done`, async () => {
        const { url } = await serve(() => status(code, "timed out", { "retry-after": "1" }));
        const result = broken((await ask(modelAt(url))).result);
        holds(result, { cause: "failed", bill: null, partial: { text: "", toolCalls: [] } });
        assert.match(result.reason, new RegExp(`took too long \\(${code}\\): timed out`));
      });
    }

    it("a gateway that gave up waiting and says so in the stream or in a body", async () => {
      const error = JSON.stringify({ error: { code: 504, message: "upstream timeout" } });
      const { url } = await serve((_, index) => raw([index === 0 ? `data: ${error}\n\n` : error]));
      const model = modelAt(url);
      for (let round = 0; round < 2; round++) holds(broken((await ask(model)).result), { cause: "failed", bill: null });
    });

    it("a body with an error and a bill", async () => {
      const body = { error: { message: "gave up", type: "server_error" }, usage: { prompt_tokens: 9, completion_tokens: 4 } };
      const { url } = await serve(() => raw([JSON.stringify(body)]));
      holds(broken((await ask(modelAt(url))).result), { cause: "failed", bill: { usage: { completion_tokens: 4 } } });
    });

    it("a failure that comes with a bill", async () => {
      const body = JSON.stringify({ error: { message: "gave up" }, usage: { prompt_tokens: 9, completion_tokens: 4 } });
      const { url } = await serve(() => ({ kind: "status", status: 500, body, headers: {} }));
      holds(broken((await ask(modelAt(url))).result), { cause: "failed", bill: { usage: { completion_tokens: 4 } } });
    });

    it("a body without choices", async () => {
      const { url } = await serve(() => raw(['{"status":"ok"}'], { headers: { "content-type": "application/json" } }));
      assert.equal(broken((await ask(modelAt(url))).result).cause, "malformed");
    });

    it("nothing at all after a good status", async () => {
      const { url } = await serve(() => raw([]));
      assert.equal(broken((await ask(modelAt(url))).result).cause, "cut");
    });

    it("keep-alives without end", async () => {
      const { url } = await serve(() => raw([": OPENROUTER PROCESSING\n\n"], { end: "flood", delayMs: 5, floodBytes: 1 << 30 }));
      const model = modelAt(url, { idleTimeouts: { firstByteMs: 60, betweenChunksMs: 60, drainMs: 50 } });
      assert.equal(broken((await ask(model)).result).cause, "stalled");
    });

    it("a slow drip past the longest time a call may take", async () => {
      const { url } = await serve(() => say(filler(4000), { tokensPerChunk: 1, delayMs: 20 }));
      const idleTimeouts = { firstByteMs: 400, betweenChunksMs: 300, totalMs: 500 };
      const started = performance.now();
      assert.equal(broken((await ask(modelAt(url, { idleTimeouts }))).result).cause, "stalled");
      assert.ok(performance.now() - started < 3000);
    });
  });

  describe("noise around a whole answer", () => {
    const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
    const delta = (fields: object, finish_reason: string | null = null) =>
      chunk({ choices: [{ index: 0, delta: fields, finish_reason }] });
    const usage = chunk({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } });
    const done = "data: [DONE]\n\n";
    const piece = (args: string) => delta({ tool_calls: [{ index: 0, id: "c1", function: { name: "read", arguments: args } }] });
    const outcome = async (...pieces: (string | Uint8Array)[]) => {
      const { url, close } = await serve(() => raw(pieces));
      const { result } = await ask(modelAt(url));
      await close();
      provider = undefined;
      return result;
    };

    it("is passed over", async () => {
      const bytes = Buffer.from([0xff, 0xfe, 0x20, 0x0a]);
      const noises = [
        "foo: bar\n",
        "upstream hiccup\n",
        'meta: {"ms":12}\n',
        "data: ping\n\n",
        "data: -alive\n",
        "data\n",
        bytes,
      ];
      for (const noise of noises) {
        const { url, bill, close } = await serve(() => say(filler(40), { fault: insertAfter(2, noise) }));
        const { answer, bill: sent } = answered((await ask(modelAt(url))).result);
        assert.equal(answer.text, filler(40), String(noise));
        holds(sent?.usage, { completion_tokens: bill.outputTokens });
        await close();
        provider = undefined;
      }
    });

    it("leaves an answer whole that ends with a reason, or with a bill and the end mark", async () => {
      const begin = [delta({ content: "Hi" }), "data: oops\n\n"];
      assert.equal(answered(await outcome(...begin, delta({}, "stop"))).answer.text, "Hi");
      assert.equal(answered(await outcome(...begin, usage, done)).answer.text, "Hi");
      holds(await outcome(...begin, done), { kind: "broken", cause: "malformed" });
      holds(await outcome(...begin), { kind: "broken", cause: "cut" });
    });

    it("may be an error field that says nothing", async () => {
      for (const error of [null, "", {}, false]) {
        const result = await outcome(
          chunk({ choices: [{ index: 0, delta: { content: "Hi" } }], error }),
          delta({}, "stop"),
          done,
        );
        assert.equal(answered(result).answer.text, "Hi", JSON.stringify(error));
      }
    });

    it("is damage where a tool call is not whole, but for the output limit", async () => {
      const begin = [piece('{"path":'), "data: oops\n\n"];
      holds(await outcome(...begin, delta({}, "tool_calls"), done), { kind: "broken", cause: "malformed" });
      holds(await outcome(...begin, delta({}, "length"), done), { kind: "answered" });
      holds(await outcome(...begin, piece('"a"}'), delta({}, "tool_calls"), done), { kind: "answered" });
    });

    it("is damage where it may have been text, whatever ends the answer", async () => {
      for (const bad of ['dbta: {"choices":[{"delta":{"content":"x"}}]}\n\n', 'data: {"choices":[{"delta":{"con\n\n']) {
        const result = await outcome(delta({ content: "Hi" }), bad, delta({}, "stop"), usage, done);
        holds(result, { kind: "broken", cause: "malformed", bill: { usage: { completion_tokens: 4 } } });
      }
    });
  });

  describe("an answer without a reason for its end", () => {
    const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
    const text = chunk({ choices: [{ index: 0, delta: { content: "Hi" } }] });
    const half = chunk({
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { name: "a", arguments: "{" } }] } }],
    });
    const usage = chunk({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 4 } });
    const cases: readonly [string, readonly string[], "close" | "cut", "answered" | "broken"][] = [
      ["is whole where the connection closes in good order behind the bill", [text, usage], "close", "answered"],
      ["is not where the connection breaks", [text, usage], "cut", "broken"],
      ["is not where more had begun to come", [text, usage, 'data: {"ch'], "close", "broken"],
      ["is not where the bill was a running one", [text, usage, text], "close", "broken"],
      ["is not where a call is half there", [half, usage], "close", "broken"],
      ["is not where there is no answer", [usage], "close", "broken"],
    ];
    for (const [what, pieces, end, kind] of cases) {
      it(what, async () => {
        const { url } = await serve(() => raw(pieces, { end, delayMs: 10 }));
        holds((await ask(modelAt(url))).result, { kind, bill: { usage: { completion_tokens: 4 } } });
      });
    }
  });

  describe("is patient with the slow and honest", () => {
    it("lets an answer drip", async () => {
      const { url } = await serve(() => say(filler(8), { tokensPerChunk: 1, delayMs: 100 }));
      assert.equal(answered((await ask(modelAt(url))).result).answer.text, filler(8));
    });

    it("lets keep-alives stretch the wait for the first word", async () => {
      const pieces = [
        ...Array(8).fill(": processing\n\n"),
        'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\n',
      ];
      const { url } = await serve(() => raw(pieces, { delayMs: 100 }));
      assert.equal(answered((await ask(modelAt(url, { idleTimeouts: IMPATIENT }))).result).answer.text, "Hi");
    });
  });

  describe("past the output limit", () => {
    it("closes the connection on an answer that runs on", async () => {
      const { url, bill } = await serve(() => say(filler(50_000), { dishonest: true, tokensPerChunk: 100, delayMs: 1 }));
      const result = broken((await ask(modelAt(url), { maxOutput: 100 })).result);
      assert.equal(result.cause, "overBound");
      assert.ok(result.partial.text.length < 60_000, `${result.partial.text.length} characters kept`);
      assert.ok(bill.outputTokens < 25_000, `${bill.outputTokens} tokens generated`);
    });

    it("closes it sooner where the provider counts aloud", async () => {
      const { url } = await serve(() => say(filler(5000), { dishonest: true, usage: "running", tokensPerChunk: 10, delayMs: 1 }));
      const result = broken((await ask(modelAt(url), { maxOutput: 100 })).result);
      assert.equal(result.cause, "overBound");
      assert.ok(result.partial.text.length < filler(200).length, `${result.partial.text.length}`);
      assert.ok(result.bill);
    });

    it("never takes an honest answer for one, however odd its text", async () => {
      const texts = [
        `${" ".repeat(4000)}\n`.repeat(5),
        `${"=".repeat(4000)}\n`.repeat(5),
        "| --- | --- |\n".repeat(800),
        "internationalization ".repeat(1000),
        "नमस्ते दुनिया, यह एक परीक्षण है। ".repeat(200),
        "函数返回一个承诺，".repeat(300),
        "👩‍👩‍👧‍👦".repeat(200),
      ];
      for (const text of texts) {
        const { url, close } = await serve(() => say(text));
        const model = modelAt(url);
        for (const maxOutput of [50, 1024]) answered((await ask(model, { maxOutput })).result);
        await close();
        provider = undefined;
      }
    });

    it("bounds what it keeps of a flood, in events, in one line, and in one body", async () => {
      const event = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: " ".repeat(60_000) } }] })}\n\n`;
      const floods = [[event], ['data: {"choices":[', "x".repeat(65_536)], ['{"choices":[', "9,".repeat(32_768)]];
      for (const pieces of floods) {
        const before = process.memoryUsage().rss;
        const { url, close } = await serve(() => raw(pieces, { end: "flood", floodBytes: 1 << 30 }));
        assert.equal(broken((await ask(modelAt(url))).result).cause, "overBound");
        assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024);
        await close();
        provider = undefined;
      }
    });

    it("reads on behind a line too long to be read, to the bill, and keeps what came before and began in it", async () => {
      const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
      const delta = (fields: object) => chunk({ choices: [{ index: 0, delta: fields }], usage: { completion_tokens: 1 } });
      const start = 'data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm\\n.","content":" a \\"b\\" ';
      const huge = [
        start,
        ..."x"
          .repeat(9)
          .split("")
          .map((x) => x.repeat(1 << 20)),
        '"}}]}\n\n',
      ];
      const usage = { prompt_tokens: 9, completion_tokens: 2_000_000 };
      const rest = [delta({}).replace(',"usage":{"completion_tokens":1}', ""), chunk({ choices: [], usage }), "data: [DONE]\n\n"];
      const { url } = await serve((_, index) => raw([delta({ content: "Before" }), ...huge, ...(index === 0 ? rest : [])]));
      const model = modelAt(url, { idleTimeouts: { firstByteMs: 5000, betweenChunksMs: 5000, drainMs: 3000 } });
      const { result, text } = await ask(model);
      const { cause, partial, bill } = broken(result);
      assert.deepEqual([cause, bill?.usage, partial.reasoning, text], ["overBound", usage, "Hm\n.", "Before"]);
      assert.match(partial.text, /^Before a "b" x+$/);
      assert.ok(partial.text.length < 70_000, `${partial.text.length} characters kept`);
      holds(broken((await ask(model)).result), { cause: "overBound", bill: null });
    });

    it("keeps the beginning of a body too large to be read", async () => {
      const body = ['{"choices":[{"index":0,"message":{"content":"It begins', "x".repeat(1 << 20)];
      const { url } = await serve(() => raw(body, { end: "flood" }));
      const { cause, partial, bill } = broken((await ask(modelAt(url))).result);
      assert.deepEqual([cause, partial.text.slice(0, 12), bill], ["overBound", "It beginsxxx", null]);
    });

    it("counts the largest honest answer as an answer", async () => {
      const { url, bill } = await serve((request) => longest(request));
      assert.equal(answered((await ask(modelAt(url), { maxOutput: 2000 })).result).answer.text, filler(2000));
      assert.equal(bill.outputTokens, 2000);
    });
  });

  describe("cancelled", () => {
    it("waits a little for the bill, and keeps what had arrived", async () => {
      const { url, bill } = await serve(() => say(filler(60), { tokensPerChunk: 1, delayMs: 2 }));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 40);
      const { result, text } = await ask(modelAt(url, { idleTimeouts: { ...IMPATIENT, drainMs: 2000 } }), {}, stop.signal);
      const end = broken(result);
      holds(end, { cause: "cancelled", bill: { usage: { completion_tokens: bill.outputTokens } } });
      assert.ok(text.length < end.partial.text.length, "nothing is shown after the cancellation");
    });

    it("waits for the bill behind a running count, which is none yet", async () => {
      const { url, bill } = await serve(() => say(filler(60), { tokensPerChunk: 1, delayMs: 2, usage: "running" }));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 40);
      const { result } = await ask(modelAt(url, { idleTimeouts: { ...IMPATIENT, drainMs: 2000 } }), {}, stop.signal);
      assert.equal(bill.outputTokens, 60);
      holds(broken(result), { cause: "cancelled", bill: { usage: { completion_tokens: 60 }, early: undefined } });
    });

    it("gives up on a bill that does not come", async () => {
      const { url } = await serve(() => say(filler(5000), { tokensPerChunk: 1, delayMs: 2 }));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 60);
      const started = performance.now();
      const { result } = await ask(modelAt(url), {}, stop.signal);
      holds(broken(result), { cause: "cancelled", bill: null });
      assert.ok(performance.now() - started < 2000);
    });

    it("waits at most two seconds, whatever else it would wait", async function () {
      this.timeout(10_000);
      const { url } = await serve((_, index) =>
        index === 0 ? say(filler(8), { fault: stallAfter(1) }) : say("Hi", { usage: "none", done: false, keepOpen: true }),
      );
      const model = modelAt(url, { idleTimeouts: { firstByteMs: 9000, betweenChunksMs: 9000, drainMs: 9000 } });
      for (const kind of ["broken", "answered"]) {
        const stop = new AbortController();
        setTimeout(() => stop.abort(), 100);
        const started = performance.now();
        assert.equal((await ask(model, {}, stop.signal)).result.kind, kind);
        assert.ok(performance.now() - started < 3500);
      }
    });

    it("ends at once before the head of an answer", async () => {
      const { url } = await serve(() => silent);
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 50);
      const started = performance.now();
      assert.equal(broken((await ask(modelAt(url), {}, stop.signal)).result).cause, "cancelled");
      assert.ok(performance.now() - started < 2000);
    });

    it("does not undo an answer that is already whole", async () => {
      const { url } = await serve(() => call("read", { path: "a" }, { usage: "none", done: false, keepOpen: true }));
      const stop = new AbortController();
      setTimeout(() => stop.abort(), 80);
      assert.equal(answered((await ask(modelAt(url), {}, stop.signal)).result).answer.toolCalls.length, 1);
    });
  });

  it("uses its connections again", async () => {
    const { url, connections } = await serve(() => say("Hi"));
    const model = modelAt(url);
    for (let turn = 0; turn < 5; turn++) answered((await ask(model)).result);
    assert.ok((await connections()) <= 2);
  });
});

function askedMs(result: ReturnType<typeof refused>): number | null {
  return result.retry === "later" ? result.askedMs : null;
}

async function settledConnections(provider: Provider): Promise<number> {
  let open = await provider.connections();
  for (let round = 0; round < 50 && open > 2; round++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    open = await provider.connections();
  }
  return open;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
