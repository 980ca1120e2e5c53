import type { Opaque, ToolCall } from "./conversation";
import type { Quantiles } from "./forecast/forecast";
import type { NanoUsd } from "./money";
import type { PriceRow } from "./pricing";
import type { Caps, RunConfig, Unit } from "./runConfig";
import type { Usage } from "./usage";

/** The named ends of a run. `stopped` kept to its budget; `failed` could not go on. */
export type Outcome =
  | { readonly kind: "done"; readonly reason: string }
  | { readonly kind: "stopped"; readonly reason: StopReason }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "interrupted"; readonly reason: string };

export type StopReason = "turns" | "dollars" | "tokens" | "time" | "stuck" | "user";

/**
 * Where a figure in dollars comes from: billed by the provider, computed from a dated price table and reported usage,
 * computed from estimated usage, or not known at all (and then the figure is `null`, never 0).
 */
export type Provenance = "reported" | "priced" | "estimated" | "unknown";

/** One settled model call, billed or presumed billed. */
export interface Charge {
  readonly usage: Usage;
  readonly usd: NanoUsd | null;
  readonly provenance: Provenance;
  /** The price row used; kept beside a provider's own figure too, with what it would have computed. */
  readonly price: PriceRow | null;
  readonly computedUsd: NanoUsd | null;
}

/** What was held back for a call before it was sent. */
export interface Plan {
  /** Output limit sent to the provider, and what would have been asked without a budget. */
  readonly maxOutput: number;
  readonly requestedOutput: number;
  readonly inputUpper: number;
  readonly worstUsd: NanoUsd | null;
  readonly worstTokens: number;
}

export type CallPurpose = "turn" | "landing";

export interface FileChange {
  /** Path relative to the workspace, with forward slashes. */
  readonly path: string;
  readonly added: number;
  readonly removed: number;
  /** Keys of the text before and after in the store; `null` = there was no file, or its text was not kept. */
  readonly before: string | null;
  readonly after: string | null;
  /** Set when there was a text that was not kept, as when it is too large: then a key that is `null` tells nothing. */
  readonly unkept?: true;
}

/** Result of a command recognised as a test or build. `failures: null` = failed, but not counted; of a build they are errors. */
export interface CheckResult {
  readonly command: string;
  readonly passed: boolean;
  readonly failures: number | null;
  /** How many tests passed; `null` = not told, as by a build. Absent in events of older stores, which says the same. */
  readonly passes?: number | null;
}

export type ToolAccess = "read" | "edit" | "command";

export interface ApprovalRequest {
  readonly callId: string;
  readonly tool: string;
  readonly access: ToolAccess;
  /** One line for people: the path, or the exact command line. */
  readonly subject: string;
  /** The change an edit would make, as whole texts; absent for commands. */
  readonly edit?: { readonly path: string; readonly before: string | null; readonly after: string };
}

/** Why a limit was extended, or was not. */
export interface Evidence {
  readonly progress: readonly string[];
  readonly against: readonly string[];
  /** Likely price of the turns in question. */
  readonly chunkUsd: NanoUsd | null;
  /** Probability, 0..1, that the run ends by itself within them, by past runs; `null` = too few of them. */
  readonly chance: number | null;
  /** What the agent asked for since the last grant: its own words, shown to the user, never enough alone. */
  readonly wish: ExtensionWish | null;
}

export interface ExtensionWish {
  readonly turns: number;
  readonly reason: string;
}

/** One line of the plan that the agent keeps. */
export interface PlanItem {
  readonly text: string;
  readonly done: boolean;
}

/** What is likely still to come, by past runs that had come as far. */
export interface Outlook {
  readonly turnsLeft: Quantiles;
  readonly usdLeft: Quantiles<NanoUsd> | null;
  /** Probability, 0..1, that the run ends by itself within what is left of its limits; `null` = nothing is capped. */
  readonly chance: number | null;
  /** Past runs it rests on. */
  readonly n: number;
}

/** Whether a run goes on with its conversation, or with a new one that starts from the task, the note and the diff. */
export type Segment = "same" | "fresh";

/** What going on is expected to cost either way; `null` = not known. */
export type SegmentPrices = { readonly [segment in Segment]: NanoUsd | null };

/**
 * The life of a run. Everything that happens is one of these; state, store and views are made from them alone.
 * `delta`, `toolOutput` and `ending` are for live views and are not stored.
 */
