import { isFields } from "../core/fields";
import { parseJson } from "./openaiWire";

/**
 * A piece of an answer:
 * - `event`, `keepAlive`, `done`: an event of the stream, a sign of life, the end mark;
 * - `noise`: something that is no event and cannot have been one;
 * - `unreadable`: a damaged event, which may have held a part of the answer;
 * - `tooLong`: more bytes without an end than an answer can have, of which `head` is the beginning. In a stream the events
 *   behind them still come (`goesOn`);
 * - `body`, `page`: a whole body that is no event stream at all.
 */
export type Frame =
  | { readonly kind: "event"; readonly name: string; readonly value: unknown }
  | { readonly kind: "keepAlive" }
  | { readonly kind: "noise" }
  | { readonly kind: "done" }
  | { readonly kind: "unreadable"; readonly why: string }
  | { readonly kind: "tooLong"; readonly head: string; readonly goesOn: boolean }
  | { readonly kind: "body"; readonly value: unknown }
  | { readonly kind: "page" };

const LINE_FEED = 0x0a;
const RETURN = 0x0d;
const MAX_LINE_BYTES = 8 * 1024 * 1024;
const MAX_EVENT_LINES = 100;
const MAX_BODY_BYTES = 16 * 1024 * 1024;
const HEAD_BYTES = 64 * 1024;

/**
 * Splits the bytes of an answer into frames. Ignores what the specification says to ignore, is more forgiving than it
 * (events need no blank line between them, a damaged or endless one does not hide the ones after it, among which is the
 * bill) and bounded in memory.
 */
export class FrameDecoder {
  #mode: "unknown" | "events" | "body" = "unknown";
  #parts: Uint8Array[] = [];
  #size = 0;
  /** Inside a line that is too long, of which nothing is kept. */
  #skipping = false;
  #half = false;
  #afterReturn = false;
  #data = "";
  #lines = 0;
  #event = "";
  readonly #utf8 = new TextDecoder("utf-8", { fatal: true });

  /** Once at its end: the stream broke off inside an event. */
  get half(): boolean {
    return this.#half;
  }

