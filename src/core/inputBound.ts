import type { Message } from "./conversation";
import type { TokenCounter, ToolSpec } from "./ports";

/** Tokens a chat template puts around one message, at most. */
const FRAMING = 12;
/** Tokens a provider may add to a first prompt of its own: none we know of for OpenAI, tool instructions elsewhere. */
const HIDDEN_PROMPT = { own: 32, other: 512 };
/** Learned factors stay in this range, so that one odd report cannot stop all work or free all caution. */
const FACTOR_RANGE = { least: 1, most: 4 };
/** Prompts below this many tokens are too short to learn a ratio from. */
const LEAST_TO_LEARN = 400;

export interface Bound {
  readonly tokens: number;
  /** The tokenizer's count of the whole prompt; `null` when it was bounded by bytes. */
  readonly counted: number | null;
}

/**
 * Upper bound of a prompt in tokens: what the provider reported for the last one, plus what was appended, counted by
 * the tokenizer times a factor learned for this model; by bytes while the tokenizer is not there.
 */
export class InputBound {
  #counter: TokenCounter;
  #ownTokenizer: boolean;
  /** The largest ratio of reported to counted tokens seen; `null` before the first. */
  #observed: number | null;
  #reported: { tokens: number; messages: readonly Message[] } | null = null;

  /** `learned`: the stored ratio of reported to counted tokens; `null` before the first observation. */
  constructor(counter: TokenCounter, modelId: string, learned: number | null) {
    this.#counter = counter;
    this.#ownTokenizer = isOpenAiModel(modelId);
    this.#observed = learned;
  }

  get factor(): number {
    return clamp(this.#observed ?? (this.#ownTokenizer ? 1 : 1.3));
  }

  /** Bound that needs no waiting: exact counts where they are known, bytes elsewhere. */
  quick(messages: readonly Message[], tools: readonly ToolSpec[]): Bound {
    const { base, texts } = this.#appended(messages, tools);
    const bytes = texts.reduce((sum, text) => sum + this.#counter.bound(text) + FRAMING, 0);
    return { tokens: base + bytes, counted: null };
  }

  /** Counts every message, so that the ratio can be learned; texts counted before cost nothing. */
  async exact(messages: readonly Message[], tools: readonly ToolSpec[]): Promise<Bound> {
    const { base, texts } = this.#appended(messages, tools);
    const counts = await this.#counter.count(texts);
    const appended = sum(counts) + texts.length * FRAMING;
    const whole = await this.#counter.count(promptTexts(messages, tools));
    return { tokens: base + Math.ceil(appended * this.factor), counted: sum(whole) + whole.length * FRAMING };
  }

  /** Takes in what the provider reported for the prompt with these messages. */
  report(messages: readonly Message[], reportedInput: number): void {
    // Prompts only grow; a smaller report leaves out what was cached.
    this.#reported = { tokens: Math.max(reportedInput, this.#reported?.tokens ?? 0), messages };
  }

  /** Compares a report with our own count. Returns the ratio to keep, or `null` when there is nothing to learn. */
  learn(bound: Bound, reportedInput: number): number | null {
    if (bound.counted === null || reportedInput < LEAST_TO_LEARN) return null;
    const ratio = clamp(reportedInput / bound.counted);
    this.#observed = Math.max(this.#observed ?? 0, ratio);
    return ratio;
  }

  #appended(messages: readonly Message[], tools: readonly ToolSpec[]): { base: number; texts: string[] } {
    if (this.#reported) {
      const known = this.#reported.messages;
      // The newest message may have got another tail after it was reported: then it counts again.
      const same = messages[known.length - 1] === known.at(-1) ? known.length : known.length - 1;
      return { base: this.#reported.tokens, texts: messages.slice(same).flatMap(billedTexts) };
    }
    return { base: this.#ownTokenizer ? HIDDEN_PROMPT.own : HIDDEN_PROMPT.other, texts: promptTexts(messages, tools) };
  }
}

/** All that is billed of a message. A tail is counted by itself, so that the count of the text before it is still known. */
function billedTexts(message: Message): string[] {
  switch (message.role) {
    case "system":
      return [message.text];
    case "user":
    case "tool":
      return message.tail === undefined ? [message.text] : [message.text, message.tail];
    case "assistant": {
      const calls = message.toolCalls.map(
        (call) => call.id + call.name + call.arguments + (call.extra ? JSON.stringify(call.extra) : ""),
      );
      return [message.text + calls.join("") + (message.extra ? JSON.stringify(message.extra) : "")];
    }
  }
}

/** Models whose tokenizer is the counter's own, so that counts need no margin. */
export function isOpenAiModel(modelId: string): boolean {
  return /^(openai\/)?(gpt-|o\d|chatgpt-)/.test(modelId);
}

function promptTexts(messages: readonly Message[], tools: readonly ToolSpec[]): string[] {
  return [JSON.stringify(tools), ...messages.flatMap(billedTexts)];
}

function clamp(factor: number): number {
  return Math.min(FACTOR_RANGE.most, Math.max(FACTOR_RANGE.least, factor));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}
