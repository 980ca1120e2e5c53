import { type Caller, oneLine, type Refusal, shownUrl } from "./openaiErrors";

/** How far a request got: an answer has begun, a refusal came whole, the connection failed, or there was never one. */
export type Sent =
  | { readonly kind: "accepted"; readonly response: Response }
  | { readonly kind: "turnedAway"; readonly status: number; readonly headers: Headers; readonly text: string }
  | { readonly kind: "failed"; readonly error: unknown }
  | { readonly kind: "unsent"; readonly error: unknown };

/** The client's own time limit would hide which phase ran out of time; ours are the idle limits. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;
const MAX_ERROR_CHARS = 64 * 1024;
const MAX_ERROR_MS = 2000;

/**
 * Posts one chat completion through the `openai` client: once, without its retries, environment variables, log and
 * parser (which throws at the first damaged event and so would lose the bill behind it). Headers are all our own: the
 * client would add what describes this machine, and, from `OPENAI_CUSTOM_HEADERS`, what was meant for another address.
 *
 * Redirects are not followed: they would carry the user's code, and on the same host the key, to an address nobody set.
 */
export async function post(caller: Caller, body: Uint8Array, fetchImpl: typeof fetch, signal: AbortSignal): Promise<Sent> {
  const { OpenAI } = await import("openai");
  let turnedAway: Sent | null = null;
  let begun = false;
  let failure: unknown;
  const headers = headersFor(caller);
  const fetchOnce: typeof fetch = async (input, init) => {
    begun = true;
    try {
      const response = await fetchImpl(input, { ...init, headers, redirect: "manual" });
      if (response.ok) return response;
      const text = await boundedText(response);
      turnedAway = { kind: "turnedAway", status: response.status || 302, headers: response.headers, text };
      return new Response(null, { status: 400 });
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  try {
    const client = new OpenAI({
      baseURL: caller.baseUrl,
      apiKey: caller.apiKey ?? "none",
      adminAPIKey: null,
      organization: null,
      project: null,
      maxRetries: 0,
      timeout: NO_TIMEOUT_MS,
      logLevel: "off",
      fetch: fetchOnce,
      defaultQuery: { ...caller.query },
    });
    const response = await client.post("/chat/completions", { body, signal, stream: true }).asResponse();
    return { kind: "accepted", response };
  } catch (error) {
    return turnedAway ?? { kind: begun ? "failed" : "unsent", error: failure ?? error };
  }
}

const HEADERS = { accept: "text/event-stream, application/json", "content-type": "application/json", "user-agent": "turnpike" };

function headersFor({ apiKey, baseUrl }: Caller): { readonly [header: string]: string } {
  if (!apiKey) return HEADERS;
  const keyed = { ...HEADERS, authorization: `Bearer ${apiKey}` };
  // Azure's older addresses read a key from a header of their own.
  return new URL(baseUrl).hostname.endsWith(".azure.com") ? { ...keyed, "api-key": apiKey } : keyed;
}

/** The beginning of an error's text: bounded, for the status says the most of it. */
async function boundedText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const stop = () => void reader?.cancel().catch(() => {});
  const timer = setTimeout(stop, MAX_ERROR_MS);
  const decoder = new TextDecoder();
  let text = "";
  while (reader && text.length < MAX_ERROR_CHARS) {
    const read = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (read.value) text += decoder.decode(read.value, { stream: true });
    if (read.done) break;
  }
  clearTimeout(timer);
  stop();
  return text;
}

/** Failures before a connection stood: nothing was sent, so nothing can be billed. */
const NOT_CONNECTED =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_(CONNECTION_REFUSED|NAME_NOT_RESOLVED|INTERNET_DISCONNECTED|ADDRESS_UNREACHABLE|PROXY_CONNECTION_FAILED|CONNECTION_TIMED_OUT)/;
const NOT_TRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/;
const NOT_POSSIBLE = /bad port|unknown scheme|invalid url|cannot be constructed/i;

/** A connection that never stood as a refusal; `null` if something may have been processed. */
export function refusedConnection(error: unknown, caller: Caller): Refusal | null {
  const { codes, messages } = traceOf(error);
  const at = shownUrl(caller.baseUrl);
  const refused = (reason: string) => ({ kind: "refused", reason: oneLine(reason, caller) }) as const;
  if (NOT_TRUSTED.test(codes)) {
    return { ...refused(`No secure connection to ${at} (${codes}); check the address and any proxy`), retry: "never" };
  }
  if (NOT_CONNECTED.test(codes)) {
    const reason = `No connection to ${at} (${codes}); check the address and that the server runs`;
    return { ...refused(reason), retry: "later", askedMs: null };
  }
  return NOT_POSSIBLE.test(messages) ? impossible(error, caller) : null;
}

/** A request that cannot be made at all. */
export function impossible(error: unknown, caller: Caller): Refusal {
  const reason = `No request can go to ${shownUrl(caller.baseUrl)}: ${traceOf(error).messages}`;
  return { kind: "refused", reason: oneLine(reason, caller), retry: "never" };
}

/** What was said along the chain of causes, where Node and Electron put what happened. */
export function traceOf(error: unknown): { readonly codes: string; readonly messages: string } {
  const codes = new Set<string>();
  const messages = new Set<string>();
  let next: unknown = error;
  for (let depth = 0; depth < 6 && typeof next === "object" && next !== null; depth++) {
    const code: unknown = Reflect.get(next, "code");
    const message: unknown = Reflect.get(next, "message");
    const connecting = Reflect.get(next, "syscall") === "connect" && code === "ETIMEDOUT";
    if (typeof code === "string") codes.add(connecting ? "UND_ERR_CONNECT_TIMEOUT" : code);
    if (typeof message === "string") messages.add(message);
    const net = typeof message === "string" ? /net::(ERR_\w+)/.exec(message)?.[1] : undefined;
    if (net) codes.add(net);
    const errors: unknown = Reflect.get(next, "errors");
    next = Reflect.get(next, "cause") ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return { codes: [...codes].join(" "), messages: [...messages].join(": ") };
}
