import assert from "node:assert/strict";
import fc from "fast-check";
import { normaliseUsage } from "../../src/core/normaliseUsage";
import { inputTokens, type Usage } from "../../src/core/usage";

const bound = { inputUpper: 20_000, maxOutput: 4_000 };
const usage = (parts: Partial<Usage>): Usage => ({
  freshInput: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  ...parts,
});

interface Fixture {
  readonly shape: string;
  readonly source: string;
  readonly sent: unknown;
  readonly cost?: unknown;
  readonly expected: Partial<Usage>;
  readonly nanoUsd?: number;
}

const FIXTURES: readonly Fixture[] = [
  {
    shape: "OpenAI Chat: cached and reasoning inside, audio and predictions left alone",
    source: "developers.openai.com/api/reference, chat completion object",
    sent: {
      prompt_tokens: 2006,
      completion_tokens: 300,
      total_tokens: 2306,
      prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 64,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    },
    expected: { freshInput: 86, cacheRead: 1920, output: 300, reasoning: 64 },
  },
  {
    shape: "Anthropic's own fields: input leaves out what was cached; writes of five minutes and one hour",
    source: "platform.claude.com/docs/en/build-with-claude/prompt-caching, usage",
    sent: {
      input_tokens: 50,
      cache_read_input_tokens: 10_000,
      cache_creation_input_tokens: 248,
      cache_creation: { ephemeral_5m_input_tokens: 148, ephemeral_1h_input_tokens: 100 },
      output_tokens: 503,
    },
    expected: { freshInput: 50, cacheRead: 10_000, cacheWrite5m: 148, cacheWrite1h: 100, output: 503 },
  },
  {
    shape: "Anthropic's compatible endpoint: bare counts",
    source: "platform.claude.com/docs/en/api/openai-sdk",
    sent: { prompt_tokens: 25, completion_tokens: 12, total_tokens: 37 },
    expected: { freshInput: 25, output: 12 },
  },
  {
    shape: "OpenAI Responses: named like Anthropic's, counted like OpenAI's",
    source: "developers.openai.com/api/reference, response object",
    sent: {
      input_tokens: 328,
      input_tokens_details: { cached_tokens: 128 },
      output_tokens: 52,
      output_tokens_details: { reasoning_tokens: 40 },
      total_tokens: 380,
    },
    expected: { freshInput: 200, cacheRead: 128, output: 52, reasoning: 40 },
  },
  {
    shape: "Gemini's compatible endpoint: thoughts only in the total",
    source: "mozilla-ai/any-llm#1290: prompt 20, candidates 198, thoughts 405, total 623",
    sent: { prompt_tokens: 20, completion_tokens: 198, total_tokens: 623 },
    expected: { freshInput: 20, output: 603, reasoning: 405 },
  },
  {
    shape: "Gemini behind a proxy: nothing but thoughts",
    source: "router-for-me/CLIProxyAPI#5733",
    sent: { completion_tokens: 0, total_tokens: 81, prompt_tokens: 21, completion_tokens_details: { reasoning_tokens: 60 } },
    expected: { freshInput: 21, output: 60, reasoning: 60 },
  },
  {
    shape: "Gemini's own fields",
    source: "ai.google.dev/api/generate-content, UsageMetadata",
    sent: {
      promptTokenCount: 300,
      cachedContentTokenCount: 250,
      candidatesTokenCount: 10,
      thoughtsTokenCount: 90,
      totalTokenCount: 400,
    },
    expected: { freshInput: 50, cacheRead: 250, output: 100, reasoning: 90 },
  },
  {
    shape: "xAI: reasoning beside the completion, price in ticks",
    source: "Wei-Shaw/sub2api#5771: 10120 + 1499 + 2809 = 14428, $0.0232856",
    sent: {
      prompt_tokens: 10_120,
      completion_tokens: 1499,
      total_tokens: 14_428,
      prompt_tokens_details: { cached_tokens: 128 },
      completion_tokens_details: { reasoning_tokens: 2809 },
      cost_in_usd_ticks: 232_856_000,
    },
    expected: { freshInput: 9992, cacheRead: 128, output: 4308, reasoning: 2809 },
    nanoUsd: 23_285_600,
  },
  {
    shape: "DeepSeek: hits and misses",
    source: "api-docs.deepseek.com/api/create-chat-completion",
    sent: {
      prompt_tokens: 10_000,
      completion_tokens: 300,
      total_tokens: 10_300,
      prompt_cache_hit_tokens: 9000,
      prompt_cache_miss_tokens: 1000,
      completion_tokens_details: { reasoning_tokens: 120 },
    },
    expected: { freshInput: 1000, cacheRead: 9000, output: 300, reasoning: 120 },
  },
  {
    shape: "Moonshot: cached at the top",
    source: "platform.kimi.ai/docs/api/chat",
    sent: { prompt_tokens: 1000, completion_tokens: 10, total_tokens: 1010, cached_tokens: 768 },
    expected: { freshInput: 232, cacheRead: 768, output: 10 },
  },
  {
    shape: "OpenRouter: cost, cache writes inside the prompt",
    source: "openrouter.ai/docs/use-cases/usage-accounting",
    sent: {
      completion_tokens: 2,
      completion_tokens_details: { reasoning_tokens: 0 },
      cost: 0.00042,
      is_byok: false,
      cost_details: { upstream_inference_cost: 0.00042 },
      prompt_tokens: 194,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100, audio_tokens: 0 },
      total_tokens: 196,
    },
    cost: 0.00042,
    expected: { freshInput: 94, cacheWrite5m: 100, output: 2 },
    nanoUsd: 420_000,
  },
  {
    shape: "OpenRouter with one's own key: a fee, and what the provider bills",
    source: "openrouter.ai/docs/use-cases/usage-accounting, the example with upstream cost 19",
    sent: {
      completion_tokens: 2,
      cost: 0.95,
      cost_details: { upstream_inference_cost: 19 },
      prompt_tokens: 194,
      prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 100 },
      total_tokens: 196,
    },
    cost: 0.95,
    expected: { freshInput: 94, cacheWrite5m: 100, output: 2 },
    nanoUsd: 19_950_000_000,
  },
  {
    shape: "OpenRouter, a free model",
    source: "openrouter.ai/docs/use-cases/usage-accounting",
    sent: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0, is_byok: false },
    cost: 0,
    expected: { freshInput: 10, output: 5 },
    nanoUsd: 0,
  },
  {
    shape: "LiteLLM in front of Anthropic: both namings at once, cost in a header",
    source: "docs.litellm.ai/docs/completion/prompt_caching",
    sent: {
      prompt_tokens: 5000,
      completion_tokens: 40,
      total_tokens: 5040,
      prompt_tokens_details: { cached_tokens: 4000, cache_creation_tokens: 900 },
      cache_creation_input_tokens: 900,
      cache_read_input_tokens: 4000,
    },
    cost: "0.00525",
    expected: { freshInput: 100, cacheRead: 4000, cacheWrite5m: 900, output: 40 },
    nanoUsd: 5_250_000,
  },
  {
    shape: "a proxy that fills the fields it does not know with 0",
    source: "worked by hand",
    sent: {
      prompt_tokens: 5000,
      completion_tokens: 40,
      cache_creation_input_tokens: 0,
      cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
      prompt_tokens_details: {
        cached_tokens: 4000,
        cache_write_tokens: 900,
        cache_creation_token_details: { ephemeral_5m_input_tokens: 800, ephemeral_1h_input_tokens: 100 },
      },
      output_tokens: 0,
    },
    expected: { freshInput: 100, cacheRead: 4000, cacheWrite5m: 800, cacheWrite1h: 100, output: 40 },
  },
  {
    shape: "a proxy whose prompt leaves out what was cached, as its total shows",
    source: "worked by hand",
    sent: { prompt_tokens: 600, completion_tokens: 40, total_tokens: 1140, prompt_tokens_details: { cached_tokens: 500 } },
    expected: { freshInput: 600, cacheRead: 500, output: 40 },
  },
  {
    shape: "Ollama and vLLM: bare counts, nulls for the rest",
    source: "docs.vllm.ai, OpenAI-compatible server; github.com/ollama/ollama/blob/main/docs/openai.md",
    sent: { prompt_tokens: 26, total_tokens: 298, completion_tokens: 272, prompt_tokens_details: null },
    expected: { freshInput: 26, output: 272 },
  },
];

