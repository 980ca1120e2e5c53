import { BillReader } from "./billReader";
import { isFields } from "./fields";
import { type NanoUsd, usd } from "./money";
import type { RawBill } from "./ports";
import { NO_USAGE, type Usage } from "./usage";

/** A bill as far as it can be believed. */
export interface NormalUsage {
  readonly usage: Usage;
  /** What the provider says it charged; `null` if it does not say. */
  readonly costUsd: NanoUsd | null;
  /** What was wrong with the bill and how it was read instead, in words; empty for a sound one. */
  readonly anomalies: readonly string[];
}

/** What was reserved for the call: the place to fall back on where a bill is silent or absurd. */
export interface UsageBound {
  readonly inputUpper: number;
  readonly maxOutput: number;
}

/**
 * Turns the usage of any provider into disjoint parts that sum to what it reported. Shapes: OpenAI (cached and
 * reasoning inside), Anthropic (cached beside), Gemini and xAI (thinking beside the completion, seen in the total),
 * DeepSeek, Moonshot, OpenRouter, LiteLLM, and the bare counts of local servers.
 *
 * Nonsense is read at the dearer side and listed in `anomalies`. `null`: nothing here to charge by; estimate instead.
 */
export function normaliseUsage(raw: RawBill, bound?: UsageBound): NormalUsage | null {
  const bill = new BillReader(isFields(raw.usage) ? raw.usage : {});
  const costUsd = billedCost(raw.cost, bill);
  const usage = readUsage(bill, bound);
  if (usage) return { usage, costUsd, anomalies: bill.anomalies };
  if (!bound || (costUsd === null && !bill.isOdd)) return null;
  // A cost without counts, or counts that are none: the tokens are taken at the most they can have been.
  bill.odd("no usable count: tokens taken at their bound");
  const most = { ...NO_USAGE, freshInput: bound.inputUpper, output: bound.maxOutput };
  return { usage: most, costUsd, anomalies: bill.anomalies };
}

function readUsage(bill: BillReader, bound: UsageBound | undefined): Usage | null {
  const cached = readCached(bill);
  const total = bill.first("total_tokens", "totalTokenCount");
  const base = readBase(bill);
  const thinking = readThinking(bill);
  const completion = readCompletion(bill, thinking);
  if (base.count === null && completion === null) return null;
  if (!base.count && !completion) return null;

  const input = readInput(bill, base, cached, { total, completion, thinking }, bound);
  if (input === null) return null;
  const prompt = input.freshInput + input.cacheRead + input.cacheWrite5m + input.cacheWrite1h;
  const generated = readOutput(bill, prompt, completion, thinking, total, bound);
  return generated && { ...input, ...generated };
}

interface Cached {
  readonly read: number;
  readonly write5m: number;
  readonly write1h: number;
}

const READS = [
  "cache_read_input_tokens",
  "prompt_tokens_details.cached_tokens",
  "input_tokens_details.cached_tokens",
  "prompt_cache_hit_tokens",
  "cached_tokens",
  "cachedContentTokenCount",
];
const WRITES = [
  "cache_creation_input_tokens",
  "prompt_tokens_details.cache_write_tokens",
  "prompt_tokens_details.cache_creation_tokens",
  "cache_write_tokens",
];
const WRITE_SPLITS = ["cache_creation", "prompt_tokens_details.cache_creation_token_details"];

function readCached(bill: BillReader): Cached {
  const reads = bill.told(...READS);
  if (new Set(reads).size > 1) bill.odd("cache reads are given twice and differ: the smaller is taken");
  const written = "cache writes are given twice and differ: the larger is taken";
  const write = bill.most(written, ...WRITES) ?? 0;
  const short = bill.most(written, ...WRITE_SPLITS.map((path) => `${path}.ephemeral_5m_input_tokens`)) ?? 0;
  const long = bill.most(written, ...WRITE_SPLITS.map((path) => `${path}.ephemeral_1h_input_tokens`)) ?? 0;
  if (write > 0 && short + long > 0 && write !== short + long) bill.odd("cache writes do not sum: the larger is taken");
  return { read: reads.length > 0 ? Math.min(...reads) : 0, write5m: Math.max(write - long, short), write1h: long };
}

/** The prompt as reported, and whether what was cached comes on top of it (Anthropic) or is inside (everybody else). */
interface Base {
  readonly count: number | null;
  readonly beside: boolean;
}

function readBase(bill: BillReader): Base {
  const prompt = bill.first("prompt_tokens", "promptTokenCount");
  const input = bill.first("input_tokens");
  if (prompt || input === null) {
    return { count: prompt === null ? null : prompt + (bill.first("toolUsePromptTokenCount") ?? 0), beside: false };
  }
  return { count: input, beside: !bill.has("input_tokens_details") };
}

type Rest = { readonly total: number | null; readonly completion: number | null; readonly thinking: number };

