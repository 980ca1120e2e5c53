import type {
  ApprovalRequest,
  CallPurpose,
  CheckResult,
  ExtensionWish,
  FileChange,
  PlanItem,
  Provenance,
  ToolAccess,
} from "./agentEvent";
import type { Message, Opaque, ToolCall } from "./conversation";
import type { NanoUsd } from "./money";
import type { Usage } from "./usage";

/** Time, so that the loop has none of its own. `sleep` ends early, without throwing, when `signal` aborts. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** JSON schema of a tool as the model is told it; key order is fixed, so its text is byte-stable. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  readonly parameters: { readonly [key: string]: unknown };
}

export interface ModelRequest {
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
  /** `none`: tools stay declared, so that the cached prefix survives, but may not be called. */
  readonly toolChoice: "auto" | "none";
  readonly maxOutput: number;
}

export interface ModelAnswer {
  readonly text: string;
  readonly toolCalls: readonly ToolCall[];
  readonly extra?: Opaque;
  readonly finish: "stop" | "toolCalls" | "length" | "filtered" | "unknown";
}

/** Usage and cost as the provider sent them, not yet checked. See `normaliseUsage`. */
export interface RawBill {
  readonly usage: unknown;
  /** The provider's own figure in dollars, where it gives one (in the usage or a header). */
  readonly cost: unknown;
  /** Told before all was generated: what is billed in the end is no less, and may be more. */
  readonly early?: true;
}

/**
 * How one attempt ended. Provider failures are data, not exceptions.
 * - `answered`: a whole answer; `bill` may still be missing.
 * - `refused`: turned away before any processing: nothing is billed. `retry` says when another attempt may succeed:
 *   `now`, in another form that it will take by itself, or `later`, no sooner than `askedMs` if the provider gave a time.
 * - `broken`: processing had begun, then the stream was cut, stalled, was malformed, ran past the bound or was
 *   cancelled: it may be billed. `partial` is what had arrived, `silentMs` how long nothing more had come by the end:
 *   what was generated meanwhile was never seen.
 */
export type ModelResult =
  | {
      readonly kind: "answered";
      readonly answer: ModelAnswer;
      /** Thinking that was shown. */
      readonly reasoning?: string;
      readonly bill: RawBill | null;
    }
  | { readonly kind: "refused"; readonly reason: string; readonly retry: "never" | "now" }
  | { readonly kind: "refused"; readonly reason: string; readonly retry: "later"; readonly askedMs: number | null }
  | {
      readonly kind: "broken";
      readonly reason: string;
      readonly cause: "cut" | "stalled" | "malformed" | "overBound" | "cancelled" | "failed";
      readonly partial: ModelAnswer & { readonly reasoning: string };
      readonly silentMs: number;
      readonly bill: RawBill | null;
    };

/** One attempt at a model call over the wire; never retries, never throws for what a provider may do. */
export interface Model {
  stream(
    request: ModelRequest,
    onDelta: (channel: "text" | "reasoning", text: string) => void,
    signal: AbortSignal,
  ): Promise<ModelResult>;
}

export interface TokenCounter {
  /** Whether `count` answers at once; before that `bound` is at hand. */
  readonly ready: boolean;
  /** Tokens of each text, in order. Waits for the tokenizer; falls back to `bound` if it cannot run. */
  count(texts: readonly string[]): Promise<readonly number[]>;
  /** The UTF-8 length: no byte-level tokenizer makes more tokens than bytes. */
  bound(text: string): number;
}

/** What a tool did, before truncation. `text` may be large; see `fitResult`. */
export interface ToolResult {
  readonly ok: boolean;
  readonly text: string;
  /** How the model reads the rest when `text` is cut, e.g. `read_file {"path":"a.log","from":120}`; by output id if absent. */
  readonly readOn?: (fromLine: number) => string;
  readonly exitCode?: number | null;
  readonly changes?: readonly FileChange[];
  readonly check?: CheckResult | null;
  /** Set by the tool that keeps the plan: the whole of it. */
  readonly plan?: readonly PlanItem[];
  /** Set by the tool that asks for turns. */
  readonly wish?: ExtensionWish;
  /** Set by the finishing tool: ends the run as done, or as failed when the task was declared infeasible. */
  readonly finished?: { readonly summary: string; readonly infeasible: boolean };
}

