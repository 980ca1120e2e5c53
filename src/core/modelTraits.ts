/** What is known of a model without asking anybody. `null` = not known. */
export interface ModelTraits {
  /** Thinks, or may think, before it answers; the thinking counts inside the output limit. */
  readonly reasoning: boolean;
  /** Most tokens one answer may have, and most tokens a prompt may have. */
  readonly maxOutput: number | null;
  readonly contextWindow: number | null;
}

/** When the table was last compared with the providers' model pages. */
export const TRAITS_AS_OF = "2026-11-01";

const UNKNOWN: ModelTraits = { reasoning: false, maxOutput: null, contextWindow: null };

const K = 1000;
const THINKS = true;
const PLAIN = false;

type Row = readonly [family: RegExp, reasoning: boolean, maxOutput: number | null, contextWindow: number | null];

/**
 * Families by name, the first match wins, so the narrower stands first. Only what its maker states; a model served by
 * someone else may have a smaller window there. A limit of ours that is too low costs a little, one too high is refused.
 */
const FAMILIES: readonly Row[] = [
  // OpenAI: developers.openai.com/api/docs/models
  [/^gpt-5(\.\d)?-chat/, PLAIN, 16_384, 128_000],
  [/^gpt-5-pro/, THINKS, 272_000, 400_000],
  [/^gpt-5\.4-(mini|nano)/, THINKS, 128_000, 400_000],
  [/^gpt-(5\.[4-9]|[6-9])/, THINKS, 128_000, 1_050_000],
  [/^(gpt-5|codex-)/, THINKS, 128_000, 400_000],
  [/^gpt-4\.1/, PLAIN, 32_768, 1_047_576],
  [/^(gpt-4o|chatgpt-4o)/, PLAIN, 16_384, 128_000],
  [/^gpt-oss/, THINKS, 131_072, 131_072],
  [/^o1-(mini|preview)/, THINKS, 32_768, 128_000],
  [/^o[134](-|$)/, THINKS, 100_000, 200_000],
  // Anthropic: platform.claude.com/docs/models/overview. Up to 4.5 thinking is asked for; from 5 on it is the default.
  [/claude-(fable|opus|sonnet|haiku)-[5-9]/, THINKS, 128_000, 1_000_000],
  [/claude-(opus|sonnet)-4[-.][6-9]/, PLAIN, 128_000, 1_000_000],
  [/claude-(opus|sonnet|haiku)-4[-.]5/, PLAIN, 64_000, 200_000],
  [/claude-(opus-4|4-opus)/, PLAIN, 32_000, 200_000],
  [/claude-(sonnet-4|4-sonnet|3[-.]7-sonnet)/, PLAIN, 64_000, 200_000],
  [/claude-3[-.]5/, PLAIN, 8_192, 200_000],
  [/claude-3-/, PLAIN, 4_096, 200_000],
  // Google: ai.google.dev/gemini-api/docs/models
  [/^gemini-2\.5-flash-lite/, PLAIN, 65_536, 1_048_576],
  [/^gemini-(2\.5|[3-9])/, THINKS, 65_536, 1_048_576],
  [/^gemini-2\.0/, PLAIN, 8_192, 1_048_576],
  // DeepSeek: api-docs.deepseek.com/quick_start/pricing
  [/^deepseek-(v[4-9]|flash|pro)/, THINKS, 384 * K, 1_000_000],
  [/^deepseek-(r1|reasoner)/, THINKS, null, null],
  // Moonshot: platform.kimi.ai/docs/models
  [/^kimi-k[3-9]/, THINKS, null, 1_048_576],
  [/^kimi-k2(\.[5-9]|-thinking)/, THINKS, null, 262_144],
  [/^kimi-k2/, PLAIN, null, 262_144],
  // xAI: docs.x.ai/docs/models
  [/^grok-.*non-reasoning/, PLAIN, null, null],
  [/^grok-(4-0709|4$)/, THINKS, null, 256_000],
  [/^grok-(3-mini|[4-9]|code|build)/, THINKS, null, null],
  // Served in many places, with many windows.
  [/^(qwq|qwen3.*thinking|magistral|glm-(4\.[5-9]|[5-9])|minimax-m\d)/, THINKS, null, null],
];

/** Traits by model id, with or without the name of who serves it (`openai/gpt-5`, `us.anthropic.claude-...`, `models/...`). */
export function modelTraits(id: string): ModelTraits {
  const name = familyName(id);
  const row = FAMILIES.find(([family]) => family.test(name));
  if (!row) return UNKNOWN;
  const [, reasoning, maxOutput, contextWindow] = row;
  return { reasoning, maxOutput, contextWindow };
}

function familyName(id: string): string {
  const last = id.trim().toLowerCase().split("/").at(-1) ?? "";
  return last.replace(/^.*\b(openai|deepseek|moonshot(ai)?|qwen|xai)\./, "").replace(/:.*$/, "");
}
