import { type Fields, isFields } from "../core/fields";
import type { AnswerBuilder } from "./openaiAnswer";
import { type Complaint, complaintFrom } from "./openaiErrors";
import { type Frame, FrameDecoder } from "./openaiSse";
import { fieldsAt, listAt } from "./openaiWire";

export interface StreamLimits {
  readonly firstByteMs: number;
  readonly betweenChunksMs: number;
  /** After the answer is over or lost: how long to wait for the bill. */
  readonly drainMs: number;
  readonly totalMs: number;
  /** Output tokens the provider was told to stop at. */
  readonly maxOutput: number;
}

/** How a stream ended. What arrived is in the builder. */
export type StreamEnd =
  | { readonly kind: "whole" }
  | { readonly kind: "page" }
  /** `instead`: a whole body came in place of a stream, and held the error and no more. */
  | { readonly kind: "error"; readonly complaint: Complaint; readonly instead: boolean }
  | {
      readonly kind: "lost";
      readonly cause: "cut" | "stalled" | "malformed" | "overBound" | "cancelled";
      readonly reason: string;
    };

type Lost = Extract<StreamEnd, { kind: "lost" | "error" }>;

/** Signs of life (comments, empty events) show that a connection stands, not that anything happens: they stretch a limit this far. */
const KEEP_ALIVE_STRETCH = 5;
const AFTER_BILL_MS = 1000;
const AFTER_END_MS = 100;
/** Whoever cancels waits, and a run past its time cap with him. */
const CANCELLED_MS = 2000;
const MAX_DRAIN_BYTES = 64 * 1024 * 1024;

/**
 * Reads an answer to its end, into `builder`. Bounded in time and memory, and leaves no timer and no socket behind.
 *
 * Once an answer is lost (cancelled, damaged, failed, in a line too long to read), reading goes on for up to `drainMs`,
 * because the bill comes last and what is generated meanwhile was reserved. Past the bound nothing was: there the
 * connection is closed at once, as after a stall.
 *
 * What is no event and cannot have been one is passed over, if the answer is whole without it.
 */
export function readAnswer(
  response: Response,
  builder: AnswerBuilder,
  limits: StreamLimits,
  signal: AbortSignal,
): Promise<StreamEnd> {
  return new AnswerReader(response, builder, limits).read(signal);
}

class AnswerReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #builder: AnswerBuilder;
  readonly #limits: StreamLimits;
  readonly #decoder = new FrameDecoder();
  readonly #started = Date.now();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #endBy = Number.POSITIVE_INFINITY;
  /** The end mark, or a whole body, has come. */
  #done = false;
  /** Something came that is no part of an answer. */
  #noisy = false;
  /** The last event was a bill without choices. */
  #billLast = false;
  /** The provider closed the connection, in good order. */
  #closed = false;
  #drained = 0;
  #end: Lost | { readonly kind: "page" } | null = null;

  constructor(response: Response, builder: AnswerBuilder, limits: StreamLimits) {
    this.#reader = (response.body ?? new Blob([]).stream()).getReader();
    this.#builder = builder;
    this.#limits = limits;
  }

  async read(signal: AbortSignal): Promise<StreamEnd> {
    const onAbort = () => {
      this.#lose("cancelled", "cancelled");
      this.#endWithin(Math.min(this.#limits.drainMs, CANCELLED_MS));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      while (!this.#stopped) {
        this.#rearm();
        // A connection that breaks ends the answer like one that closes; what came before decides what that means.
        const read = await this.#reader.read().catch(() => null);
        if (read?.value) this.#take(this.#decoder.push(read.value));
        if (this.#end && read?.value) this.#drained += read.value.length;
        if (this.#drained > MAX_DRAIN_BYTES) this.#stop();
        this.#closed = read?.done === true && !this.#stopped;
        if (!read || read.done) break;
      }
      this.#take(this.#decoder.end());
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#stop();
    }
    return this.#conclusion();
  }

  #conclusion(): StreamEnd {
    if (this.#end) return this.#end;
    if (this.#builder.failed) return { kind: "error", complaint: complaintFrom("it gave up"), instead: false };
    if (this.#isWhole()) return { kind: "whole" };
    if (this.#done || this.#builder.finished) return { kind: "lost", cause: "malformed", reason: "part of it is not readable" };
    const reason = this.#builder.isEmpty ? "the connection ended without an answer" : "the connection ended in mid-answer";
    return { kind: "lost", cause: "cut", reason };
  }

  #isWhole(): boolean {
    const { finished, answered, sound, usage } = this.#builder;
    if (this.#noisy) return sound && (finished || (this.#done && usage !== null));
    return this.#done || finished || (this.#closed && this.#billLast && !this.#decoder.half && answered && sound);
  }

  #take(frames: readonly Frame[]): void {
    for (const frame of frames) {
      switch (frame.kind) {
        case "keepAlive":
          break;
        case "noise":
          this.#noisy = true;
          break;
        case "done":
          this.#done = true;
          break;
        case "page":
          this.#end ??= { kind: "page" };
          break;
        case "unreadable":
          this.#lose("malformed", frame.why);
          break;
        case "tooLong":
          this.#builder.salvage(frame.head);
          this.#lose("overBound", "the provider sent more than an answer can be");
          if (!frame.goesOn) this.#stop();
          break;
        case "event":
          this.#apply(frame.value, frame.name);
          break;
        case "body":
          this.#apply(frame.value, "", true);
          if (!this.#builder.answered) this.#lose("malformed", "the answer holds no choices");
          this.#done = true;
          break;
      }
    }
  }

  /** Google sends its errors in a list. */
  #apply(value: unknown, event: string, isBody = false): void {
    for (const each of Array.isArray(value) ? value : [value]) if (isFields(each)) this.#applyOne(each, event, isBody);
  }

  #applyOne(value: Fields, event: string, isBody: boolean): void {
    const error = errorIn(value, event);
    this.#builder.apply(value);
    this.#billLast = fieldsAt(value, "usage") !== null && listAt(value, "choices").length === 0;
    if (error) this.#fail({ kind: "error", complaint: error, instead: isBody && !this.#builder.answered });
    if (!this.#builder.exceeds(this.#limits.maxOutput)) return;
    this.#lose("overBound", "the provider went past the output limit");
    this.#stop();
  }

  #lose(cause: Extract<StreamEnd, { kind: "lost" }>["cause"], reason: string): void {
    // Once the answer is whole, only the bill is still to come: it is no less an answer without it.
    const whole = this.#done || (this.#builder.finished && cause !== "overBound");
    if (!whole) this.#fail({ kind: "lost", cause, reason });
  }

  #fail(end: Lost): void {
    if (this.#end) return;
    this.#end = end;
    this.#builder.muted = true;
    this.#endWithin(this.#builder.usageIsBill ? 0 : this.#limits.drainMs);
  }

  /** Sets the one timer for what is waited for now. */
  #rearm(): void {
    if (this.#done) this.#endWithin(AFTER_END_MS);
    else if (this.#end) return;
    else if (this.#builder.finished) this.#endWithin(this.#builder.usageIsBill ? AFTER_BILL_MS : this.#limits.drainMs);
    else this.#expectMore();
  }

  #expectMore(): void {
    const begun = this.#builder.progress > 0;
    const limit = begun ? this.#limits.betweenChunksMs : this.#limits.firstByteMs;
    const patience = Math.max(this.#started, this.#builder.progressAt) + limit * KEEP_ALIVE_STRETCH - Date.now();
    this.#wait(Math.min(limit, patience), () => {
      this.#lose("stalled", begun ? "the answer stopped coming" : "no answer came");
      this.#stop();
    });
  }

  /** Once set, the end only comes nearer, however much is still sent. */
  #endWithin(ms: number): void {
    this.#endBy = Math.min(this.#endBy, Date.now() + ms);
    this.#wait(this.#endBy - Date.now(), () => this.#stop());
  }

  #wait(ms: number, onFire: () => void): void {
    clearTimeout(this.#timer);
    const left = this.#started + this.#limits.totalMs - Date.now();
    this.#timer = setTimeout(onFire, Math.max(0, Math.min(ms, left)));
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#stopped = true;
    this.#reader.cancel().catch(() => {});
  }
}

/** An error inside a stream that began well: `{error: ...}`, `event: error`, or vLLM's `{object: "error"}`. */
function errorIn(value: Fields, event: string): Complaint | null {
  return saysSomething(value.error) || event === "error" || value.object === "error" ? complaintFrom(value) : null;
}

/** An error field may be there for form's sake. */
function saysSomething(error: unknown): boolean {
  return typeof error === "object" && error !== null ? Object.keys(error).length > 0 : Boolean(error);
}