export interface ToolContext {
  readonly turn: number;
  readonly callId: string;
  readonly signal: AbortSignal;
  /** Most milliseconds the tool may take; `null` = its own default. */
  readonly timeLeftMs: number | null;
  /** Live output for views. */
  readonly onOutput: (text: string) => void;
}

/** A call whose arguments have been checked: what it is about, what it needs, and how to do it. */
export interface PreparedCall {
  readonly access: ToolAccess;
  readonly subject: string;
  /** The edit to be shown before approval. */
  readonly edit?: ApprovalRequest["edit"];
  /** Whether an edit may make code run that nobody approved, as one of the editor's own tasks may. */
  readonly runsCode?: boolean;
  run(context: ToolContext): Promise<ToolResult>;
}

/** A tool: what the model is told, and a guard that turns raw arguments into a prepared call or a clear complaint. */
export interface Tool {
  readonly spec: ToolSpec;
  prepare(args: unknown): Promise<PreparedCall | { readonly complaint: string }>;
  /**
   * Of the tool that ends the run: what speaks against ending it now, in words for the model; `null` = nothing. Asked as
   * well when the model would end it by a text without a call.
   */
  objection?(): Promise<string | null>;
}

/** Full texts of tool results that were cut, readable later by id and line range. */
export interface OutputStore {
  save(callId: string, text: string): string;
}

export type Amounts = { readonly usd: NanoUsd | null; readonly tokens: number };

/** The budgets a reservation must fit in. Period scopes are shared by all windows and processes. */
export interface Scope {
  readonly id: string;
  readonly kind: "run" | "day" | "week" | "month";
  readonly capUsd: NanoUsd | null;
  readonly capTokens: number | null;
  /** What is known to be spent already, for books that have lost it; never lowers what they hold. */
  readonly settled?: { readonly usd: NanoUsd; readonly tokens: number };
}

export interface ScopeBalance extends Scope {
  readonly settledUsd: NanoUsd;
  readonly settledTokens: number;
  readonly reservedUsd: NanoUsd;
  readonly reservedTokens: number;
}

export interface ReservationRequest {
  readonly id: string;
  readonly runId: string;
  readonly turn: number;
  readonly attempt: number;
  readonly purpose: CallPurpose;
  readonly scopes: readonly string[];
  readonly worst: Amounts;
  readonly maxOutput: number;
  readonly inputUpper: number;
}

/** What is written when a reservation ends; `usd: null` = unknown. */
export interface Settlement {
  readonly usage: Usage;
  readonly usd: NanoUsd | null;
  readonly tokens: number;
  readonly provenance: Provenance;
  /** The price row as JSON text, or `null`. */
  readonly price: string | null;
}

/**
 * The books, shared by everything that spends. `reserve` is atomic over all its scopes: it either holds the amounts in
 * every one or answers with the scope that has no room. A settled reservation never comes back.
 */
export interface Books {
  openScope(scope: Scope): Promise<void>;
  balances(scopeIds: readonly string[]): Promise<readonly ScopeBalance[]>;
  reserve(request: ReservationRequest): Promise<{ readonly ok: true } | { readonly ok: false; readonly scope: ScopeBalance }>;
  settle(reservationId: string, settlement: Settlement): Promise<void>;
  release(reservationId: string, reason: string): Promise<void>;
  /** The learned ratio of reported to counted input tokens of a model, and a new observation of it. */
  inputFactor(modelId: string): Promise<number | null>;
  observeInput(modelId: string, ratio: number): Promise<void>;
}

/** What becomes of a used-up limit: so many more turns, the hand-off, or an end at once. */
export type ExtensionAnswer =
  | { readonly kind: "extend"; readonly turns: number }
  | { readonly kind: "land" }
  | { readonly kind: "stop" };

/** Asks whoever started the run. Headless runs answer without a person. */
export interface Approver {
  approve(request: ApprovalRequest, signal: AbortSignal): Promise<{ readonly allowed: boolean; readonly note?: string }>;
  extend(question: { readonly limit: number; readonly chunk: number }, signal: AbortSignal): Promise<ExtensionAnswer>;
}
