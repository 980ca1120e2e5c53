import { isLocal } from "../core/hosts";
import type { Clock, Model, ModelRequest, ModelResult, RawBill } from "../core/ports";
import { AnswerBuilder } from "./openaiAnswer";
import { CallAssembler } from "./openaiCalls";
import { adapt, dialectFor } from "./openaiDialect";
import {
  type Caller,
  type Complaint,
  complaintFromText,
  isTimeout,
  oneLine,
  type Refusal,
  refusalFor,
  refusalStatus,
  shownUrl,
} from "./openaiErrors";
import { type Patience, patienceFor } from "./openaiPatience";
import { createSerialiser, type WireRequest } from "./openaiRequest";
import { readAnswer, type StreamEnd } from "./openaiStream";
import { impossible, post, refusedConnection, traceOf } from "./openaiTransport";

/** Limits in place of `patienceFor`, for tests. */
export interface IdleTimeouts extends Patience {
  /** How long to wait for the bill once an answer is over or lost; default 5 s, and never above 2 s once cancelled. */
  readonly drainMs?: number;
  /** One whole call, however it drips; default an hour. */
  readonly totalMs?: number;
}

export interface OpenAiModelOptions {
  /** With or without a closing slash; a trailing `/chat/completions` is ignored. */
  readonly baseUrl: string;
  /** `null` for endpoints that ask for none (local ones). */
  readonly apiKey: string | null;
  readonly modelId: string;
  /** Thinks before it answers, so it may be silent for longer. */
  readonly reasoning: boolean;
  readonly idleTimeouts?: IdleTimeouts;
  readonly fetch?: typeof fetch;
  /** For `Retry-After` dates. Idleness of a socket is measured in real time, not by this. */
  readonly clock: Pick<Clock, "now">;
}

/** Statuses of complaints about a request; 404 is OpenRouter's when nobody serves the model in this form. */
const FORM_STATUSES = [400, 404, 422];
const DEFAULT_DRAIN_MS = 5000;
const DEFAULT_TOTAL_MS = 60 * 60 * 1000;

/**
 * A model behind any endpoint that speaks Chat Completions. One call of `stream` is one request: nothing is retried
 * here. Where an endpoint refuses the form of a request and another form is left to try, the refusal says to retry
 * `now`, so that the loop reserves anew and the next call goes out in that form.
 */
export function createOpenAiModel(options: OpenAiModelOptions): Model {
  const caller = callerFor(options);
  const unusable = unusableReason(caller);
  if (unusable) return { stream: async () => refuse(unusable) };

  const url = new URL(caller.baseUrl);
  const serialise = createSerialiser(caller.modelId, url.host);
  const { reasoning, idleTimeouts } = options;
  const local = isLocal(url.hostname);
  let dialect = dialectFor(url.hostname, caller.modelId);
  let accepted = false;
  let stalls = 0;

  /** A refusal as it is, or, if it is about the form of the request, as an invitation to try the next one. */
  const refusal = (status: number, complaint: Complaint, headers: Headers | null, request: WireRequest): Refusal => {
    const next = FORM_STATUSES.includes(status) ? adapt(dialect, complaint, request.sent, accepted) : null;
    if (!next) return refusalFor(status, complaint, headers, caller, options.clock.now());
    dialect = next.dialect;
    const reason = oneLine(`The endpoint wants another form of request; ${next.change}. It said: ${complaint.message}`, caller);
    return { kind: "refused", reason, retry: "now" };
  };

  const send = async (
    request: ModelRequest,
    onDelta: (channel: "text" | "reasoning", text: string) => void,
    signal: AbortSignal,
  ): Promise<ModelResult> => {
    if (signal.aborted) return refuse("cancelled before it was sent");
    const builder = new AnswerBuilder(url.host, new CallAssembler(idsIn(request)), onDelta);
    const wire = serialise(request, dialect);
    const { maxOutput } = request;
    const patience = idleTimeouts ?? patienceFor({ reasoning, local, whole: !dialect.streaming, stalls });
    const begun = await begin(caller, wire.body, options.fetch ?? fetch, patience.firstByteMs, signal);
    switch (begun.kind) {
      case "refused":
        return begun;
      case "lost":
        return broken(begun.cause, begun.reason, builder, null);
      case "turnedAway": {
        const complaint = begun.status < 400 ? elsewhere(begun.headers, url) : complaintFromText(begun.text);
        const bill = billFrom(complaint.usage, begun.headers, false);
        if (bill || isTimeout(begun.status)) {
          const { reason } = refusalFor(begun.status, complaint, begun.headers, caller, options.clock.now());
          return broken("failed", reason, builder, bill);
        }
        return refusal(begun.status, complaint, begun.headers, wire);
      }
      case "accepted": {
        const limits = {
          firstByteMs: patience.firstByteMs,
          betweenChunksMs: patience.betweenChunksMs,
          drainMs: idleTimeouts?.drainMs ?? DEFAULT_DRAIN_MS,
          totalMs: idleTimeouts?.totalMs ?? DEFAULT_TOTAL_MS,
          maxOutput,
        };
        const end = await readAnswer(begun.response, builder, limits, signal);
        begun.close();
        if (!builder.isEmpty) accepted = true;
        return conclude(end, builder, begun.response.headers, wire);
      }
    }
  };

  const conclude = (end: StreamEnd, builder: AnswerBuilder, headers: Headers, wire: WireRequest): ModelResult => {
    const withError = end.kind === "error" ? end.complaint.usage : null;
    const { usage, usageCoversAll, usageIsBill } = builder;
    const isEarly = end.kind === "whole" ? usage !== null && !usageCoversAll : !usageIsBill && withError === null;
    const bill = billFrom(usage ?? withError, headers, isEarly);
    switch (end.kind) {
      case "whole": {
        const { reasoning, ...answer } = builder.answer();
        return { kind: "answered", answer, ...(reasoning === "" ? {} : { reasoning }), bill };
      }
      case "page":
        return refuse("The address answers with a web page, not a model; check the base URL (does it need /v1 at its end?)");
      case "lost":
        return broken(end.cause, end.reason, builder, bill);
      case "error": {
        const status = refusalStatus(end.complaint, end.instead);
        if (status !== null && builder.isEmpty && !bill) return refusal(status, end.complaint, headers, wire);
        return broken("failed", oneLine(`The provider failed in mid-answer: ${end.complaint.message}`, caller), builder, bill);
      }
    }
  };

  return {
    async stream(request, onDelta, signal) {
      const result = await send(request, onDelta, signal);
      if (result.kind === "broken" && result.cause === "stalled") stalls += 1;
      return result;
    },
  };
}

