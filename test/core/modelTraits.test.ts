import assert from "node:assert/strict";
import { modelTraits, TRAITS_AS_OF } from "../../src/core/modelTraits";

describe("what is known of a model by its name", () => {
  const cases: readonly [string, boolean, number | null, number | null][] = [
    ["gpt-4.1-mini", false, 32_768, 1_047_576],
    ["gpt-4o-2024-08-06", false, 16_384, 128_000],
    ["gpt-5", true, 128_000, 400_000],
    ["openai/gpt-5.4", true, 128_000, 1_050_000],
    ["gpt-5.4-mini", true, 128_000, 400_000],
    ["global.openai.gpt-5.6-sol", true, 128_000, 1_050_000],
    ["gpt-5-chat-latest", false, 16_384, 128_000],
    ["o3", true, 100_000, 200_000],
    ["o4-mini-2025-04-16", true, 100_000, 200_000],
    ["anthropic/claude-sonnet-4.5", false, 64_000, 200_000],
    ["us.anthropic.claude-opus-4-6-v1:0", false, 128_000, 1_000_000],
    ["claude-opus-5-5", true, 128_000, 1_000_000],
    ["claude-opus-4-1-20250805", false, 32_000, 200_000],
    ["claude-3-5-haiku-latest", false, 8_192, 200_000],
    ["models/gemini-2.5-pro", true, 65_536, 1_048_576],
    ["gemini-2.5-flash-lite", false, 65_536, 1_048_576],
    ["deepseek/deepseek-v4-pro", true, 384_000, 1_000_000],
    ["moonshotai/kimi-k2.6:free", true, null, 262_144],
    ["grok-4-fast-non-reasoning", false, null, null],
    ["Qwen/Qwen3-235B-A22B-Thinking-2507", true, null, null],
  ];
  for (const [id, reasoning, maxOutput, contextWindow] of cases) {
    it(id, () => assert.deepEqual(modelTraits(id), { reasoning, maxOutput, contextWindow }));
  }

  it("is nothing for names it does not know, however alike", () => {
    for (const id of ["", "scripted", "my-gpt-5-killer", "llama3.3:70b", "o5000", "gpt"]) {
      assert.deepEqual(modelTraits(id), { reasoning: false, maxOutput: null, contextWindow: null }, id);
    }
  });

  it("is dated", () => assert.match(TRAITS_AS_OF, /^\d{4}-\d\d-\d\d$/));
});
