import { type Fields, isFields } from "../core/fields";
import type { ModelResult } from "../core/ports";
import { redact } from "../core/redact";
import { fieldsAt, listAt, numberAt, parseJson, textAt } from "./openaiWire";

export type Refusal = Extract<ModelResult, { kind: "refused" }>;

/** What a provider said went wrong, out of any of the shapes errors come in. Empty texts where it said nothing. */
export interface Complaint {
  readonly message: string;
  readonly code: string;
  readonly type: string;
  readonly param: string;
  /** HTTP status named inside the body, if any. */
  readonly status: number | null;
  readonly retryDelayMs: number | null;
  /** Usage sent along with the error: then it was billed. */
  readonly usage: unknown;
}

/** What the model knows when it words a refusal. The key is here to be kept out of the words. */
export interface Caller {
  readonly apiKey: string | null;
  readonly modelId: string;
  /** Without query, and without a slash at its end. */
  readonly baseUrl: string;
  readonly query: { readonly [name: string]: string };
}

export function complaintFromText(text: string): Complaint {
  const value = parseJson(text);
  if (value !== undefined && typeof value !== "string") return complaintFrom(value);
  const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1];
  return complaintFrom(/^\s*</.test(text) ? `a web page${title ? `: ${title}` : ""}` : text);
}

/** Reads `{error: {...}}`, `{error: "..."}`, `[{error}]`, `{message}`, `{detail: [...]}`, Mistral's and OpenRouter's nested text, plain text. */
export function complaintFrom(value: unknown): Complaint {
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (!isFields(body)) return { ...NOTHING, message: typeof body === "string" ? body : "" };
  const error = body.error;
  const inner = isFields(error) ? error : body;
  const raw = textAt(fieldsAt(inner, "metadata") ?? {}, "raw");
  const said = typeof error === "string" ? error : wordsIn(inner);
  const code = inner.code ?? body.code;
  return {
    message: raw && raw !== said ? `${said} (${raw})` : said,
    code: typeof code === "string" || typeof code === "number" ? String(code) : "",
    type: textAt(inner, "type") ?? textAt(inner, "status") ?? "",
    param: textAt(inner, "param") ?? "",
    status: asStatus(code) ?? asStatus(inner.status) ?? statusOfType(textAt(inner, "type") ?? ""),
    retryDelayMs: retryDelay(inner),
    usage: body.usage ?? inner.usage ?? null,
  };
}

const NOTHING: Complaint = { message: "", code: "", type: "", param: "", status: null, retryDelayMs: null, usage: null };

const DEEPEST_WORDS = 4;

/**
 * The words of a complaint, wherever they are: text, FastAPI's list (`{detail: [{loc: ["body", "stream_options"], msg:
 * "Extra inputs are not permitted"}]}`), or Mistral's, which puts such a list inside its message.
 */
function wordsIn(value: unknown, depth = 0): string {
  if (typeof value === "string") return value;
  if (depth > DEEPEST_WORDS) return "";
  if (Array.isArray(value)) {
    const parts = value.map((each) => wordsIn(each, depth + 1));
    return parts.filter((part) => part !== "").join("; ");
  }
  if (!isFields(value)) return "";
  const place = listAt(value, "loc").join(".");
  const words = wordsIn(value.message ?? value.detail ?? value.msg, depth + 1);
  return place === "" ? words : `${place}: ${words}`;
}

function asStatus(code: unknown): number | null {
  const status = Number(code);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : null;
}

function statusOfType(type: string): number | null {
  if (/rate_limit|insufficient_quota|too_many_requests/.test(type)) return 429;
  if (/overloaded|unavailable/.test(type)) return 529;
  if (/authentication/.test(type)) return 401;
  if (/permission/.test(type)) return 403;
  if (/not_found/.test(type)) return 404;
  if (/invalid_request|badrequest/i.test(type)) return 400;
  return null;
}

/** Google says when to come back inside the body: `{"@type": ".../RetryInfo", "retryDelay": "34s"}`. */
function retryDelay(error: Fields): number | null {
  for (const detail of listAt(error, "details")) {
    const delay = isFields(detail) ? /^([\d.]+)s$/.exec(textAt(detail, "retryDelay") ?? "")?.[1] : undefined;
    if (delay) return Math.ceil(Number(delay) * 1000);
  }
  return isFields(error.metadata) ? numberAt(error.metadata, "retry_after_ms") : null;
}

/** A gateway gave up waiting: what is behind it may have done, and billed, the work. */
export function isTimeout(status: number): boolean {
  return status === 408 || status === 504 || status === 524;
}