export type AgentEvent =
  | { readonly kind: "started"; readonly config: RunConfig; readonly system: string; readonly tools: string }
  | {
      readonly kind: "resumed";
      readonly caps: Caps;
      readonly limit: number | null;
      /** What the user chose anew. */
      readonly config?: Pick<RunConfig, "approval" | "price" | "model">;
      /** `same` when absent. */
      readonly segment?: Segment;
      readonly prices?: SegmentPrices;
    }
  /** `shown`: what the user wrote of it, where the text holds more. */
  | { readonly kind: "userMessage"; readonly text: string; readonly shown?: string }
  /** Said to the model by the loop itself, after an empty or cut answer. */
  | { readonly kind: "nudged"; readonly text: string }
  | {
      readonly kind: "turnStarted";
      readonly turn: number;
      readonly purpose: CallPurpose;
      /** The line put at the end of the newest message. */
      readonly tail: string | null;
      /** Whether tool results that were not sent yet were left out, because there was no money to send them. */
      readonly withheld: boolean;
    }
  | { readonly kind: "reserved"; readonly turn: number; readonly attempt: number; readonly plan: Plan }
  | { readonly kind: "delta"; readonly turn: number; readonly channel: "text" | "reasoning"; readonly text: string }
  | {
      readonly kind: "charged";
      readonly turn: number;
      readonly attempt: number;
      readonly purpose: CallPurpose;
      readonly charge: Charge;
      /** Time from sending to the last byte. */
      readonly ms: number;
      /** Billed tokens above the reserved bound, if the provider broke it. */
      readonly overrun: { readonly usd: NanoUsd | null; readonly tokens: number } | null;
      /** What the books keep back for a charge that nobody knows, because the process died: its worst case. */
      readonly held?: { readonly usd: NanoUsd | null; readonly tokens: number };
    }
  | { readonly kind: "released"; readonly turn: number; readonly attempt: number; readonly reason: string }
  | {
      readonly kind: "retrying";
      readonly turn: number;
      readonly attempt: number;
      readonly reason: string;
      readonly waitMs: number;
    }
  | {
      readonly kind: "assistant";
      readonly turn: number;
      readonly text: string;
      readonly toolCalls: readonly ToolCall[];
      readonly extra?: Opaque;
    }
  | { readonly kind: "approvalAsked"; readonly turn: number; readonly request: ApprovalRequest }
  | {
      readonly kind: "approvalAnswered";
      readonly turn: number;
      readonly callId: string;
      readonly allowed: boolean;
      /** `stop`: the run was stopped while the question was open. */
      readonly by: "user" | "mode" | "stop";
    }
  | {
      readonly kind: "toolStarted";
      readonly turn: number;
      readonly callId: string;
      readonly tool: string;
      readonly subject: string;
    }
  | { readonly kind: "toolOutput"; readonly turn: number; readonly callId: string; readonly text: string }
  | {
      readonly kind: "toolEnded";
      readonly turn: number;
      readonly callId: string;
      readonly tool: string;
      readonly subject: string;
      readonly ok: boolean;
      /** The result as the model reads it, without reminder. */
      readonly text: string;
      /** `null` = not counted: the tokenizer was still starting, and the text too short to wait for it. */
      readonly resultTokens: number | null;
      readonly truncated: boolean;
      readonly ms: number;
      readonly exitCode: number | null;
      readonly changes: readonly FileChange[];
      readonly check: CheckResult | null;
    }
  | { readonly kind: "planned"; readonly turn: number; readonly items: readonly PlanItem[] }
  | { readonly kind: "extensionWished"; readonly turn: number; readonly wish: ExtensionWish }
  /** After `turn` turns. */
  | { readonly kind: "forecast"; readonly turn: number; readonly outlook: Outlook }
  | { readonly kind: "hinted"; readonly turn: number; readonly text: string }
  | {
      readonly kind: "extended";
      readonly turn: number;
      /** Limits before and after; the same when a run that seemed stuck was told to go on. */
      readonly from: number;
      readonly to: number;
      readonly by: "policy" | "user";
      readonly evidence: Evidence;
    }
  | {
      readonly kind: "extensionAsked";
      readonly turn: number;
      readonly limit: number;
      /** Turns in question; 0 = whether to go on at all, since the run is stuck. */
      readonly chunk: number;
      readonly evidence: Evidence;
    }
  | {
      readonly kind: "extensionRefused";
      readonly turn: number;
      readonly limit: number;
      readonly by: "policy" | "user";
      readonly evidence: Evidence;
    }
  | { readonly kind: "capsChanged"; readonly caps: Caps }
  /** The user wants the run to end: in order after the present step, or now. */
  | { readonly kind: "ending"; readonly how: Ending }
  | { readonly kind: "landing"; readonly turn: number; readonly why: StopReason; readonly unit: Unit | null }
  | { readonly kind: "noted"; readonly note: HandOff }
  | ({ readonly kind: "warning" } & Warning)
  | { readonly kind: "ended"; readonly outcome: Outcome };

export type Ending = "landing" | "stopping";

/** `share` (0..1) of the cap in this unit is used; `cap` as it stood then: turns, nano-dollars, tokens or minutes. */
export interface Warning {
  readonly unit: Unit;
  readonly cap: number;
  readonly share: number;
}

/** What a run that did not finish leaves to the next one: the model's words, and facts that need no model. */
export interface HandOff {
  /** The model's closing words; empty when there was nothing left to pay for them. */
  readonly text: string;
  readonly changed: readonly string[];
  readonly lastCheck: CheckResult | null;
  /** Commands that checked the work, newest first. */
  readonly commands: readonly string[];
  /** What is open of the plan. */
  readonly open: readonly string[];
}

/** An event with its place and time: `seq` counts from 0 within a run, `at` is Unix time in milliseconds. */
export type StampedEvent = AgentEvent & { readonly seq: number; readonly at: number };