describe("usage as providers send it", () => {
  for (const { shape, source, sent, cost, expected, nanoUsd } of FIXTURES) {
    it(`${shape} (${source})`, () => {
      for (const within of [bound, undefined]) {
        const found = normaliseUsage({ usage: sent, cost: cost ?? null }, within);
        assert.deepEqual(found?.usage, usage(expected));
        assert.equal(found?.costUsd, nanoUsd ?? null);
        assert.deepEqual(found?.anomalies, []);
      }
    });
  }

  it("is nothing to charge by when it is absent, empty or all zeros", () => {
    const zeros = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };
    for (const sent of [null, undefined, "", "usage", 7, [], {}, { foo: 1 }, zeros, { total_tokens: 5 }]) {
      assert.equal(normaliseUsage({ usage: sent, cost: null }, bound), null, JSON.stringify(sent));
    }
  });
});

describe("nonsense in a bill", () => {
  const good = { prompt_tokens: 1000, completion_tokens: 100 };
  const read = (sent: unknown, cost: unknown = null) => {
    const found = normaliseUsage({ usage: sent, cost }, bound);
    assert.ok(found);
    return found;
  };

  const cases: readonly [string, object, Partial<Usage>][] = [
    [
      "a negative count of cached tokens gives no discount",
      { ...good, prompt_tokens_details: { cached_tokens: -5 } },
      { freshInput: 1000, output: 100 },
    ],
    ["a negative prompt costs its bound", { ...good, prompt_tokens: -1 }, { freshInput: 20_000, output: 100 }],
    [
      "a negative prompt is taken from a sound total",
      { ...good, prompt_tokens: -1, total_tokens: 1100 },
      { freshInput: 1000, output: 100 },
    ],
    ["a missing prompt costs its bound", { completion_tokens: 100 }, { freshInput: 20_000, output: 100 }],
    ["a prompt of 0 costs its bound", { prompt_tokens: 0, completion_tokens: 100 }, { freshInput: 20_000, output: 100 }],
    ["a missing output costs its bound", { prompt_tokens: 1000 }, { freshInput: 1000, output: 4000 }],
    ["a missing output is taken from the total", { prompt_tokens: 1000, total_tokens: 1070 }, { freshInput: 1000, output: 70 }],
    ["fractions are rounded up", { prompt_tokens: 999.2, completion_tokens: 99.01 }, { freshInput: 1000, output: 100 }],
    ["counts in text are read", { prompt_tokens: "1000", completion_tokens: "100" }, { freshInput: 1000, output: 100 }],
    ["words are no counts", { prompt_tokens: "many", completion_tokens: 100 }, { freshInput: 20_000, output: 100 }],
    ["no model takes 1e300 tokens", { prompt_tokens: 1e300, completion_tokens: 1e18 }, { freshInput: 20_000, output: 4000 }],
    ["truth is no count", { prompt_tokens: true, completion_tokens: 100 }, { freshInput: 20_000, output: 100 }],
    [
      "more cached than input is read as beside it, which costs more than any other reading",
      { ...good, prompt_tokens_details: { cached_tokens: 1500 } },
      { freshInput: 1000, cacheRead: 1500, output: 100 },
    ],
    [
      "more cached than can have been sent gives no discount at all",
      { ...good, prompt_tokens_details: { cached_tokens: 90_000_000 } },
      { freshInput: 20_000, output: 100 },
    ],
    [
      "cache reads that differ by where they are told: the smaller discount",
      { ...good, cached_tokens: 900, prompt_tokens_details: { cached_tokens: 400 } },
      { freshInput: 600, cacheRead: 400, output: 100 },
    ],
    [
      "more reasoning than output is read as beside it",
      { ...good, completion_tokens_details: { reasoning_tokens: 300 } },
      { freshInput: 1000, output: 400, reasoning: 300 },
    ],
    ["a total less than its parts is not believed", { ...good, total_tokens: 10 }, { freshInput: 1000, output: 100 }],
    [
      "an absurd total costs the output's bound",
      { ...good, total_tokens: 90_000_000 },
      { freshInput: 1000, output: 4000, reasoning: 0 },
    ],
    [
      "cache writes that differ by where they are told: the larger",
      { ...good, cache_creation_input_tokens: 300, prompt_tokens_details: { cache_write_tokens: 500 } },
      { freshInput: 500, cacheWrite5m: 500, output: 100 },
    ],
    ["outputs that differ by their name: the larger", { ...good, output_tokens: 140 }, { freshInput: 1000, output: 140 }],
    [
      "cache writes that do not sum: the larger",
      {
        input_tokens: 10,
        output_tokens: 5,
        cache_creation_input_tokens: 100,
        cache_creation: { ephemeral_5m_input_tokens: 80, ephemeral_1h_input_tokens: 50 },
      },
      { freshInput: 10, cacheWrite5m: 80, cacheWrite1h: 50, output: 5 },
    ],
  ];
  for (const [what, sent, expected] of cases) {
    it(what, () => {
      const found = read(sent);
      assert.deepEqual(found.usage, usage(expected));
      assert.ok(found.anomalies.length > 0);
    });
  }

  it("never makes a cost: amounts that are none are left out", () => {
    for (const cost of [-1, Number.NaN, Number.POSITIVE_INFINITY, 1e12, "free", true, [], {}]) {
      assert.equal(read(good, cost).costUsd, null, String(cost));
    }
    assert.equal(read(good, 0).costUsd, null, "0 of a proxy that knows no price is not free");
    assert.equal(read(good, { total_cost: 0.5 }).costUsd, 500_000_000);
  });

  it("keeps known dollars without known tokens, which then count at their bound", () => {
    const found = read(null, "0.002");
    assert.equal(found.costUsd, 2_000_000);
    assert.deepEqual(found.usage, usage({ freshInput: 20_000, output: 4000 }));
    assert.equal(normaliseUsage({ usage: null, cost: "0.002" }), null);
  });
});