  push(bytes: Uint8Array): Frame[] {
    const frames: Frame[] = [];
    let rest = bytes;
    if (this.#mode === "unknown") this.#mode = modeOf(bytes);
    if (this.#mode === "body") {
      this.#keep(rest, MAX_BODY_BYTES, frames);
      return frames;
    }
    for (;;) {
      if (this.#afterReturn && rest[0] === LINE_FEED) rest = rest.subarray(1);
      if (rest.length > 0) this.#afterReturn = false;
      const end = lineEnd(rest);
      if (end < 0) break;
      this.#keep(rest.subarray(0, end), MAX_LINE_BYTES, frames);
      this.#line(frames);
      this.#afterReturn = rest[end] === RETURN;
      rest = rest.subarray(end + 1);
    }
    this.#keep(rest, MAX_LINE_BYTES, frames);
    return frames;
  }

  /** What is left when the connection ends. Half an event is what a cut leaves behind, and is dropped. */
  end(): Frame[] {
    const frames: Frame[] = [];
    if (this.#mode === "body" && !this.#skipping) this.#body(frames);
    const hadRest = this.#size > 0;
    const { text: line, proper } = this.#take();
    if (proper && line.startsWith("data:")) this.#addData(line.slice(5).trim(), frames);
    this.#half =
      this.#skipping || this.#data !== "" || (hadRest && !frames.some(({ kind }) => kind === "event" || kind === "done"));
    return frames;
  }

  #keep(bytes: Uint8Array, limit: number, frames: Frame[]): void {
    if (bytes.length === 0 || this.#skipping) return;
    if (this.#size + bytes.length <= limit) {
      this.#parts.push(bytes);
      this.#size += bytes.length;
      return;
    }
    const head = Buffer.concat([...this.#parts, bytes], HEAD_BYTES)
      .toString("utf8")
      .replace(/\uFFFD+$/, "");
    frames.push({ kind: "tooLong", head, goesOn: this.#mode !== "body" });
    this.#parts = [];
    this.#size = 0;
    this.#data = "";
    this.#lines = 0;
    this.#skipping = true;
  }

  /** The bytes kept, as text, and whether they were proper UTF-8. */
  #take(): { readonly text: string; readonly proper: boolean } {
    const bytes = this.#parts.length === 1 && this.#parts[0] ? this.#parts[0] : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#size = 0;
    try {
      return { text: this.#utf8.decode(bytes), proper: true };
    } catch {
      return { text: Buffer.from(bytes).toString("utf8"), proper: false };
    }
  }

  #line(frames: Frame[]): void {
    if (this.#skipping) {
      this.#skipping = false;
      return;
    }
    const { text: line, proper } = this.#take();
    if (line === "") this.#blank(frames);
    else if (line.startsWith(":")) frames.push({ kind: "keepAlive" });
    else if (!proper) frames.push(mayBeEvent(line) ? { kind: "unreadable", why: "an event is not UTF-8" } : { kind: "noise" });
    else if (line.startsWith("data:")) this.#addData(line.slice(5).trim(), frames);
    else if (line.startsWith("event:")) this.#event = line.slice(6).trim();
    else if (line.startsWith("{")) this.#addData(line, frames);
    else if (!FIELD.test(line) || mayBeEvent(line)) this.#lost(line, frames);
  }

  #addData(text: string, frames: Frame[]): void {
    if (text === "") return;
    if (text === "[DONE]") {
      this.#blank(frames);
      frames.push({ kind: "done" });
      return;
    }
    const data = this.#data === "" ? text : `${this.#data}\n${text}`;
    const value = /[}\]]$/.test(data) ? parseJson(data) : undefined;
    if (value !== undefined) frames.push({ kind: "event", name: this.#event, value });
    this.#data = value === undefined ? data : "";
    this.#lines = value === undefined ? this.#lines + 1 : 0;
    // What begins like no JSON never becomes any, and each line costs a look at all of them.
    const isHopeless = !/^[{[]/.test(this.#data) || this.#lines > MAX_EVENT_LINES || this.#data.length > MAX_LINE_BYTES;
    if (this.#data !== "" && isHopeless) this.#blank(frames);
  }

  /** The end of an event: whatever was gathered and made no sense until now never will. */
  #blank(frames: Frame[]): void {
    if (this.#data !== "") this.#lost(this.#data, frames);
    this.#data = "";
    this.#lines = 0;
    this.#event = "";
  }

  /** Some servers run two events into one line: what can be read of the second may be the bill. */
  #lost(text: string, frames: Frame[]): void {
    if (this.#event !== "error" && !mayBeEvent(text)) {
      frames.push({ kind: "noise" });
      return;
    }
    frames.push({ kind: "unreadable", why: "an event is not JSON" });
    const start = text.lastIndexOf("data:");
    const value = start < 0 ? undefined : parseJson(text.slice(start + 5));
    if (value !== undefined) frames.push({ kind: "event", name: "", value });
  }

  /** A body that only looked like one may be a stream with a damaged beginning, and hold a bill. */
  #body(frames: Frame[]): void {
    const bytes = Buffer.concat(this.#parts);
    const { text, proper } = this.#take();
    const value = proper ? parseJson(text) : undefined;
    if (value !== undefined) frames.push({ kind: "body", value });
    else if (proper && /^\s*</.test(text) && !/^data:/m.test(text)) frames.push({ kind: "page" });
    else {
      this.#mode = "events";
      frames.push({ kind: "unreadable", why: "the answer is neither events nor JSON" }, ...this.push(bytes));
    }
  }
}

/** A field as the specification has it; ones it does not name are ignored. */
const FIELD = /^[a-zA-Z][\w-]*(:|$)/;

/** Whether `line` may be what is left of an event, and so of the answer. Events are objects; noise is mostly words. */
function mayBeEvent(line: string): boolean {
  if (!/[{}"]|data:/.test(line)) return false;
  const value = FIELD.test(line) ? parseJson(line.slice(line.indexOf(":") + 1)) : undefined;
  return !isFields(value) || value.choices !== undefined;
}

function lineEnd(bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === LINE_FEED || bytes[at] === RETURN) return at;
  return -1;
}

/** An answer that starts like JSON or a web page is read whole; servers' content types are not to be trusted. */
function modeOf(bytes: Uint8Array): "unknown" | "events" | "body" {
  const first = bytes.find((byte) => byte > 0x20 && byte < 0x80);
  if (first === undefined) return "unknown";
  return first === 0x7b || first === 0x5b || first === 0x3c ? "body" : "events";
}
