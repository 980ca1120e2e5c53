import assert from "node:assert/strict";
import type { Message } from "../../src/core/conversation";
import { type Provider, type Script, startProvider } from "../support/provider";
import { answered, ask, holds, modelAt, READ_TOOL, refused, userTask } from "../support/providerClient";
import { call, calls, filler, raw, say } from "../support/providerReply";

describe("the OpenAI-compatible model", () => {
  let provider: Provider | undefined;
  const serve = async (script: Script, options = {}) => {
    provider = await startProvider(script, options);
    return provider;
  };
  afterEach(async () => {
    await provider?.close();
    provider = undefined;
  });

  describe("answers", () => {
    it("streams text and ends with the whole answer and the bill as sent", async () => {
      const { url, bill } = await serve(() => say("Hello there, how are you today, my dear friend?"));
      const { result, text } = await ask(modelAt(url));
      const { answer, bill: sent } = answered(result);
      assert.equal(answer.text, "Hello there, how are you today, my dear friend?");
      assert.equal(text, answer.text);
      assert.equal(answer.finish, "stop");
      assert.deepEqual(answer.toolCalls, []);
      const { promptTokens, outputTokens } = bill;
      holds(sent?.usage, { prompt_tokens: promptTokens, completion_tokens: outputTokens });
      assert.equal(sent?.cost, null);
    });

    it("keeps thinking apart from text", async () => {
      for (const reasoningField of ["reasoning_content", "reasoning"] as const) {
        const { url, close } = await serve(() => say("4", { reasoning: "2 and 2 make 4", reasoningField }));
        const { result, text, reasoning } = await ask(modelAt(url, { reasoning: true }));
        assert.equal(answered(result).answer.text, "4");
        assert.equal(text, "4");
        assert.equal(reasoning, "2 and 2 make 4");
        assert.equal(answered(result).reasoning, reasoning, "what was shown is handed on, to be counted");
        await close();
        provider = undefined;
      }
    });

    it("says when the output limit ended the answer", async () => {
      const { url, bill } = await serve(() => say(filler(500)));
      const { result } = await ask(modelAt(url), { maxOutput: 40 });
      assert.equal(answered(result).answer.finish, "length");
      assert.equal(bill.outputTokens, 40);
    });

    it("takes an answer in one piece from a server that does not stream", async () => {
      const { url } = await serve(() => call("read", { path: "a" }, { text: "Looking.", whole: true }));
      const { result } = await ask(modelAt(url));
      const { answer, bill } = answered(result);
      assert.equal(answer.text, "Looking.");
      assert.equal(answer.toolCalls[0]?.arguments, '{"path":"a"}');
      assert.equal(answer.finish, "toolCalls");
      assert.ok(bill);
    });

    it("takes a finish reason for an end even if the end mark is missing", async () => {
      const { url } = await serve(() => say("Done.", { done: false }));
      assert.equal(answered((await ask(modelAt(url))).result).answer.text, "Done.");
    });

    it("does not wait for a server that keeps the connection open after the end", async () => {
      const { url } = await serve(() => say("Done.", { keepOpen: true }));
      const started = performance.now();
      answered((await ask(modelAt(url))).result);
      assert.ok(performance.now() - started < 3000);
    });

    it("reads an empty answer as one", async () => {
      const { url } = await serve(() => say(""));
      const { answer } = answered((await ask(modelAt(url))).result);
      assert.equal(answer.text, "");
      assert.equal(answer.finish, "stop");
    });

    it("takes the last of several usage chunks, and joins halves", async () => {
      const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
      const text = chunk({ choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] });
      const usages = [{ prompt_tokens: 10 }, { completion_tokens: 5 }, { prompt_tokens: 10, completion_tokens: 7 }];
      const { url } = await serve(() => raw([text, ...usages.map((usage) => chunk({ choices: [], usage })), "data: [DONE]\n\n"]));
      const { bill } = answered((await ask(modelAt(url))).result);
      assert.deepEqual(bill?.usage, { prompt_tokens: 10, completion_tokens: 7 });
    });

    it("says of usage that came before the answer did that it was early", async () => {
      const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
      const usage = { prompt_tokens: 10, completion_tokens: 1 };
      const text = chunk({ choices: [{ index: 0, delta: { content: "Hi" } }] });
      const end = chunk({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
      const told = chunk({ choices: [], usage });
      const withText = chunk({ choices: [{ index: 0, delta: { content: "Hi" } }], usage });
      const early = async (...pieces: readonly string[]) => {
        const { url, close } = await serve(() => raw([...pieces, "data: [DONE]\n\n"]));
        const { bill } = answered((await ask(modelAt(url))).result);
        await close();
        provider = undefined;
        assert.deepEqual(bill?.usage, usage);
        return bill?.early ?? false;
      };
      assert.equal(await early(told, text, end), true);
      assert.equal(await early(withText, text, end), true);
      assert.equal(await early(text, withText, end), false);
      assert.equal(await early(text, end, told), false);
      assert.equal(await early(text, told), false);
    });

    it("does not believe a count that shrinks", async () => {
      const chunk = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
      const text = chunk({ choices: [{ index: 0, delta: { content: "Hi" }, finish_reason: "stop" }] });
      const usages = [100, 3].map((completion_tokens) => ({ prompt_tokens: 10, completion_tokens }));
      const { url } = await serve(() => raw([text, ...usages.map((usage) => chunk({ choices: [], usage }))]));
      const { bill } = answered((await ask(modelAt(url))).result);
      assert.deepEqual(bill?.usage, { prompt_tokens: 10, completion_tokens: 100 });
    });

    it("finds usage where Moonshot and Groq put it", async () => {
      const usage = { prompt_tokens: 3, completion_tokens: 2 };
      const places = [
        { choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] },
        { choices: [{ index: 0, delta: {}, finish_reason: "stop" }], x_groq: { usage } },
      ];
      for (const last of places) {
        const { url, close } = await serve(() => raw([`data: ${JSON.stringify(last)}\n\n`, "data: [DONE]\n\n"]));
        assert.deepEqual(answered((await ask(modelAt(url))).result).bill?.usage, usage);
        await close();
        provider = undefined;
      }
    });

    it("hands on the provider's own price, from the usage or from LiteLLM's header", async () => {
      const { url } = await serve((_, index) =>
        index === 0
          ? say("Hi", { usage: (count) => ({ prompt_tokens: count.promptTokens, completion_tokens: 1, cost: 0.0123 }) })
          : say("Hi", { headers: { "x-litellm-response-cost": index === 1 ? "0.5e-3" : "0.0" } }),
      );
      const model = modelAt(url);
      assert.equal(answered((await ask(model)).result).bill?.cost, 0.0123);
      assert.equal(answered((await ask(model)).result).bill?.cost, "0.5e-3");
      assert.equal(answered((await ask(model)).result).bill?.cost, null, "the head of a stream knows no cost yet");
    });
  });

  describe("tool calls", () => {
    const made = [
      { name: "read", arguments: { path: "a.ts" } },
      { name: "search", arguments: { text: "naïve 日本", limit: 3 } },
    ];

    it("assembles several from small pieces", async () => {
      const { url } = await serve(() => calls(made, { text: "Let me see.", tokensPerChunk: 1 }));
      const { answer } = answered((await ask(modelAt(url))).result);
      assert.equal(answer.finish, "toolCalls");
      assert.deepEqual(
        answer.toolCalls.map((each) => [each.name, JSON.parse(each.arguments)]),
        made.map((each) => [each.name, each.arguments]),
      );
      assert.equal(new Set(answer.toolCalls.map((each) => each.id)).size, 2);
    });

    for (const callStyle of ["noIds", "noIndex", "sameIndex", "repeatedNames", "objectArguments"] as const) {
      it(`puts up with the habit "${callStyle}"`, async () => {
        const { url } = await serve(() => calls(made, { callStyle, tokensPerChunk: 2 }));
        const { answer } = answered((await ask(modelAt(url))).result);
        assert.deepEqual(
          answer.toolCalls.map((each) => [each.name, JSON.parse(each.arguments)]),
          made.map((each) => [each.name, each.arguments]),
        );
      });
    }

    const piece = (index: number | undefined, id: string | undefined, name: string | undefined, written: string) => {
      const call = { index, id, function: { name, arguments: written } };
      return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [call] } }] })}\n\n`;
    };
    const callsOf = async (...pieces: readonly string[]) => {
      const { url, close } = await serve(() => raw([...pieces, "data: [DONE]\n\n"]));
      const { answer } = answered((await ask(modelAt(url))).result);
      await close();
      provider = undefined;
      return answer.toolCalls.map((each) => [each.id, each.name, each.arguments]);
    };

    it("keeps a call together whose pieces come with an id each", async () => {
      const pieces = [piece(0, "a", "read", ""), piece(0, "b", undefined, '{"path":'), piece(0, "c", undefined, '"a.ts"}')];
      assert.deepEqual(await callsOf(...pieces), [["a", "read", '{"path":"a.ts"}']]);
      assert.deepEqual(await callsOf(...pieces, piece(0, "d", "read", '{"path":"b.ts"}')), [
        ["a", "read", '{"path":"a.ts"}'],
        ["d", "read", '{"path":"b.ts"}'],
      ]);
    });

    it("takes arguments that come again, or whole after an empty object, once", async () => {
      const whole = '{"path":"a.ts"}';
      assert.deepEqual(await callsOf(piece(0, "a", "read", "{}"), piece(0, undefined, undefined, whole)), [["a", "read", whole]]);
      const slowly = [
        piece(0, "a", "read", "{}"),
        piece(0, undefined, undefined, '{"path"'),
        piece(0, undefined, undefined, ':"a.ts"}'),
      ];
      assert.deepEqual(await callsOf(...slowly), [["a", "read", whole]]);
      assert.deepEqual(await callsOf(piece(0, "a", "read", whole), piece(0, "a", "read", whole)), [["a", "read", whole]]);
      assert.deepEqual(await callsOf(piece(0, "a", "read", '{"path":'), piece(0, undefined, undefined, '"a.ts"}')), [
        ["a", "read", whole],
      ]);
    });

    it("numbers calls without ids by their place in the conversation, beside ids already there", async () => {
      const { url } = await serve(() => calls(made, { callStyle: "noIds" }));
      const messages: Message[] = [
        ...userTask(),
        { role: "assistant", text: "", toolCalls: [{ id: "call_2", name: "read", arguments: "{}" }] },
        { role: "tool", callId: "call_2", text: "…" },
      ];
      const model = modelAt(url);
      for (let round = 0; round < 2; round++) {
        const { answer } = answered((await ask(model, { messages })).result);
        assert.deepEqual(
          answer.toolCalls.map((each) => each.id),
          ["call_3", "call_4"],
        );
      }
    });

    it("renames an id that the conversation already holds", async () => {
      const { url } = await serve(() => calls([{ name: "read", arguments: {}, id: "0" }]));
      const first: Message = { role: "assistant", text: "", toolCalls: [{ id: "0", name: "read", arguments: "{}" }] };
      const messages = [...userTask(), first, { role: "tool", callId: "0", text: "…" } as const];
      assert.equal(answered((await ask(modelAt(url), { messages })).result).answer.toolCalls[0]?.id, "call_2");
    });

    it("hands on arguments that are not JSON, for the loop to complain about", async () => {
      const { url } = await serve(() => call("read", '{"path": "a'));
      assert.equal(answered((await ask(modelAt(url))).result).answer.toolCalls[0]?.arguments, '{"path": "a');
    });

    it("reads absent arguments as none", async () => {
      const { url } = await serve(() => call("list", ""));
      assert.equal(answered((await ask(modelAt(url))).result).answer.toolCalls[0]?.arguments, "{}");
    });
  });

  describe("requests", () => {
    it("go out once, with the key, to the path under the base URL, however it is written", async () => {
      const { url, requests } = await serve(() => say("Hi"), { apiKey: "sk-test-0123456789abcdef" });
      for (const written of [url, `${url}/`, ` ${url}/chat/completions `]) answered((await ask(modelAt(written))).result);
      assert.equal(requests.length, 3);
    });

    it("carry no key when there is none, and nothing from the environment", async () => {
      const { url, requests } = await serve(() => say("Hi"));
      const names = ["OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_BASE_URL"];
      for (const name of names) process.env[name] = "from-the-environment";
      const custom = ["Authorization: from-the-environment", "x-gateway: from-the-environment", "Accept: from-the-environment"];
      process.env.OPENAI_CUSTOM_HEADERS = custom.join("\n");
      try {
        answered((await ask(modelAt(url, { apiKey: null }))).result);
        answered((await ask(modelAt(url, { apiKey: "  " }))).result);
        answered((await ask(modelAt(url, { apiKey: "sk-the-users" }))).result);
        process.env.OPENAI_CUSTOM_HEADERS = "not a name: from-the-environment";
        const { reason } = refused((await ask(modelAt(url))).result);
        assert.match(reason, /^No request can go to http.*eader name/);
      } finally {
        for (const name of [...names, "OPENAI_CUSTOM_HEADERS"]) delete process.env[name];
      }
      assert.ok(!JSON.stringify(requests.map((each) => each.headers)).includes("from-the-environment"));
      assert.deepEqual(
        requests.map((each) => each.headers.authorization),
        [undefined, undefined, "Bearer sk-the-users"],
      );
    });

    it("carry no header but those that are needed", async () => {
      const { url, requests } = await serve(() => say("Hi"));
      await ask(modelAt(url));
      const ofHttp = ["host", "connection", "content-length", "accept-language", "accept-encoding", "sec-fetch-mode"];
      const names = Object.keys(requests[0]?.headers ?? {}).filter((name) => !ofHttp.includes(name));
      assert.deepEqual(names.sort(), ["accept", "authorization", "content-type", "user-agent"]);
    });

    it("say what they must and no more, in a fixed order", async () => {
      const { url, requests } = await serve(() => say("Hi"));
      await ask(modelAt(url), { toolChoice: "none" });
      await ask(modelAt(url), { tools: [], toolChoice: "none" });
      const tools = [{ type: "function", function: READ_TOOL }];
      const messages = [
        { role: "system", content: "You are a test." },
        { role: "user", content: "Say hello." },
      ];
      const rest = { stream: true, stream_options: { include_usage: true }, max_tokens: 1000, max_completion_tokens: 1000 };
      assert.equal(requests[0]?.text, JSON.stringify({ model: "scripted", tools, messages, tool_choice: "none", ...rest }));
      assert.equal(requests[1]?.text, JSON.stringify({ model: "scripted", messages, ...rest }));
    });

    it("begin, byte for byte, with the whole of the one before, landing included", async () => {
      const { url, requests, violations } = await serve((_, index) =>
        call("read", { path: `${index}.ts` }, { text: index % 2 ? "So." : "" }),
      );
      const model = modelAt(url);
      const messages: Message[] = userTask();
      for (let turn = 0; turn < 6; turn++) {
        const toolChoice = turn === 5 ? "none" : "auto";
        const { answer } = answered((await ask(model, { messages: [...messages], toolChoice, maxOutput: 900 - turn })).result);
        messages.push({ role: "assistant", ...answer });
        for (const each of answer.toolCalls) messages.push({ role: "tool", callId: each.id, text: `result ${turn} "ü"` });
      }
      assert.deepEqual(violations, []);
      for (let turn = 1; turn < requests.length; turn++) {
        const before = requests[turn - 1]?.text ?? "";
        const stable = before.slice(0, before.indexOf('],"', before.indexOf('"messages":[')));
        assert.ok(stable.length > 200 && requests[turn]?.text.startsWith(stable), `request ${turn}`);
      }
    });

    it("hold no half characters", async () => {
      const { url, requests } = await serve(() => say("Hi"));
      await ask(modelAt(url), { messages: userTask("cut \ud83d here") });
      assert.equal(requests[0]?.messages[1]?.content, "cut \ufffd here");
    });

    it("name the output limit as the host knows it", async () => {
      const bodies: { [key: string]: unknown }[] = [];
      const fetchFake: typeof fetch = async (_, init) => {
        bodies.push(JSON.parse(String(init?.body)));
        return new Response('{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}');
      };
      const named = async (baseUrl: string) => {
        answered((await ask(modelAt(baseUrl, { fetch: fetchFake }))).result);
        return Object.keys(bodies.at(-1) ?? {}).filter((key) => key.startsWith("max_"));
      };
      const completion = ["max_completion_tokens"];
      assert.deepEqual(await named("https://api.openai.com/v1"), completion);
      assert.deepEqual(await named("https://mine.openai.azure.com/openai/v1/"), completion);
      assert.deepEqual(await named("https://generativelanguage.googleapis.com/v1beta/openai"), completion);
      for (const host of ["api.anthropic.com", "api.deepseek.com", "openrouter.ai/api", "api.mistral.ai"]) {
        assert.deepEqual(await named(`https://${host}/v1`), ["max_tokens"], host);
      }
      for (const host of ["localhost:11434", "litellm.example", "evil-openai.com"]) {
        assert.deepEqual(await named(`https://${host}/v1`), ["max_tokens", ...completion], host);
      }
    });

    it("ask for the cache where nothing is cached unasked, and there only", async () => {
      const bodies: string[] = [];
      const fetchFake: typeof fetch = async (_, init) => {
        bodies.push(String(init?.body));
        return new Response('{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}');
      };
      const bodyFor = async (baseUrl: string, modelId: string) => {
        answered((await ask(modelAt(baseUrl, { fetch: fetchFake, modelId }))).result);
        return bodies.at(-1) ?? "";
      };
      const mark = '{"model":"anthropic/claude-sonnet-4.5","cache_control":{"type":"ephemeral"},"tools":';
      const claude = "anthropic/claude-sonnet-4.5";
      assert.ok((await bodyFor("https://openrouter.ai/api/v1", claude)).startsWith(mark));
      const others = [
        await bodyFor("https://openrouter.ai/api/v1", "openai/gpt-5"),
        await bodyFor("https://notopenrouter.ai/v1", claude),
        await bodyFor("https://litellm.example/v1", claude),
      ];
      for (const body of others) assert.ok(!body.includes("cache_control"), body);
    });

    it("keep the query of an address, and show Azure the key where it looks for it", async () => {
      const seen: { readonly url: string; readonly headers: Headers }[] = [];
      const fetchFake: typeof fetch = async (input, init) => {
        seen.push({ url: String(input), headers: new Headers(init?.headers) });
        return new Response('{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}');
      };
      const baseUrl = "https://mine.openai.azure.com/openai/deployments/d/?api-version=2026-01-01";
      answered((await ask(modelAt(baseUrl, { fetch: fetchFake }))).result);
      assert.equal(seen[0]?.url, "https://mine.openai.azure.com/openai/deployments/d/chat/completions?api-version=2026-01-01");
      assert.equal(seen[0]?.headers.get("api-key"), "sk-test-0123456789abcdef");
    });

    it("do not go out at all with an unusable address, key or model, or when already cancelled", async () => {
      const { url, requests } = await serve(() => say("Hi"));
      const cancelled = AbortSignal.abort();
      const results = [
        await ask(modelAt("localhost:1234/v1")),
        await ask(modelAt("file:///etc/passwd")),
        await ask(modelAt("https://me:secret@host/v1")),
        await ask(modelAt("http://127.0.0.1:6000/v1")),
        await ask(modelAt(url, { apiKey: "sk-…" })),
        await ask(modelAt(url, { modelId: " " })),
        await ask(modelAt(url), {}, cancelled),
      ];
      for (const { result } of results) holds(result, { kind: "refused", retry: "never" });
      assert.equal(requests.length, 0);
    });
  });

  describe("what providers want back", () => {
    it("goes back unchanged to the same host, reasoning and signatures alike", async () => {
      const signature = { google: { thought_signature: "CiQ=" } };
      const { url, requests } = await serve(() =>
        calls([{ name: "read", arguments: {}, extra: { extra_content: signature } }], { reasoning: "Look first." }),
      );
      const model = modelAt(url);
      const { answer } = answered((await ask(model)).result);
      const history: Message[] = [...userTask(), { role: "assistant", ...answer }];
      history.push({ role: "tool", callId: answer.toolCalls[0]?.id ?? "", text: "…" });
      await ask(model, { messages: history });
      const sent = requests[1]?.messages[2];
      holds(sent, { role: "assistant", content: null, reasoning_content: "Look first." });
      holds(sent?.tool_calls, [{ extra_content: signature }]);

      const elsewhere = await startProvider(() => say("Hi"));
      await ask(modelAt(elsewhere.url), { messages: history });
      assert.doesNotMatch(elsewhere.requests[0]?.text ?? "", /Look first|thought_signature/);
      await elsewhere.close();
    });

    it("goes back even when empty, as DeepSeek demands of calls made without a thought", async () => {
      const { url, requests } = await serve(() => call("read", {}, { extra: { reasoning_content: "" } }));
      const model = modelAt(url);
      const { answer } = answered((await ask(model)).result);
      const result = { role: "tool", callId: answer.toolCalls[0]?.id ?? "", text: "…" } as const;
      await ask(model, { messages: [...userTask(), { role: "assistant", ...answer }, result] });
      assert.equal(Reflect.get(requests[1]?.messages[2] ?? {}, "reasoning_content"), "");
    });

    it("joins OpenRouter's fragments of reasoning details", async () => {
      const detail = (fields: object) =>
        `data: ${JSON.stringify({ choices: [{ index: 0, delta: { reasoning_details: [{ type: "reasoning.text", index: 0, ...fields }] } }] })}\n\n`;
      const end = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "4" }, finish_reason: "stop" }] })}\n\n`;
      const { url } = await serve(() =>
        raw([detail({ text: "2 and " }), detail({ text: "2" }), detail({ signature: "abc" }), end]),
      );
      const { result, reasoning } = await ask(modelAt(url));
      assert.equal(reasoning, "2 and 2");
      assert.deepEqual(answered(result).answer.extra?.fields, {
        reasoning_details: [{ type: "reasoning.text", index: 0, text: "2 and 2", signature: "abc" }],
      });
    });
  });
});