function readInput(
  bill: BillReader,
  base: Base,
  cached: Cached,
  rest: Rest,
  bound: UsageBound | undefined,
): Omit<Usage, "output" | "reasoning"> | null {
  const parts = { cacheRead: cached.read, cacheWrite5m: cached.write5m, cacheWrite1h: cached.write1h };
  const cachedSum = cached.read + cached.write5m + cached.write1h;
  const missing = inputFromRest(bill, base, cachedSum, rest, bound);
  const count = missing ?? base.count;
  if (count === null) return null;
  if (base.beside && missing === null) return { freshInput: count, ...parts };
  if (cachedSum <= count && !isBeside(count, cachedSum, rest)) return { freshInput: count - cachedSum, ...parts };
  if (cachedSum > count) {
    bill.odd("more cached than input: read as on top of it");
    if (bound && count + cachedSum > bound.inputUpper * 2 + 1000) {
      bill.odd("more cached than was sent: all input taken as fresh");
      return { ...NO_INPUT, freshInput: Math.max(count, bound.inputUpper) };
    }
  }
  return { freshInput: count, ...parts };
}

const NO_INPUT = { freshInput: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0 };

/** The total gives it away when an "OpenAI" prompt count leaves out what was cached. */
function isBeside(count: number, cachedSum: number, { total, completion, thinking }: Rest): boolean {
  return (
    cachedSum > 0 && cachedSum !== thinking && total !== null && completion !== null && total === count + completion + cachedSum
  );
}

/** There is no call without input: a count that is absent or 0 is made up for. `null` if it is there. */
function inputFromRest(
  bill: BillReader,
  base: Base,
  cachedSum: number,
  rest: Rest,
  bound: UsageBound | undefined,
): number | null {
  if (base.count || (base.beside && cachedSum > 0)) return null;
  const { total, completion } = rest;
  if (total !== null && completion !== null && total > completion) {
    bill.odd("input is missing: taken from the total");
    return total - completion;
  }
  bill.odd(bound ? "input is missing: taken at its bound" : "input is missing");
  return bound ? bound.inputUpper : null;
}

function readThinking(bill: BillReader): number {
  return (
    bill.first(
      "completion_tokens_details.reasoning_tokens",
      "output_tokens_details.reasoning_tokens",
      "thoughtsTokenCount",
      "reasoning_tokens",
    ) ?? 0
  );
}

function readCompletion(bill: BillReader, thinking: number): number | null {
  const completion = bill.most("output is given twice and differs: the larger is taken", "completion_tokens", "output_tokens");
  if (completion !== null) return completion;
  const candidates = bill.first("candidatesTokenCount");
  return candidates === null && !bill.has("thoughtsTokenCount") ? null : (candidates ?? 0) + thinking;
}

/** Output with all thinking in it, whether the provider counts it inside the completion or only in the total. */
function readOutput(
  bill: BillReader,
  prompt: number,
  completion: number | null,
  thinking: number,
  total: number | null,
  bound: UsageBound | undefined,
): Pick<Usage, "output" | "reasoning"> | null {
  if (completion === null) {
    const output = total !== null && total > prompt ? total - prompt : (bound?.maxOutput ?? null);
    bill.odd("output is missing: taken from the total or at its bound");
    return output === null ? null : { output, reasoning: Math.min(thinking, output) };
  }
  const gap = total === null ? 0 : total - prompt - completion;
  if (gap < 0) bill.odd("the total is less than its parts: the parts are taken");
  if (gap > 0 && gap !== thinking && bound && completion + gap > bound.maxOutput * 2 + 1000) {
    bill.odd("the total is absurd: output taken at its bound");
    const output = Math.max(completion, bound.maxOutput);
    return { output, reasoning: Math.min(thinking, output) };
  }
  if (gap > 0) {
    if (thinking > 0 && gap !== thinking) bill.odd("the total is more than its parts: the rest is taken as output");
    return { output: completion + gap, reasoning: thinking > 0 ? Math.min(thinking, completion + gap) : gap };
  }
  if (thinking <= completion) return { output: completion, reasoning: thinking };
  bill.odd("more reasoning than output: read as on top of it");
  return { output: completion + thinking, reasoning: thinking };
}

const MOST_DOLLARS = 1_000_000;

/** xAI counts dollars in ten-billionths. */
const TICKS_PER_DOLLAR = 10_000_000_000;

function billedCost(cost: unknown, bill: BillReader): NanoUsd | null {
  const own = isFields(cost) ? cost.total_cost : cost;
  const ticks = bill.value("cost_in_usd_ticks");
  const given = own ?? (typeof ticks === "number" ? ticks / TICKS_PER_DOLLAR : null);
  if (given === null || given === undefined || given === "") return null;
  const base = typeof given === "string" ? Number(given) : given;
  if (typeof base !== "number" || !Number.isFinite(base) || base < 0 || base > MOST_DOLLARS) {
    bill.odd("the provider's cost is not an amount of money: left out");
    return null;
  }
  const dollars = base + upstreamCost(base, bill);
  // 0 is what a proxy says that knows no price. Only OpenRouter, which marks every bill, means "free".
  return dollars === 0 && bill.value("is_byok") !== false ? null : usd(dollars);
}

/** With the user's own key OpenRouter bills a fee, and the provider behind it the rest. */
function upstreamCost(fee: number, bill: BillReader): number {
  const upstream = bill.value("cost_details.upstream_inference_cost");
  if (typeof upstream !== "number" || !(upstream > 0) || upstream > MOST_DOLLARS) return 0;
  const ownKey = bill.value("is_byok");
  return ownKey === true || (ownKey === undefined && upstream > fee) ? upstream : 0;
}
