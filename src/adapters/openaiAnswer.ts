import { type Fields, isFields } from "../core/fields";
import type { ModelAnswer } from "../core/ports";
import type { CallAssembler } from "./openaiCalls";
import { keepFor } from "./openaiRequest";
import { ToldUsage } from "./openaiUsage";
import { fieldsAt, listAt, numberAt, textAt, textBegun } from "./openaiWire";

/** No tokenizer in use has longer tokens than 128 characters (o200k: runs of blanks). */
const LONGEST_TOKEN = 128;
const CHARS_PER_TOKEN = 16;
const SLACK_CHARS = 4096;
const SLACK_TOKENS = 64;

/**
 * Puts an answer together from the chunks of a stream (or from one whole message), whatever the provider's habits.
 * Text goes to `onDelta` as it comes, until `muted`.
 */
export class AnswerBuilder {
  readonly #host: string;
  readonly #onDelta: (channel: "text" | "reasoning", text: string) => void;
  readonly #calls: CallAssembler;
  #text = "";
  #reasoning = "";
  #content: string | null = null;
  #thinking: string | null = null;
  readonly #details: Fields[] = [];
  #extraContent: Fields | null = null;
  #finish: string | null = null;
  readonly #told = new ToldUsage();
  #chars = 0;
  #weight = 0;
  #lastChar = "";
  #answered = false;
  #progressAt = Date.now();
  muted = false;

  constructor(host: string, calls: CallAssembler, onDelta: (channel: "text" | "reasoning", text: string) => void) {
    this.#host = host;
    this.#calls = calls;
    this.#onDelta = onDelta;
  }

  get finished(): boolean {
    return this.#finish !== null;
  }

  /** The provider ended the answer because it failed (OpenRouter). */
  get failed(): boolean {
    return this.#finish === "error";
  }

  /** The usage told, as it was sent; `null` if a chunk too large to be read came after it. */
  get usage(): Fields | null {
    return this.#told.value;
  }

  /** Whether nothing was generated after the usage was told. */
  get usageCoversAll(): boolean {
    return this.#told.coversAll(this.progress);
  }

  /** Whether the usage is the bill, and no running count of an answer that went on. */
  get usageIsBill(): boolean {
    return this.#told.isBillOf(this.progress);
  }

  get isEmpty(): boolean {
    return this.progress === 0;
  }

  /** Grows with everything that was generated. */
  get progress(): number {
    return this.#chars + this.#calls.count + this.#details.length;
  }

  /** Unix ms of the last progress, or of the making of this, before anything was sent. */
  get progressAt(): number {
    return this.#progressAt;
  }

  /** At least one choice came, be it an empty one. */
  get answered(): boolean {
    return this.#answered;
  }

  /** No tool call was broken off, except by the output limit. */
  get sound(): boolean {
    return this.#calls.sound || finishOf(this.#finish, true) === "length";
  }

  /** Keeps what can be read of a chunk too large to be read: `head` is its bounded beginning. It is not shown. */
  salvage(head: string): void {
    const text = textBegun(head, "content");
    const reasoning = textBegun(head, "reasoning_content") || textBegun(head, "reasoning");
    this.#text += text;
    this.#reasoning += reasoning;
    this.#chars += text.length + reasoning.length;
    this.#told.outdate();
    this.#progressAt = Date.now();
  }

  apply(chunk: Fields): void {
    const choice = listAt(chunk, "choices")
      .filter(isFields)
      .find((each) => (numberAt(each, "index") ?? 0) === 0);
    const before = this.progress;
    if (choice) this.#take(choice);
    if (this.progress > before) this.#progressAt = Date.now();
    const usage = usageIn(chunk, choice);
    // A chunk of its own is the bill, unless it is ahead of everything: then it tells what the prompt costs.
    if (usage) this.#told.note(usage, this.progress, this.finished || (!choice && !this.isEmpty));
  }