/**
 * The HTTP status an error in an answer that began with 200 amounts to, if it says that nothing was processed; else
 * `null`. `instead`: the error is all that came, in place of a stream; then nothing was generated whatever it says.
 */
export function refusalStatus(complaint: Complaint, instead: boolean): number | null {
  const status = complaint.status ?? (instead ? statusOfNames(`${complaint.type} ${complaint.code}`) : null);
  if (status === null || isTimeout(status)) return null;
  // Errors of the server's own making may come after work was done; these say that none was.
  return instead || status < 500 || status === 503 || status === 529 ? status : null;
}

function statusOfNames(names: string): number {
  return (
    statusOfType(names) ?? (/invalid|unsupported|not_supported|unknown|bad_?request|context_length/i.test(names) ? 400 : 500)
  );
}

/** A refusal by HTTP status, worded so that the reader knows what to do. Nothing was processed, so nothing is billed. */
export function refusalFor(status: number, complaint: Complaint, headers: Headers | null, caller: Caller, now: number): Refusal {
  const quota = isQuota(status, complaint);
  const asked = headers ? retryAfter(headers, now) : null;
  const told = headers?.get("x-should-retry");
  const transient = status === 408 || status === 409 || status === 425 || status === 429 || (status >= 500 && status !== 501);
  const retryable = !quota && status !== 402 && (transient ? told !== "false" : false);
  const reason = oneLine(
    `${advice(status, quota, complaint, caller)}${complaint.message ? `: ${complaint.message}` : ""}`,
    caller,
  );
  if (!retryable) return { kind: "refused", reason, retry: "never" };
  return { kind: "refused", reason, retry: "later", askedMs: asked ?? complaint.retryDelayMs };
}

/** An empty account, as opposed to a full minute. Google words both alike, but says when to retry after the latter. */
function isQuota(status: number, complaint: Complaint): boolean {
  const names = `${complaint.code} ${complaint.type}`.toLowerCase();
  if (/insufficient_quota|billing|insufficient_balance|credit|budget_exceeded/.test(names)) return true;
  const words = complaint.message.toLowerCase();
  if (/credit balance is too low|insufficient (balance|credits|funds)|budget has been exceeded|exceededbudget/.test(words))
    return true;
  return status === 429 && /exceeded your current quota|billing hard limit/.test(words) && complaint.retryDelayMs === null;
}

function advice(status: number, quota: boolean, complaint: Complaint, caller: Caller): string {
  if (status >= 300 && status < 400)
    return `The address sends callers elsewhere (${status}); set the new address as the base URL`;
  if (quota || status === 402) return `The account has no credit or quota left (${status}); add credit with the provider`;
  if (status === 401 && !caller.apiKey) return "The provider wants an API key (401) and none is set";
  if (status === 401) return "The provider does not accept the API key (401); check the key and the base URL";
  if (status === 403) return "The provider does not allow this (403); check what the key may do and where the model is offered";
  if (status === 404) return `Not found (404); check the model "${caller.modelId}" and the base URL ${shownUrl(caller.baseUrl)}`;
  if (status === 413 || /context_length|context length|prompt is too long/i.test(`${complaint.code} ${complaint.message}`)) {
    return `The conversation is longer than the model takes (${status})`;
  }
  if (isTimeout(status)) return `The provider took too long (${status})`;
  if (status === 429) return "The provider asks to slow down (429)";
  if (status === 529 || status === 503) return `The provider is overloaded (${status})`;
  if (status >= 500) return `The provider failed (${status})`;
  return `The provider did not accept the request (${status})`;
}

/** An address without user, password and query, which may hold secrets. */
export function shownUrl(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}${new URL(url).pathname}` : "(not an address)";
}

const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/** Milliseconds a provider asks to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfter(headers: Headers, now: number): number | null {
  const inMs = headers.get("retry-after-ms");
  const header = headers.get("retry-after");
  if (inMs !== null && /^\s*[\d.]+\s*$/.test(inMs)) return clampWait(Number(inMs));
  if (header === null) return null;
  if (/^\s*[\d.]+\s*$/.test(header)) return clampWait(Number(header) * 1000);
  return clampWait(Date.parse(header) - now);
}

function clampWait(ms: number): number | null {
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, Math.ceil(ms)), LONGEST_WAIT_MS);
}

const LONGEST_REASON = 300;
/** What is looked through for keys; generous, so that a key at the end of the reason is whole there. */
const LOOKED_AT = 2_000;

/** One line without control characters, keys or endless text. */
export function oneLine(text: string, caller: { readonly apiKey: string | null }): string {
  const key = caller.apiKey?.trim();
  const flat = text.slice(0, 20_000).replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  const line = redact(flat.slice(0, LOOKED_AT), key ? [key] : []).trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}
