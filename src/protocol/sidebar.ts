/**
 * What the sidebar shows, as plain data with its text already made (`present/` makes it, the page only draws it), and
 * what passes between page and host. The host sends the whole model each time: it is small, and a page that reloads
 * needs nothing else.
 */

/** A figure in words, with a mark and a tooltip that say where it comes from. */
export interface Figure {
  readonly text: string;
  readonly mark: "" | "≈" | "?" | "demo";
  readonly title: string;
}

/** One of the four units: `share` used 0..1 of the cap, `null` when there is no cap. */
export interface UnitModel {
  readonly unit: "turns" | "usd" | "tokens" | "minutes";
  readonly used: string;
  readonly of: string;
  readonly share: number | null;
  readonly level: "ok" | "warn" | "stop";
  readonly title: string;
}

/** Shares of the binding cap, summing to 1: settled, reserved for the call in flight, free, held back for landing. */
export interface MeterModel {
  readonly settled: number;
  readonly reserved: number;
  readonly free: number;
  readonly landing: number;
  readonly level: "ok" | "warn" | "stop";
  readonly title: string;
}

/** Relative sizes of a step's stacked bar; in dollars where a price is known, else in tokens. */
export interface BarModel {
  readonly cacheRead: number;
  readonly fresh: number;
  readonly written: number;
  readonly output: number;
  readonly reasoning: number;
}

export interface CallModel {
  readonly callId: string;
  readonly tool: string;
  readonly verb: string;
  readonly subject: string;
  readonly state: "running" | "ok" | "failed";
  /** e.g. `2 failing`, `exit 1`, `1,730 tokens`, `1.9 s`. */
  readonly facts: readonly string[];
  readonly changes: readonly {
    readonly path: string;
    readonly added: number;
    readonly removed: number;
    readonly diff: boolean;
  }[];
}

export interface StepModel {
  readonly turn: number;
  readonly purpose: "turn" | "landing";
  readonly calls: readonly CallModel[];
  /** First line of what the model said; the whole in the details. */
  readonly says: string;
  readonly cost: Figure;
  readonly running: Figure;
  readonly seconds: string;
  readonly bar: BarModel;
  /** Height of the step in the chart, relative to the dearest step: 0..1. */
  readonly height: number;
  readonly marks: readonly ("retry" | "hint" | "extended" | "estimated" | "overrun" | "checkPassed" | "checkFailed")[];
  readonly live: boolean;
}

/** What an expanded row shows; sent on request, so that the model stays small. */
export interface StepDetail {
  readonly turn: number;
  readonly text: string;
  readonly tail: string | null;
  readonly hint: string | null;
  readonly tokens: readonly { readonly label: string; readonly value: string }[];
  readonly plan: string;
  readonly retries: readonly string[];
  readonly calls: readonly { readonly callId: string; readonly result: string; readonly truncated: boolean }[];
}

export type QuestionModel =
  | {
      readonly kind: "approval";
      readonly callId: string;
      readonly access: "edit" | "command";
      readonly title: string;
      readonly subject: string;
      readonly diff: boolean;
    }
  | {
      readonly kind: "extension";
      readonly title: string;
      readonly chunk: number;
      readonly progress: readonly string[];
      readonly against: readonly string[];
      readonly price: string;
    };

/** What runs are started with, as chosen in the composer; `null` caps are none. */
export interface ComposerChoice {
  readonly policy: "unrestricted" | "fixed" | "dynamic";
  readonly preset: "evidence" | "published";
  readonly turns: number | null;
  readonly usd: number | null;
  readonly tokens: number | null;
  readonly minutes: number | null;
  readonly model: string;
  readonly approval: "ask" | "autoEdit" | "autoAll";
}

export interface ComposerModel {
  readonly choice: ComposerChoice;
  readonly models: readonly { readonly id: string; readonly label: string }[];
  /** "Cannot bill more than $0.50 …", said before the start. */
  readonly bound: string;
  /** Why a run cannot start, with the command that mends it; `null` when it can. */
  readonly blocked: { readonly text: string; readonly command: string | null; readonly action: string } | null;
  readonly trusted: boolean;
  /** What Send will do: start a run, or go on with the one shown. */
  readonly mode: "start" | "followUp";
}

export interface RunModel {
  readonly runId: string;
  readonly title: string;
  readonly status: string;
  readonly phase: "running" | "landing" | "asking" | "ended";
  readonly level: "ok" | "warn" | "stop";
  readonly demo: boolean;
  readonly meter: MeterModel | null;
  readonly units: readonly UnitModel[];
  readonly forecast: string;
  readonly total: Figure;
  /** Whether heights and bars are dollars or, without a price, tokens. */
  readonly chartUnit: "usd" | "tokens";
  readonly nextAtMost: string | null;
  /** Newest first. */
  readonly steps: readonly StepModel[];
  readonly messages: readonly { readonly beforeTurn: number; readonly text: string }[];
  readonly live: { readonly text: string; readonly reasoning: string; readonly output: string };
  readonly question: QuestionModel | null;
  readonly outcome: { readonly kind: "done" | "stopped" | "failed" | "interrupted"; readonly text: string } | null;
  readonly note: { readonly text: string; readonly facts: readonly string[] } | null;
  readonly warnings: readonly string[];
  /** What the buttons may do now. */
  readonly can: { readonly stop: boolean; readonly land: boolean; readonly extend: boolean; readonly resume: boolean };
}

export interface SidebarModel {
  readonly run: RunModel | null;
  readonly composer: ComposerModel;
  /** The store's trouble, in words; `null` when all is well. */
  readonly degraded: string | null;
}

export type ToSidebar =
  | { readonly kind: "model"; readonly model: SidebarModel }
  | { readonly kind: "detail"; readonly detail: StepDetail }
  | { readonly kind: "focusTask" };

export type FromSidebar =
  | { readonly kind: "ready" }
  | { readonly kind: "start"; readonly task: string; readonly choice: ComposerChoice }
  | { readonly kind: "followUp"; readonly text: string; readonly choice: ComposerChoice }
  | { readonly kind: "choose"; readonly choice: ComposerChoice }
  | { readonly kind: "stop" }
  | { readonly kind: "land" }
  | { readonly kind: "extend"; readonly turns: number | null; readonly usd: number | null }
  | { readonly kind: "resume" }
  | { readonly kind: "newTask" }
  | { readonly kind: "approve"; readonly callId: string; readonly allowed: boolean }
  | { readonly kind: "answerExtension"; readonly answer: "extend" | "land" | "stop" }
  | { readonly kind: "detail"; readonly turn: number }
  | { readonly kind: "openDiff"; readonly callId: string; readonly path: string }
  | { readonly kind: "previewEdit"; readonly callId: string }
  | { readonly kind: "openFile"; readonly path: string }
  | { readonly kind: "command"; readonly command: string };
