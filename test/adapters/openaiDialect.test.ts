import assert from "node:assert/strict";
import type { Message } from "../../src/core/conversation";
import type { Model } from "../../src/core/ports";
import { type Provider, type ProviderRequest, startProvider } from "../support/provider";
import { answered, ask, modelAt, refused, userTask } from "../support/providerClient";
import { call, say, status } from "../support/providerReply";

type Error400 = { readonly message: string; readonly param?: string | null; readonly code?: string };

describe("an endpoint that does not take the form of a request", () => {
  let provider: Provider | undefined;
  const serve = async (complain: (body: ProviderRequest["body"]) => Error400 | null) => {
    provider = await startProvider((request) => {
      const error = complain(request.body);
      return error ? status(400, { type: "invalid_request_error", param: null, code: null, ...error }) : say("Hi");
    });
    return provider;
  };
  afterEach(async () => {
    await provider?.close();
    provider = undefined;
  });

  /** What the loop does: asks again at once for as long as it is invited to. */
  const untilAnswered = async (model: Model, asked = {}) => {
    for (let tries = 1; ; tries++) {
      const { result } = await ask(model, asked);
      if (result.kind === "answered") return tries;
      const { retry, reason } = refused(result);
      assert.equal(retry, "now", reason);
      assert.ok(tries < 5, reason);
    }
  };
  const limits = (each: ProviderRequest | undefined) => Object.keys(each?.body ?? {}).filter((key) => key.startsWith("max_"));

  const complaints: readonly [string, (body: ProviderRequest["body"]) => Error400 | null, readonly string[]][] = [
    [
      "OpenAI's reasoning models",
      (body) =>
        "max_tokens" in body
          ? {
              message:
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
              param: "max_tokens",
              code: "unsupported_parameter",
            }
          : null,
      ["max_completion_tokens"],
    ],
    [
      "servers that know the old name only",
      (body) =>
        "max_completion_tokens" in body ? { message: "Unrecognized request argument supplied: max_completion_tokens" } : null,
      ["max_tokens"],
    ],
    [
      "servers that want either, not both",
      (body) =>
        "max_completion_tokens" in body && "max_tokens" in body
          ? { message: "Only one of max_tokens and max_completion_tokens can be set; both were" }
          : null,
      ["max_tokens"],
    ],
  ];
  for (const [who, complain, settled] of complaints) {
    it(`names the output limit the other way for ${who}, and remembers`, async () => {
      const { url, requests } = await serve(complain);
      const model = modelAt(url);
      assert.equal(await untilAnswered(model), 2);
      assert.equal(await untilAnswered(model), 1);
      assert.deepEqual(requests.map(limits).slice(1), [settled, settled]);
    });
  }

  it("reads FastAPI's list of complaints", async () => {
    provider = await startProvider((request) =>
      "max_completion_tokens" in request.body
        ? {
            kind: "status",
            status: 422,
            headers: {},
            body: '{"detail":[{"type":"extra_forbidden","loc":["body","max_completion_tokens"],"msg":"Extra inputs are not permitted"}]}',
          }
        : say("Hi"),
    );
    assert.equal(await untilAnswered(modelAt(provider.url)), 2);
  });

  it("reads Mistral's, inside its message", async () => {
    const detail = [{ type: "extra_forbidden", loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }];
    provider = await startProvider((request) =>
      "stream_options" in request.body
        ? { kind: "status", status: 422, headers: {}, body: JSON.stringify({ object: "error", message: { detail } }) }
        : say("Hi"),
    );
    assert.equal(await untilAnswered(modelAt(provider.url)), 2);
  });

  it("takes a limit that is too large for what it is, and tells why", async () => {
    const message = "max_tokens is too large: 1000. This model supports at most 512 completion tokens.";
    const { url } = await serve(() => ({ message, param: "max_tokens" }));
    const { retry, reason } = refused((await ask(modelAt(url))).result);
    assert.equal(retry, "never");
    assert.match(reason, /at most 512/);
  });

  it("takes a conversation that is too long for what it is", async () => {
    const message =
      "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 4096 tokens.";
    const { url } = await serve(() => ({ message }));
    const { retry, reason } = refused((await ask(modelAt(url))).result);
    assert.equal(retry, "never");
    assert.match(reason, /longer than the model takes/);
  });

  it("gives up when every form was refused", async () => {
    const { url, requests } = await serve(() => ({ message: "Unsupported parameter: max_tokens or max_completion_tokens" }));
    const model = modelAt(url);
    const tries = [];
    for (let round = 0; round < 4; round++) tries.push(refused((await ask(model)).result).retry);
    assert.deepEqual(tries, ["now", "now", "never", "never"]);
    assert.deepEqual(requests.map(limits).slice(0, 3), [
      ["max_tokens", "max_completion_tokens"],
      ["max_tokens"],
      ["max_completion_tokens"],
    ]);
  });

  it("leaves out stream_options, tool_choice and streaming where they are not known", async () => {
    const { url, requests } = await serve((body) => {
      if ("stream_options" in body) return { message: "Unknown parameter: 'stream_options'.", param: "stream_options" };
      if ("tool_choice" in body) return { message: "tool_choice 'none' is not supported" };
      if ("stream" in body) return { message: "Your organization must be verified to stream this model.", param: "stream" };
      return null;
    });
    const model = modelAt(url);
    assert.equal(await untilAnswered(model, { toolChoice: "none" }), 4);
    assert.equal(await untilAnswered(model, { toolChoice: "none" }), 1);
    assert.deepEqual(Object.keys(requests.at(-1)?.body ?? {}), [
      "model",
      "tools",
      "messages",
      "max_tokens",
      "max_completion_tokens",
    ]);
  });

  it("tells OpenAI's newest not to think, as they demand with tools", async () => {
    const message =
      "Function tools with reasoning_effort are not supported for gpt-5.6-sol in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.";
    const { url, requests } = await serve((body) =>
      body.reasoning_effort === "none" ? null : { message, param: "reasoning_effort" },
    );
    assert.equal(await untilAnswered(modelAt(url)), 2);
    assert.equal(requests[1]?.body.reasoning_effort, "none");
  });

  it("no longer sends reasoning back where it is not taken, but does where it is missed", async () => {
    const { url, requests } = await serve((body) =>
      JSON.stringify(body).includes("reasoning_content")
        ? { message: "'messages.2' : property 'reasoning_content' is unsupported" }
        : null,
    );
    const host = new URL(url).host;
    const thought: Message = {
      role: "assistant",
      text: "Hm.",
      toolCalls: [],
      extra: { host, fields: { reasoning_content: "…" } },
    };
    const messages: Message[] = [...userTask(), thought, { role: "user", text: "Go on." }];
    assert.equal(await untilAnswered(modelAt(url), { messages }), 2);
    assert.ok(!requests[1]?.text.includes("reasoning_content"));

    await provider?.close();
    const strict = await startProvider(() =>
      status(400, { message: "The reasoning_content in the thinking mode must be passed back to the API." }),
    );
    provider = strict;
    const again: Message = { ...thought, extra: { host: new URL(strict.url).host, fields: { reasoning_content: "…" } } };
    const asked = { messages: [...userTask(), again, { role: "user", text: "Go on." } as const] };
    assert.equal(refused((await ask(modelAt(strict.url), asked)).result).retry, "never");
  });

  it("no longer asks for the cache where nobody serves the model with it", async () => {
    const marked: boolean[] = [];
    const fetchFake: typeof fetch = async (_, init) => {
      const isMarked = String(init?.body).includes("cache_control");
      marked.push(isMarked);
      const error = { code: 404, message: "No endpoints found that support cache_control" };
      if (isMarked) return new Response(JSON.stringify({ error }), { status: 404 });
      return new Response('{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}');
    };
    const model = modelAt("https://openrouter.ai/api/v1", { fetch: fetchFake, modelId: "anthropic/claude-opus-4.1" });
    assert.deepEqual([await untilAnswered(model), await untilAnswered(model)], [2, 1]);
    assert.deepEqual(marked, [true, false, false]);
  });

  it("is not bothered about what it took before", async () => {
    let served = 0;
    provider = await startProvider(() =>
      served++ === 0
        ? call("read", { path: "a" })
        : status(400, { message: "invalid parameter: max_tokens", param: "max_tokens" }),
    );
    const model = modelAt(provider.url);
    answered((await ask(model)).result);
    assert.equal(refused((await ask(model)).result).retry, "never");
  });
});
