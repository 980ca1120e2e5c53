import type { Complaint } from "./openaiErrors";

export type LimitForm = "max_completion_tokens" | "max_tokens" | "both";

/**
 * What one endpoint takes. All speak "OpenAI compatible", and each leaves something out: what is learned from a refusal
 * is remembered for the life of the model, so it is paid for with one refused (unbilled) request at most.
 */
export interface Dialect {
  /** How the output limit is named. `both` where nothing is known: an unread limit would be no limit. */
  readonly limit: LimitForm;
  readonly triedLimits: readonly LimitForm[];
  /** Ask for usage in the stream. */
  readonly askUsage: boolean;
  readonly sendToolChoice: boolean;
  /** OpenAI's models from 5.6 on take tools over Chat Completions only when told not to think. */
  readonly noThinking: boolean;
  /** Send reasoning back to the host it came from. */
  readonly echoReasoning: boolean;
  readonly streaming: boolean;
  /**
   * Ask for the prompt to be cached, with one mark for all of it, so that the messages stay the same. Anthropic's models
   * cache nothing unasked. OpenRouter then serves them from Anthropic alone, not from its resellers.
   * https://openrouter.ai/docs/guides/best-practices/prompt-caching
   */
  readonly markCache: boolean;
}

const COMPLETION_HOSTS = [
  /(^|\.)api\.openai\.com$/,
  /\.(openai|services\.ai|cognitiveservices)\.azure\.com$/,
  /^generativelanguage\.googleapis\.com$/,
];
const OPENROUTER = /(^|\.)openrouter\.ai$/;
const TOKENS_HOSTS = [/(^|\.)anthropic\.com$/, /(^|\.)deepseek\.com$/, OPENROUTER, /(^|\.)mistral\.ai$/];

export function dialectFor(hostname: string, modelId: string): Dialect {
  const limit = limitFor(hostname);
  return {
    limit,
    triedLimits: [limit],
    askUsage: true,
    sendToolChoice: true,
    noThinking: false,
    echoReasoning: true,
    streaming: true,
    markCache: OPENROUTER.test(hostname) && modelId.startsWith("anthropic/"),
  };
}

function limitFor(hostname: string): LimitForm {
  if (COMPLETION_HOSTS.some((host) => host.test(hostname))) return "max_completion_tokens";
  if (TOKENS_HOSTS.some((host) => host.test(hostname))) return "max_tokens";
  return "both";
}

/**
 * Reads a refusal as a complaint about the form of the request, and answers with the dialect to try next and what changed,
 * in words; `null` if it is about something else or everything was tried. `accepted`: this form has worked before, so
 * a complaint that names the output limit is about its value.
 */
export function adapt(
  dialect: Dialect,
  complaint: Complaint,
  sent: { readonly toolChoice: boolean; readonly reasoning: boolean },
  accepted: boolean,
): { readonly dialect: Dialect; readonly change: string } | null {
  const words = `${complaint.param} ${complaint.code} ${complaint.message}`.toLowerCase();
  if (dialect.streaming && complaint.param === "stream") {
    return { dialect: { ...dialect, streaming: false, askUsage: false }, change: "asking for the answer in one piece" };
  }
  if (dialect.askUsage && /stream_options|include_usage/.test(words)) {
    return { dialect: { ...dialect, askUsage: false }, change: "leaving out stream_options" };
  }
  if (sent.toolChoice && dialect.sendToolChoice && words.includes("tool_choice")) {
    return { dialect: { ...dialect, sendToolChoice: false }, change: "leaving out tool_choice" };
  }
  if (dialect.markCache && /cache_control|no (endpoints|(allowed )?providers)/.test(words)) {
    return { dialect: { ...dialect, markCache: false }, change: "no longer asking for the prompt to be cached" };
  }
  if (!dialect.noThinking && /reasoning_effort.*['"`]none/.test(words)) {
    return { dialect: { ...dialect, noThinking: true }, change: "telling the model not to think, as it demands with tools" };
  }
  if (sent.reasoning && dialect.echoReasoning && /reasoning|extra_content/.test(words) && ABOUT_FORM.test(words)) {
    return { dialect: { ...dialect, echoReasoning: false }, change: "no longer sending reasoning back" };
  }
  return accepted ? null : otherLimit(dialect, complaint.param, words);
}

const ABOUT_FORM =
  /support|unrecogni[sz]ed|unknown|unexpected|permitted|not allowed|extra[ _](input|field|forbidden)|deprecated|both|mutually|instead|only one|invalid (parameter|argument|field)|property/;
const ABOUT_VALUE =
  /too (large|small|high|low|many|long)|exceed|at (most|least)|(less|greater) than|context (length|window)|range|must be/;

function otherLimit(dialect: Dialect, param: string, words: string) {
  const named = (["max_completion_tokens", "max_tokens"] as const).filter((name) => words.includes(name));
  if (named.length === 0 || (ABOUT_VALUE.test(words) && !/instead|unsupported parameter|both/.test(words))) return null;
  if (!ABOUT_FORM.test(words)) return null;
  const culprit = named.length === 1 ? named[0] : param;
  const order: readonly LimitForm[] =
    culprit === "max_tokens" ? ["max_completion_tokens"] : ["max_tokens", "max_completion_tokens"];
  const next = order.find((form) => !dialect.triedLimits.includes(form));
  if (!next) return null;
  return {
    dialect: { ...dialect, limit: next, triedLimits: [...dialect.triedLimits, next] },
    change: `naming the limit ${next}`,
  };
}
