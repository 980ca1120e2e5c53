import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { PromptCounter, ProviderBill, type ProviderPrices } from "./providerBill";
import { generate, openAiUsage } from "./providerChunks";
import type { Answer, CallCount, RawReply, Reply, StatusReply } from "./providerReply";
import { status } from "./providerReply";

/** A request as it came over the wire. */
export interface ProviderRequest {
  readonly index: number;
  /** The body, byte for byte. */
  readonly text: string;
  readonly body: { readonly [key: string]: unknown };
  readonly messages: readonly { readonly role?: unknown; readonly content?: unknown; readonly tool_calls?: unknown }[];
  readonly headers: IncomingMessage["headers"];
  /** The smaller of the output limits it names. */
  readonly maxOutput: number | null;
  readonly toolChoice: unknown;
  /** `performance.now()` when the whole request was there. */
  readonly at: number;
}

export type Script = (request: ProviderRequest, index: number) => Reply | Promise<Reply>;

export interface Provider {
  /** Base URL for a client, ending in `/v1`. */
  readonly url: string;
  readonly requests: readonly ProviderRequest[];
  /** `performance.now()` when the last byte of each answer was handed over, by index of the request. */
  readonly finishedAt: readonly number[];
  readonly bill: ProviderBill;
  /** What a strict provider would have refused (a tool call without its result, ...); empty after a proper conversation. */
  readonly violations: readonly string[];
  /** Connections open at this moment. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export interface ProviderOptions {
  readonly prices?: ProviderPrices;
  /** Refuses requests without this key. */
  readonly apiKey?: string;
  /** Reads from the cache what begins like the request before; default true. */
  readonly cache?: boolean;
  readonly port?: number;
}

const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * A real HTTP server that speaks streaming Chat Completions and answers by script: honest to the output limit unless
 * told otherwise, and keeping its own bill, also of answers nobody waited for.
 */
