import assert from "node:assert/strict";
import { type Provider, type ProviderOptions, type Script, startProvider } from "./provider";
import { call, filler, longest, say, silent, status } from "./providerReply";

/** The server is tested with plain `fetch`, so that nothing of the product vouches for it. */
describe("the scripted provider", () => {
  let provider: Provider | undefined;
  const serve = async (script: Script, options: ProviderOptions = {}) => {
    provider = await startProvider(script, options);
    return provider;
  };
  afterEach(async () => {
    await provider?.close();
    provider = undefined;
  });

  const post = (url: string, body: object, init: RequestInit = {}) =>
    fetch(`${url}/chat/completions`, { method: "POST", body: JSON.stringify({ stream: true, ...body }), ...init });
  const chunksOf = async (response: Response) =>
    (await response.text())
      .split("\n\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice(6)));
  const user = (content: string) => ({ role: "user", content });
  const asking = { stream_options: { include_usage: true } };

  it("streams text in chunks and reports usage only when asked", async () => {
    const { url } = await serve(() => say("Hello, this is a text of some length, in several chunks."));
    const quiet = await chunksOf(await post(url, { messages: [user("Hi")] }));
    const asked = await chunksOf(await post(url, { messages: [user("Hi")], ...asking }));
    const text = quiet.map((each) => each.choices[0]?.delta.content ?? "").join("");
    assert.equal(text, "Hello, this is a text of some length, in several chunks.");
    assert.ok(quiet.length > 3);
    assert.ok(quiet.every((each) => each.usage === undefined));
    assert.equal(asked.at(-1).usage.completion_tokens, 14);
  });

  it("stops at the output limit, to the token, and bills no more", async () => {
    const { url, bill } = await serve((_, index) => (index < 2 ? say(filler(100)) : call("write", { text: filler(100) })));
    for (const limit of [{ max_tokens: 17 }, { max_completion_tokens: 17, max_tokens: 30 }, { max_tokens: 17 }]) {
      const chunks = await chunksOf(await post(url, { messages: [user("Hi")], ...limit, ...asking }));
      assert.equal(chunks.at(-2).choices[0].finish_reason, "length");
      assert.equal(chunks.at(-1).usage.completion_tokens, 17);
    }
    assert.equal(bill.outputTokens, 51);
  });

  it("goes past it when told to be dishonest, and bills it", async () => {
    const { url, bill } = await serve(() => say(filler(100), { dishonest: true }));
    await chunksOf(await post(url, { messages: [], max_tokens: 10 }));
    assert.equal(bill.outputTokens, 100);
  });

  it("answers as long as it may", async () => {
    const { url, bill } = await serve((request) => longest(request));
    await chunksOf(await post(url, { messages: [], max_tokens: 321 }));
    assert.equal(bill.outputTokens, 321);
  });

  it("counts thinking inside the output", async () => {
    const { url, bill } = await serve(() => say("word", { reasoning: filler(20) }));
    await chunksOf(await post(url, { messages: [] }));
    assert.deepEqual([bill.calls[0]?.reasoningTokens, bill.outputTokens], [20, 21]);
  });

  it("reads from its cache what begins like the request before", async () => {
    const { url, bill } = await serve(() => say("Hi"));
    const messages = [user(filler(50)), user("next"), user("last")];
    for (const upTo of [1, 2, 3]) await chunksOf(await post(url, { messages: messages.slice(0, upTo) }));
    await chunksOf(await post(url, { messages: [user("other")] }));
    const [first, second, third, other] = bill.calls;
    assert.equal(first?.cachedTokens, 0);
    assert.equal(second?.cachedTokens, (first?.promptTokens ?? 0) - 3);
    assert.equal(third?.cachedTokens, (second?.promptTokens ?? 0) - 3);
    assert.ok((other?.cachedTokens ?? 9) < 3);
  });

  it("bills in nano-dollars from its price list, rounded up per call", async () => {
    const { url, bill } = await serve(() => say(filler(100)), {
      prices: { input: 1.25, cacheRead: 0.125, output: 10 },
      cache: false,
    });
    await chunksOf(await post(url, { messages: [user("Hi")] }));
    assert.equal(bill.nanoUsd, bill.promptTokens * 1250 + 100 * 10_000);
    assert.equal(bill.usd, bill.nanoUsd / 1e9);
  });

  it("bills what it generated before a client hung up, and the prompt of a request it never answered", async () => {
    const { url, bill } = await serve((_, index) =>
      index === 0 ? say(filler(1000), { tokensPerChunk: 1, delayMs: 5 }) : silent,
    );
    for (let round = 0; round < 2; round++) {
      const gone = new AbortController();
      setTimeout(() => gone.abort(), 60);
      await post(url, { messages: [user("Hi")] }, { signal: gone.signal })
        .then((response) => response.text())
        .catch(() => {});
    }
    const [cut, unanswered] = bill.calls;
    assert.ok(cut?.aborted && cut.outputTokens > 1 && cut.outputTokens < 100, JSON.stringify(cut));
    assert.ok(unanswered?.aborted && unanswered.promptTokens > 0 && unanswered.outputTokens === 0);
  });

  it("bills nothing it turned away", async () => {
    const { url, bill, requests } = await serve(() => status(429, "slow down", { "retry-after": "1" }), { apiKey: "k" });
    assert.equal((await post(url, { messages: [] })).status, 401);
    const response = await post(url, { messages: [] }, { headers: { authorization: "Bearer k" } });
    assert.equal(response.status, 429);
    assert.equal(response.headers.get("retry-after"), "1");
    assert.deepEqual([requests.length, bill.calls.length], [1, 0]);
  });

  it("notes conversations a strict provider would refuse", async () => {
    const { url, violations } = await serve(() => say("Hi"));
    const made = { role: "assistant", content: null, tool_calls: [{ id: "a" }, { id: "b" }] };
    const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "" });
    await chunksOf(await post(url, { messages: [user("x"), made, result("b"), result("a"), user("y")] }));
    assert.deepEqual(violations, []);
    await chunksOf(await post(url, { messages: [made, result("a"), user("y"), result("c")] }));
    assert.equal(violations.length, 2);
  });
});