describe("normalised usage", () => {
  const count = fc.nat(1_000_000);

  it("sums to what an OpenAI-like provider reported", () => {
    const sound = fc
      .record({ fresh: fc.integer({ min: 1, max: 500_000 }), read: count, write: count, plain: count, reasoning: count })
      .filter((each) => each.plain + each.reasoning > 0);
    fc.assert(
      fc.property(sound, fc.boolean(), ({ fresh, read, write, plain, reasoning }, withTotal) => {
        const prompt = fresh + read + write;
        const completion = plain + reasoning;
        const sent = {
          prompt_tokens: prompt,
          completion_tokens: completion,
          ...(withTotal ? { total_tokens: prompt + completion } : {}),
          prompt_tokens_details: { cached_tokens: read, cache_write_tokens: write },
          completion_tokens_details: { reasoning_tokens: reasoning },
        };
        const found = normaliseUsage({ usage: sent, cost: null });
        assert.deepEqual(
          found?.usage,
          usage({ freshInput: fresh, cacheRead: read, cacheWrite5m: write, output: completion, reasoning }),
        );
        assert.deepEqual(found?.anomalies, []);
      }),
    );
  });

  it("sums to what an Anthropic-like provider reported", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), count, count, count, count, (input, read, short, long, output) => {
        const sent = {
          input_tokens: input,
          cache_read_input_tokens: read,
          cache_creation_input_tokens: short + long,
          cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
          output_tokens: output,
        };
        const found = normaliseUsage({ usage: sent, cost: null });
        assert.equal(found && inputTokens(found.usage), input + read + short + long);
        assert.deepEqual(found?.anomalies, []);
      }),
    );
  });

  it("sums to the total where thinking is told there alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), count, count, (prompt, completion, thinking) => {
        const sent = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion + thinking };
        const found = normaliseUsage({ usage: sent, cost: null });
        assert.equal(found && inputTokens(found.usage) + found.usage.output, sent.total_tokens);
      }),
    );
  });

  it("is whole, disjoint and bounded whatever is sent", () => {
    const odd = fc.oneof(
      count,
      fc.double(),
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.constant({}),
      fc.constant([]),
    );
    const details = fc.oneof(
      odd,
      fc.record(
        { cached_tokens: odd, cache_write_tokens: odd, reasoning_tokens: odd, ephemeral_1h_input_tokens: odd },
        { requiredKeys: [] },
      ),
    );
    const anything = fc.record(
      {
        prompt_tokens: odd,
        completion_tokens: odd,
        total_tokens: odd,
        input_tokens: odd,
        output_tokens: odd,
        cached_tokens: odd,
        prompt_cache_hit_tokens: odd,
        cache_read_input_tokens: odd,
        cache_creation_input_tokens: odd,
        thoughtsTokenCount: odd,
        candidatesTokenCount: odd,
        promptTokenCount: odd,
        prompt_tokens_details: details,
        completion_tokens_details: details,
        cache_creation: details,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anything, odd, fc.option(fc.constant(bound), { nil: undefined }), (sent, cost, within) => {
        const found = normaliseUsage({ usage: sent, cost }, within);
        if (!found) return;
        for (const part of Object.values(found.usage)) assert.ok(Number.isSafeInteger(part) && part >= 0, JSON.stringify(found));
        assert.ok(found.usage.reasoning <= found.usage.output);
        assert.ok(inputTokens(found.usage) + found.usage.output > 0);
      }),
      { numRuns: 3000 },
    );
  });
});