export async function startProvider(script: Script, options: ProviderOptions = {}): Promise<Provider> {
  const requests: ProviderRequest[] = [];
  const violations: string[] = [];
  const finishedAt: number[] = [];
  const bill = new ProviderBill(options.prices ?? null);
  const counter = new PromptCounter();

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const text = await bodyOf(incoming);
    if (text === null) return turnAway(outgoing, status(413, "request too large"));
    if (!incoming.url?.endsWith("/chat/completions")) return turnAway(outgoing, status(404, `no such path: ${incoming.url}`));
    if (options.apiKey && incoming.headers.authorization !== `Bearer ${options.apiKey}`) {
      return turnAway(outgoing, status(401, { message: "Incorrect API key provided", code: "invalid_api_key" }));
    }
    const request = requestFrom(requests.length, text, incoming);
    requests.push(request);
    violations.push(...violationsIn(request));
    const reply = await script(request, request.index);
    if (reply.kind === "status") return turnAway(outgoing, reply);

    const prompt = counter.count(request.body);
    const run = new Run(outgoing, { ...prompt, cachedTokens: options.cache === false ? 0 : prompt.cachedTokens });
    bill.open(request.index, run);
    if (reply.kind === "answer") await run.answer(reply, request);
    else if (reply.kind === "raw") await run.raw(reply);
    else if (reply.hangUp) outgoing.destroy();
    else await once(outgoing, "close");
    finishedAt[request.index] = performance.now();
  };

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch((error) => {
      violations.push(`the script failed: ${error}`);
      outgoing.destroy();
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    finishedAt,
    bill,
    violations,
    connections: () =>
      new Promise((resolve, reject) => server.getConnections((error, n) => (error ? reject(error) : resolve(n)))),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** One answer on its way out, and the count of what it cost so far. */
class Run {
  readonly #out: ServerResponse;
  #count: CallCount;
  #sent = 0;
  #over = false;

  constructor(out: ServerResponse, prompt: { readonly promptTokens: number; readonly cachedTokens: number }) {
    this.#out = out;
    this.#count = { ...prompt, outputTokens: 0, reasoningTokens: 0 };
  }

  get count(): CallCount {
    return this.#count;
  }

  get aborted(): boolean {
    return !this.#over;
  }

  async answer(answer: Answer, request: ProviderRequest): Promise<void> {
    const made = generate(answer, request.maxOutput);
    if (answer.firstDelayMs) await this.#pause(answer.firstDelayMs);
    if (answer.whole) {
      for (const piece of made.pieces) this.#spend(piece.tokens, piece.thinking);
      this.#out.writeHead(200, { "content-type": "application/json", ...answer.headers });
      const choices = [{ index: 0, message: made.message, finish_reason: answer.finish ?? made.finish }];
      this.#out.end(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", choices, ...this.#usage(answer, true) }));
      this.#over = true;
      return;
    }
    this.#out.writeHead(200, { "content-type": "text/event-stream", ...answer.headers });
    this.#out.flushHeaders();
    if (await this.#fault(answer)) return;
    const first = { role: "assistant", content: "", ...answer.extra };
    await this.#chunk({ choices: [{ index: 0, delta: first, finish_reason: null }] });
    for (const piece of made.pieces) {
      if (this.#out.destroyed) return;
      if (answer.delayMs) await this.#pause(answer.delayMs);
      this.#spend(piece.tokens, piece.thinking);
      await this.#chunk({ choices: [{ index: 0, delta: piece.delta, finish_reason: null }], ...this.#usage(answer, false) });
      this.#sent++;
      if (await this.#fault(answer)) return;
    }
    const finish = answer.finish === undefined ? made.finish : answer.finish;
    if (finish !== null)
      await this.#chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }], ...this.#usage(answer, false) });
    const options = request.body.stream_options;
    const asked = answer.usage !== undefined || (typeof options === "object" && options !== null && "include_usage" in options);
    if (asked && answer.usage !== "none") await this.#chunk({ choices: [], ...this.#usage(answer, true) });
    if (answer.done !== false) await this.#write("data: [DONE]\n\n");
    this.#over = !this.#out.destroyed;
    if (answer.keepOpen) await once(this.#out, "close");
    else this.#out.end();
  }

  async raw(reply: RawReply): Promise<void> {
    this.#spend(reply.billedOutput, false);
    this.#out.writeHead(200, { ...reply.headers });
    this.#out.flushHeaders();
    for (const piece of reply.pieces) {
      if (reply.delayMs) await this.#pause(reply.delayMs);
      await this.#write(piece);
    }
    const last = reply.pieces.at(-1) ?? ": nothing\n\n";
    for (let sent = 0; reply.end === "flood" && sent < reply.floodBytes && !this.#out.destroyed; sent += last.length) {
      await this.#write(last);
    }
    this.#over = !this.#out.destroyed;
    if (reply.end === "hang") await once(this.#out, "close");
    else if (reply.end === "cut") {
      await this.#pause(20);
      this.#out.destroy();
    } else this.#out.end();
  }

  /** Whether the answer ends here. */
  async #fault({ fault }: Answer): Promise<boolean> {
    if (fault?.after !== this.#sent) return false;
    if (fault.kind === "insert") {
      await this.#write(fault.bytes);
      return false;
    }
    if (fault.kind === "stall") await once(this.#out, "close");
    else {
      // What was written should arrive before the connection breaks.
      await this.#pause(20);
      this.#out.destroy();
    }
    return true;
  }

  #spend(tokens: number, thinking: boolean): void {
    const { outputTokens, reasoningTokens } = this.#count;
    this.#count = {
      ...this.#count,
      outputTokens: outputTokens + tokens,
      reasoningTokens: reasoningTokens + (thinking ? tokens : 0),
    };
  }

  #usage({ usage = "auto" }: Answer, atEnd: boolean): { readonly usage?: unknown } {
    if (usage === "none" || (usage !== "running" && !atEnd)) return {};
    return { usage: typeof usage === "function" ? usage(this.#count) : openAiUsage(this.#count) };
  }

  #chunk(fields: { readonly [key: string]: unknown }): Promise<void> {
    return this.#write(
      `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", model: "scripted", ...fields })}\n\n`,
    );
  }

  async #write(bytes: string | Uint8Array): Promise<void> {
    if (this.#out.destroyed || this.#out.write(bytes)) return;
    await new Promise<void>((resolve) => {
      const goOn = () => {
        this.#out.off("drain", goOn).off("close", goOn);
        resolve();
      };
      this.#out.on("drain", goOn).on("close", goOn);
    });
  }

  /** Waits, unless the client hangs up first. */
  async #pause(ms: number): Promise<void> {
    const gone = new AbortController();
    const onClose = () => gone.abort();
    this.#out.once("close", onClose);
    await sleep(ms, undefined, { signal: gone.signal }).catch(() => {});
    this.#out.off("close", onClose);
  }
}

function turnAway(outgoing: ServerResponse, reply: StatusReply): void {
  outgoing.writeHead(reply.status, { ...reply.headers });
  outgoing.end(reply.body);
}

async function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of incoming) {
    size += part.length;
    if (size > MAX_BODY_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function requestFrom(index: number, text: string, incoming: IncomingMessage): ProviderRequest {
  const body = JSON.parse(text) as { readonly [key: string]: unknown };
  const limits = [body.max_tokens, body.max_completion_tokens].filter((limit) => typeof limit === "number");
  return {
    index,
    text,
    body,
    messages: Array.isArray(body.messages) ? body.messages : [],
    headers: incoming.headers,
    maxOutput: limits.length > 0 ? Math.min(...limits) : null,
    toolChoice: body.tool_choice,
    at: performance.now(),
  };
}

/** Providers refuse a conversation in which a tool call has no result, or a result no call. */
function violationsIn(request: ProviderRequest): string[] {
  const found: string[] = [];
  let open = new Set<string>();
  for (const [at, message] of request.messages.entries()) {
    const where = `request ${request.index}, message ${at}`;
    if (message.role === "tool") {
      const id = String(Reflect.get(message, "tool_call_id"));
      if (!open.delete(id)) found.push(`${where}: a tool result without its call (${id})`);
      continue;
    }
    if (open.size > 0) found.push(`${where}: tool calls without results (${[...open].join(", ")})`);
    const made = Array.isArray(message.tool_calls) ? message.tool_calls : [];
    open = new Set(made.map((each) => String(each.id)));
    if (open.size !== made.length) found.push(`${where}: tool calls share an id`);
    if (message.content === null && made.length === 0) found.push(`${where}: an empty message`);
  }
  if (open.size > 0) found.push(`request ${request.index}: tool calls without results at the end (${[...open].join(", ")})`);
  return found;
}
