import { encode } from "gpt-tokenizer/encoding/o200k_base";
import type { CallCount } from "./providerReply";

/** Dollars per million tokens, as a price list has them. */
export interface ProviderPrices {
  readonly input: number;
  readonly cacheRead: number;
  readonly output: number;
}

export interface BilledCall extends CallCount {
  /** Place of the request among all requests. */
  readonly index: number;
  /** Exact nano-dollars, rounded up per call; 0 without prices. */
  readonly nanoUsd: number;
  /** The client hung up before the end, or has not read to it yet. */
  readonly aborted: boolean;
}

/** A call on its way: its count grows as tokens are generated. */
export interface OpenCall {
  readonly count: CallCount;
  readonly aborted: boolean;
}

/** What the provider would bill at this moment: its own counts, made without any code of the product. */
export class ProviderBill {
  readonly #calls: { readonly index: number; readonly call: OpenCall }[] = [];
  readonly #prices: ProviderPrices | null;

  constructor(prices: ProviderPrices | null) {
    this.#prices = prices;
  }

  open(index: number, call: OpenCall): void {
    this.#calls.push({ index, call });
  }

  get calls(): readonly BilledCall[] {
    return this.#calls.map(({ index, call }) => {
      return { index, ...call.count, nanoUsd: this.#nano(call.count), aborted: call.aborted };
    });
  }

  get promptTokens(): number {
    return this.calls.reduce((sum, call) => sum + call.promptTokens, 0);
  }

  get cachedTokens(): number {
    return this.calls.reduce((sum, call) => sum + call.cachedTokens, 0);
  }

  get outputTokens(): number {
    return this.calls.reduce((sum, call) => sum + call.outputTokens, 0);
  }

  get nanoUsd(): number {
    return this.calls.reduce((sum, call) => sum + call.nanoUsd, 0);
  }

  get usd(): number {
    return this.nanoUsd / 1e9;
  }

  #nano(count: CallCount): number {
    if (!this.#prices) return 0;
    const perMillion = (dollars: number) => BigInt(Math.round(dollars * 1e9));
    const total =
      BigInt(count.promptTokens - count.cachedTokens) * perMillion(this.#prices.input) +
      BigInt(count.cachedTokens) * perMillion(this.#prices.cacheRead) +
      BigInt(count.outputTokens) * perMillion(this.#prices.output);
    return Number((total + 999_999n) / 1_000_000n);
  }
}

const known = new Map<string, readonly number[]>();

export function tokensOf(text: string): readonly number[] {
  const found = known.get(text);
  if (found) return found;
  if (known.size > 2000) known.clear();
  const tokens = encode(text, { disallowedSpecial: new Set() });
  known.set(text, tokens);
  return tokens;
}

const PER_MESSAGE = 4;
const PER_REQUEST = 3;

/**
 * Counts prompts as a provider does: tools, then each message with a few tokens of framing. What begins like the prompt
 * before is read from the cache, whole messages at a time.
 */
export class PromptCounter {
  #last: readonly string[] = [];

  count(body: { readonly [key: string]: unknown }): { readonly promptTokens: number; readonly cachedTokens: number } {
    const messages = Array.isArray(body.messages) ? body.messages : [];
    const parts = [JSON.stringify(body.tools ?? []), ...messages.map((message) => JSON.stringify(message))];
    const sizes = [tokensOf(parts[0] ?? "").length, ...messages.map(messageTokens)];
    const common = parts.findIndex((part, at) => part !== this.#last[at]);
    const cachedTokens = sum(sizes.slice(0, common < 0 ? parts.length : common));
    this.#last = parts;
    return { promptTokens: sum(sizes) + PER_REQUEST, cachedTokens };
  }
}

function messageTokens(message: unknown): number {
  if (typeof message !== "object" || message === null) return PER_MESSAGE;
  const { role: _role, ...rest } = message as { readonly [key: string]: unknown };
  const texts = Object.values(rest).map((value) => (typeof value === "string" ? value : value ? JSON.stringify(value) : ""));
  return PER_MESSAGE + sum(texts.map((text) => tokensOf(text).length));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