  /**
   * Whether more came than `maxOutput` tokens can be, so that the provider must be ignoring the limit. Errs on the side
   * of patience: an honest answer averages 2 to 6 characters a token, so 16 (runs of one character counted once) and
   * some slack is out of its reach; and where the provider counts aloud, its own count is taken. Bounds memory, too.
   */
  exceeds(maxOutput: number): boolean {
    if (!this.finished && this.#told.output > maxOutput + SLACK_TOKENS) return true;
    const tooMuch = maxOutput * CHARS_PER_TOKEN + SLACK_CHARS;
    return this.#weight > tooMuch || this.#chars > maxOutput * LONGEST_TOKEN + SLACK_CHARS * CHARS_PER_TOKEN;
  }

  answer(): ModelAnswer & { readonly reasoning: string } {
    const extra = keepFor(this.#host, this.#kept());
    const toolCalls = this.#calls.finished(this.#host);
    return {
      text: this.#text,
      toolCalls,
      ...(extra ? { extra } : {}),
      finish: finishOf(this.#finish, toolCalls.length > 0),
      reasoning: this.#reasoning,
    };
  }

  #take(choice: Fields): void {
    this.#answered = true;
    const delta = fieldsAt(choice, "delta") ?? fieldsAt(choice, "message");
    if (delta) this.#add(delta);
    this.#finish = textAt(choice, "finish_reason") || this.#finish;
  }

  #add(delta: Fields): void {
    const content = delta.content;
    if (typeof content === "string") this.#emit("text", content);
    else for (const part of listAt(delta, "content").filter(isFields)) this.#addPart(part);
    this.#emit("text", textAt(delta, "refusal") ?? "");

    const reasoningContent = textAt(delta, "reasoning_content");
    const reasoning = textAt(delta, "reasoning");
    const details = listAt(delta, "reasoning_details").filter(isFields);
    if (reasoningContent !== null) this.#content = (this.#content ?? "") + reasoningContent;
    if (reasoning !== null) this.#thinking = (this.#thinking ?? "") + reasoning;
    for (const detail of details) addDetail(this.#details, detail);
    this.#emit(
      "reasoning",
      reasoningContent || reasoning || details.map((each) => textAt(each, "text") ?? textAt(each, "summary") ?? "").join(""),
    );

    this.#extraContent = fieldsAt(delta, "extra_content") ?? this.#extraContent;
    for (const call of listAt(delta, "tool_calls").filter(isFields)) this.#weigh(this.#calls.add(call));
  }

  /** Mistral sends its thinking as a part of the content. */
  #addPart(part: Fields): void {
    if (part.type !== "thinking") this.#emit("text", textAt(part, "text") ?? "");
    else for (const piece of listAt(part, "thinking").filter(isFields)) this.#emit("reasoning", textAt(piece, "text") ?? "");
  }

  #emit(channel: "text" | "reasoning", text: string): void {
    if (text === "") return;
    if (channel === "text") this.#text += text;
    else this.#reasoning += text;
    this.#weigh(text);
    if (!this.muted) this.#onDelta(channel, text);
  }

  #weigh(text: string): void {
    this.#chars += text.length;
    for (const char of text) {
      if (char !== this.#lastChar) this.#weight += char.length;
      this.#lastChar = char;
    }
  }

  /** What some providers refuse to go on without: DeepSeek and Moonshot their reasoning, others signatures over it. */
  #kept(): Fields {
    const signature = this.#extraContent ? { extra_content: this.#extraContent } : {};
    if (this.#details.length > 0) return { reasoning_details: this.#details, ...signature };
    if (this.#content !== null) return { reasoning_content: this.#content, ...signature };
    return this.#thinking ? { reasoning: this.#thinking, ...signature } : signature;
  }
}

/** Moonshot has it in the choice, Groq under a name of its own. */
function usageIn(chunk: Fields, choice: Fields | undefined): Fields | null {
  const groq = fieldsAt(chunk, "x_groq");
  return fieldsAt(chunk, "usage") ?? (choice ? fieldsAt(choice, "usage") : null) ?? (groq ? fieldsAt(groq, "usage") : null);
}

/** Fragments of one detail come one after the other: texts are joined, the rest (signatures, ids) is taken as it comes. */
function addDetail(details: Fields[], detail: Fields): void {
  const last = details.at(-1);
  const continues = last && last.type === detail.type && last.index === detail.index && detail.data === undefined;
  if (!continues) {
    details.push(detail);
    return;
  }
  const joined: { [key: string]: unknown } = { ...last };
  for (const [key, value] of Object.entries(detail)) {
    const isText = (key === "text" || key === "summary") && typeof value === "string";
    if (isText) joined[key] = (textAt(last, key) ?? "") + value;
    else if (value !== null) joined[key] = value;
  }
  details[details.length - 1] = joined;
}

function finishOf(reason: string | null, called: boolean): ModelAnswer["finish"] {
  switch (reason?.toLowerCase()) {
    case "stop":
    case "end_turn":
    case "eos":
      return called ? "toolCalls" : "stop";
    case "tool_calls":
    case "tool_use":
    case "function_call":
      return "toolCalls";
    case "length":
    case "max_tokens":
    case "model_length":
      return "length";
    case "content_filter":
    case "safety":
      return "filtered";
    default:
      return "unknown";
  }
}
