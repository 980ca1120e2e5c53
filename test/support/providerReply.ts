/** What a scripted provider answers. Built with the functions below: `say("done", { delayMs: 5 })`, `call("read", {...})`. */
export type Reply = Answer | StatusReply | RawReply | SilentReply;

export interface ScriptedCall {
  readonly name: string;
  /** An object is sent as JSON text; a text is sent as it is, valid or not. */
  readonly arguments: unknown;
  readonly id?: string;
  /** Further fields of the call, e.g. Gemini's `extra_content`. */
  readonly extra?: { readonly [key: string]: unknown };
}

/** How calls are spelled on the wire: as OpenAI does, or with one of the habits of others. */
export type CallStyle = "openai" | "noIds" | "noIndex" | "sameIndex" | "repeatedNames" | "objectArguments";

/** Something that happens after so many chunks (0 = before the first). The rest of the answer is sent only after `insert`. */
export type Fault =
  | { readonly kind: "cut"; readonly after: number }
  | { readonly kind: "stall"; readonly after: number }
  | { readonly kind: "insert"; readonly after: number; readonly bytes: string | Uint8Array };

/** The server's own count of a call: from the bytes of the request and the tokens it generated. */
export interface CallCount {
  readonly promptTokens: number;
  /** Share of the prompt equal to the beginning of the one before. */
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** Share of the output that was thinking. */
  readonly reasoningTokens: number;
}

/**
 * Usage as reported: the server's own count at the end (`auto`), in every chunk (`running`), not at all (`none`), or
 * anything made from the count. What is billed is the count, whatever is reported.
 */
export type UsageReport = "auto" | "running" | "none" | ((count: CallCount) => unknown);

export interface AnswerOptions {
  readonly reasoning?: string;
  /** Name of the field thinking is sent in. */
  readonly reasoningField?: "reasoning_content" | "reasoning";
  /** Finish reason; `null` = none is sent. Default: what an honest provider would say. */
  readonly finish?: string | null;
  readonly tokensPerChunk?: number;
  readonly firstDelayMs?: number;
  readonly delayMs?: number;
  readonly usage?: UsageReport;
  /** Ignores the output limit and bills all of it. */
  readonly dishonest?: boolean;
  readonly fault?: Fault;
  readonly callStyle?: CallStyle;
  /** Whether `[DONE]` ends the stream; default true. */
  readonly done?: boolean;
  /** Leaves the connection open after the end. */
  readonly keepOpen?: boolean;
  /** Answers with one JSON body although a stream was asked for. */
  readonly whole?: boolean;
  readonly headers?: { readonly [name: string]: string };
  /** Further fields of the first delta. */
  readonly extra?: { readonly [key: string]: unknown };
}

export interface Answer extends AnswerOptions {
  readonly kind: "answer";
  readonly text: string;
  readonly calls: readonly ScriptedCall[];
}

/** A reply that is turned away: nothing is processed and nothing billed. */
export interface StatusReply {
  readonly kind: "status";
  readonly status: number;
  readonly body: string;
  readonly headers: { readonly [name: string]: string };
}

/** Bytes as they are, status 200. The prompt is billed, and `billedOutput` tokens. */
export interface RawReply {
  readonly kind: "raw";
  readonly pieces: readonly (string | Uint8Array)[];
  readonly headers: { readonly [name: string]: string };
  readonly delayMs: number;
  /** `flood`: the last piece is sent again and again until the client hangs up, or `floodBytes` are out. */
  readonly end: "close" | "cut" | "hang" | "flood";
  readonly floodBytes: number;
  readonly billedOutput: number;
}

/** Takes the request, bills the prompt, and then says nothing, or hangs up. */
export interface SilentReply {
  readonly kind: "silent";
  readonly hangUp: boolean;
}

export function say(text: string, options: AnswerOptions = {}): Answer {
  return { kind: "answer", text, calls: [], ...options };
}

export function call(name: string, args: unknown, options: AnswerOptions & { readonly text?: string } = {}): Answer {
  return calls([{ name, arguments: args }], options);
}

export function calls(list: readonly ScriptedCall[], options: AnswerOptions & { readonly text?: string } = {}): Answer {
  return { kind: "answer", text: "", ...options, calls: list };
}

/** Text of exactly `tokens` o200k tokens. */
export function filler(tokens: number): string {
  return " word".repeat(tokens);
}

/** The largest answer the request allows, or `tokens` if it names no limit. */
export function longest(request: { readonly maxOutput: number | null }, tokens = 1000, options: AnswerOptions = {}): Answer {
  return say(filler(request.maxOutput ?? tokens), options);
}

export const cutAfter = (chunks: number): Fault => ({ kind: "cut", after: chunks });
export const stallAfter = (chunks: number): Fault => ({ kind: "stall", after: chunks });
export const insertAfter = (chunks: number, bytes: string | Uint8Array): Fault => ({ kind: "insert", after: chunks, bytes });
export const garbageAfter = (chunks: number): Fault => insertAfter(chunks, 'data: {"choices":[{"delta":{"content": oops\n\n');
export const errorAfter = (chunks: number, error: unknown): Fault =>
  insertAfter(chunks, `data: ${JSON.stringify({ error })}\n\n`);

/** A chunk of text whose bytes are no UTF-8. */
export function badUtf8After(chunks: number): Fault {
  const [head, tail] = ['data: {"choices":[{"index":0,"delta":{"content":"caf', '"}}]}\n\n'];
  return insertAfter(chunks, Buffer.concat([Buffer.from(head), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(tail)]));
}

export function status(code: number, message: unknown = "", headers: { readonly [name: string]: string } = {}): StatusReply {
  const error = typeof message === "string" ? { message, type: "error", param: null, code: null } : message;
  return {
    kind: "status",
    status: code,
    body: JSON.stringify({ error }),
    headers: { "content-type": "application/json", ...headers },
  };
}

export function page(code = 200, title = "Sign in"): StatusReply {
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>${title}</body></html>`;
  return { kind: "status", status: code, body, headers: { "content-type": "text/html" } };
}

export function redirect(location: string, code = 307): StatusReply {
  return { kind: "status", status: code, body: "", headers: { location } };
}

export function raw(pieces: RawReply["pieces"], options: Partial<Omit<RawReply, "kind" | "pieces">> = {}): RawReply {
  const defaults = { delayMs: 0, end: "close", floodBytes: 1 << 30, billedOutput: 0 } as const;
  return { kind: "raw", pieces, headers: { "content-type": "text/event-stream" }, ...defaults, ...options };
}

export const silent: SilentReply = { kind: "silent", hangUp: false };
export const hangUp: SilentReply = { kind: "silent", hangUp: true };