type Begun =
  | { readonly kind: "accepted"; readonly response: Response; readonly close: () => void }
  | { readonly kind: "turnedAway"; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: "lost"; readonly cause: "cut" | "stalled" | "cancelled"; readonly reason: string }
  | Refusal;

/** Sends the request and waits for the head of the answer. From the moment it is sent, it may be billed. */
async function begin(
  caller: Caller,
  body: Uint8Array,
  fetchImpl: typeof fetch,
  firstByteMs: number,
  signal: AbortSignal,
): Promise<Begun> {
  const connection = new AbortController();
  let giveUp: (lost: Begun) => void = () => {};
  const givenUp = new Promise<Begun>((resolve) => {
    giveUp = resolve;
  });
  const lose = (cause: "stalled" | "cancelled", reason: string) => {
    giveUp({ kind: "lost", cause, reason });
    connection.abort();
  };
  const onAbort = () => lose("cancelled", "cancelled");
  const timer = setTimeout(() => lose("stalled", "no answer came"), firstByteMs);
  signal.addEventListener("abort", onAbort, { once: true });
  const posted = post(caller, body, fetchImpl, connection.signal).then((sent): Begun => {
    if (sent.kind === "turnedAway") return sent;
    if (sent.kind === "failed") return failed(sent.error, caller);
    if (sent.kind === "unsent") return impossible(sent.error, caller);
    if (connection.signal.aborted) void sent.response.body?.cancel().catch(() => {});
    return { kind: "accepted", response: sent.response, close: () => connection.abort() };
  });
  posted.catch(() => {});
  try {
    return await Promise.race([givenUp, posted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function failed(error: unknown, caller: Caller): Begun {
  const { codes } = traceOf(error);
  if (/UND_ERR_HEADERS_TIMEOUT|ETIMEDOUT/.test(codes)) return { kind: "lost", cause: "stalled", reason: "no answer came" };
  const reason = oneLine(`the connection broke before an answer came${codes ? ` (${codes})` : ""}`, caller);
  return refusedConnection(error, caller) ?? { kind: "lost", cause: "cut", reason };
}

/** Where a redirect points, as the complaint it is for us. */
function elsewhere(headers: Headers, base: URL): Complaint {
  const location = headers.get("location") ?? "";
  return complaintFromText(URL.canParse(location, base.href) ? shownUrl(new URL(location, base.href).href) : "");
}

function callerFor(options: OpenAiModelOptions): Caller {
  const [address = "", query = ""] = options.baseUrl.trim().split("?", 2);
  return {
    apiKey: options.apiKey?.trim() || null,
    modelId: options.modelId.trim(),
    baseUrl: address.replace(/\/+$/, "").replace(/\/chat\/completions$/, ""),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

function unusableReason(caller: Caller): string | null {
  const url = URL.canParse(caller.baseUrl) ? new URL(caller.baseUrl) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return "The base URL is not a web address; it looks like https://host/v1";
  if (url.username || url.password) return "The base URL holds a user name or password; set the API key instead";
  if (caller.apiKey && !/^[\x21-\x7e]+$/.test(caller.apiKey))
    return "The API key holds characters that no key has; enter it again";
  return caller.modelId === "" ? "No model is chosen" : null;
}

function idsIn(request: ModelRequest): ReadonlySet<string> {
  const calls = request.messages.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
  return new Set(calls.map((call) => call.id));
}

/** The provider's figures untouched: usage, and its own price for it in the usage or (LiteLLM) a header. */
function billFrom(usage: unknown, headers: Headers, isEarly: boolean): RawBill | null {
  const own =
    typeof usage === "object" && usage !== null ? (Reflect.get(usage, "cost") ?? Reflect.get(usage, "total_cost")) : undefined;
  // The head of a stream is sent before its cost is known, so 0 there means nothing.
  const header = headers.get("x-litellm-response-cost");
  const cost: unknown = own ?? (Number(header) > 0 ? header : null);
  return usage || cost !== null ? { usage: usage ?? null, cost, ...(isEarly ? { early: true } : {}) } : null;
}

function refuse(reason: string): Refusal {
  return { kind: "refused", reason, retry: "never" };
}

function broken(
  cause: Extract<ModelResult, { kind: "broken" }>["cause"],
  reason: string,
  builder: AnswerBuilder,
  bill: RawBill | null,
): ModelResult {
  return { kind: "broken", cause, reason, partial: builder.answer(), silentMs: Date.now() - builder.progressAt, bill };
}
