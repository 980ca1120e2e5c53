import type { NanoUsd } from "./money";
import type { PriceRow } from "./pricing";

/** Hard limits of a run. `null` = no cap, `0` = nothing may be spent. */
export interface Caps {
  readonly turns: number | null;
  readonly usd: NanoUsd | null;
  /** Fresh input + cache writes + output; cached re-reads do not count. */
  readonly tokens: number | null;
  readonly minutes: number | null;
}

export const NO_CAPS: Caps = { turns: null, usd: null, tokens: null, minutes: null };

export type Unit = keyof Caps;
export const UNITS: readonly Unit[] = ["turns", "usd", "tokens", "minutes"];

/** Share of each cap at which its figure turns to warning, 0..1. */
export type WarnLevels = { readonly [unit in Unit]: number };

/** How often the model is told what is left: every turn, in the last `n` turns, or never. */
export type Cadence = { readonly kind: "every" } | { readonly kind: "last"; readonly turns: number } | { readonly kind: "off" };

export type PolicySettings =
  | { readonly kind: "unrestricted"; readonly cadence: Cadence }
  | { readonly kind: "fixed"; readonly maxTurns: number; readonly cadence: Cadence }
  | {
      readonly kind: "dynamic";
      /** `published`: one blind extension, as in arXiv 2510.16786; `evidence`: chunks, each earned by progress. */
      readonly preset: "evidence" | "published";
      readonly baseTurns: number;
      readonly hardTurns: number;
      /**
       * At a limit: extend on evidence, else land; extend on evidence, else ask the user; or ask them in any case. Only
       * `evidence` asks.
       */
      readonly onLimit: "land" | "ask" | "askAlways";
      readonly cadence: Cadence;
    };

/**
 * What the agent may do without asking. `readOnly`: nothing but reading; `edits`/`all`: headless, the rest is refused;
 * `ask`, `autoEdit`, `autoAll`: interactive, what is not automatic is asked.
 */
export type ApprovalMode = "readOnly" | "edits" | "all" | "ask" | "autoEdit" | "autoAll";

export interface ModelRef {
  readonly id: string;
  /** Endpoint the model is served from; `null` = the client's default. */
  readonly baseUrl: string | null;
  /** Thinking counts inside the output limit, which therefore has a higher floor. */
  readonly reasoning: boolean;
  /** Most tokens one answer may have and most tokens a prompt may have, where known. */
  readonly maxOutput: number | null;
  readonly contextWindow: number | null;
}

/** Everything a run is started with; frozen for its whole life, except caps, which change by an event. */
export interface RunConfig {
  readonly runId: string;
  readonly task: string;
  /** Name and identity of the workspace: its folder name, and its absolute path. */
  readonly project: { readonly name: string; readonly path: string };
  readonly model: ModelRef;
  /** `null` = no price known. A dollar cap then refuses to start. */
  readonly price: PriceRow | null;
  readonly policy: PolicySettings;
  readonly caps: Caps;
  readonly warn: WarnLevels;
  readonly approval: ApprovalMode;
  /** Most output tokens asked for in one call, before any clamp. */
  readonly requestedOutput: number;
}

/** Whether the money is play money. */
export function isDemo(config: Pick<RunConfig, "price">): boolean {
  return config.price?.source === "demo";
}
