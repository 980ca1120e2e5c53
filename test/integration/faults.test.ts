import assert from "node:assert/strict";
import { run } from "../support/cli";
import { type Provider, type Script, startProvider } from "../support/provider";
import {
  badUtf8After,
  type CallCount,
  call,
  calls,
  cutAfter,
  errorAfter,
  garbageAfter,
  hangUp,
  insertAfter,
  page,
  type Reply,
  say,
  stallAfter,
  status,
} from "../support/providerReply";

const PRICE = ["--price", "in=3,cacheRead=0.3,cacheWrite=3.75,out=15"];
const words = "one two three four five six seven eight nine ten";

const billed = ({ promptTokens, cachedTokens }: CallCount, output: number) => ({
  ...{ prompt_tokens: promptTokens, completion_tokens: output, total_tokens: promptTokens + output },
  prompt_tokens_details: { cached_tokens: cachedTokens },
});

/** A fault, once, at the second of three requests; the run recovers, or ends with the outcome and code given. */
const FAULTS: readonly { name: string; fault: Reply; ends?: { code: number; reason: RegExp }; args?: readonly string[] }[] = [
  { name: "401", fault: status(401, "bad key"), ends: { code: 1, reason: /401|key/i } },
  { name: "402", fault: status(402, "no credit"), ends: { code: 1, reason: /402|credit|pay/i } },
  {
    name: "quota exceeded",
    fault: status(429, { message: "quota", code: "insufficient_quota" }),
    ends: { code: 1, reason: /quota/i },
  },
  { name: "429 with Retry-After", fault: status(429, "slow down", { "retry-after": "1" }) },
  { name: "500", fault: status(500, "oops") },
  { name: "503 without a body", fault: { kind: "status", status: 503, body: "", headers: {} } },
  { name: "an HTML page", fault: page(502) },
  { name: "a connection hung up", fault: hangUp },
  { name: "a cut stream", fault: say(words, { fault: cutAfter(3), tokensPerChunk: 1 }) },
  { name: "a stream cut before its first chunk", fault: say(words, { fault: cutAfter(0) }) },
  {
    name: "a stall",
    fault: say(words, { fault: stallAfter(2), tokensPerChunk: 1 }),
    ends: { code: 3, reason: /time/ },
    args: ["--max-minutes", "0.06"],
  },
  { name: "malformed events", fault: say(words, { fault: garbageAfter(2), tokensPerChunk: 1 }) },
  {
    name: "an error in the stream",
    fault: say(words, { fault: errorAfter(2, { message: "overloaded", code: 529 }), tokensPerChunk: 1 }),
  },
  {
    name: "invalid UTF-8",
    fault: call("read_file", { path: "a.txt" }, { text: words, fault: badUtf8After(2), tokensPerChunk: 1 }),
  },
  { name: "no usage", fault: call("read_file", { path: "a.txt" }, { usage: "none" }) },
  {
    name: "negative usage",
    fault: call("read_file", { path: "a.txt" }, { usage: () => ({ prompt_tokens: -5, completion_tokens: "x" }) }),
  },
  {
    name: "usage without output",
    fault: call("read_file", { path: "a.txt" }, { text: words.repeat(50), usage: (count) => billed(count, 0) }),
  },
  {
    name: "a running count before a cut",
    fault: say(words.repeat(5), { usage: "running", fault: cutAfter(10), tokensPerChunk: 1 }),
  },
  {
    name: "a comment and a blank event",
    fault: call("read_file", { path: "a.txt" }, { fault: insertAfter(1, ": ping\n\ndata:\n\n") }),
  },
  { name: "arguments that are no JSON", fault: call("read_file", '{"path":') },
  { name: "an unknown tool", fault: call("teleport", {}) },
  { name: "wrong arguments", fault: call("read_file", { file: 7 }) },
  { name: "an empty answer", fault: say("") },
  { name: "calls without ids", fault: calls([{ name: "read_file", arguments: { path: "a.txt" } }], { callStyle: "noIds" }) },
];

describe("faults of a provider over real HTTP", () => {
  let server: Provider | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  for (const { name, fault, ends, args = [] } of FAULTS) {
    it(`${ends ? "ends well after" : "recovers from"} ${name}, charging every billed token`, async () => {
      const script: Script = (request, index) => {
        if (request.toolChoice === "none") return say("note");
        if (index === 0) return call("read_file", { path: "a.txt" });
        return index === 1 ? fault : say("done");
      };
      server = await startProvider(script, { prices: { input: 3, cacheRead: 0.3, output: 15 } });
      const ended = await run(server.url, ["--max-usd", "1", ...PRICE, ...args]);
      if (ends) {
        assert.equal(ended.code, ends.code, ended.stderr);
        assert.match(ended.ended.outcome.reason, ends.reason);
      } else {
        assert.deepEqual([ended.code, ended.ended.outcome], [0, { kind: "done", reason: "done" }], ended.stderr);
      }
      assert.ok(
        (ended.ended.totals.usd ?? 0) >= server.bill.usd - 1e-9,
        `charged ${ended.ended.totals.usd}, billed ${server.bill.usd}`,
      );
      assert.doesNotMatch(ended.stdout + ended.stderr, /\n\s+at .+:\d+:\d+/, "no stack trace");
      assert.deepEqual(server.violations, []);
    });
  }

  it("waits as long as Retry-After says, under a new reservation", async () => {
    server = await startProvider((_request, index) => (index === 0 ? status(429, "slow", { "retry-after": "2" }) : say("done")));
    const ended = await run(server.url);
    assert.equal(ended.of("retrying")[0]?.waitMs, 2_000);
    assert.equal(ended.of("reserved").length, 2);
    const [first, second] = server.requests;
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) >= 1_990);
  });

  it("fails in words, at once, when nobody listens at the address", async () => {
    const ended = await run("http://127.0.0.1:9/v1", ["--max-minutes", "0.2"]);
    assert.notEqual(ended.code, 0);
    assert.ok(ended.ended.outcome.kind === "failed" || ended.ended.outcome.reason === "time");
    assert.doesNotMatch(ended.stderr, /\n\s+at /);
  });
});
