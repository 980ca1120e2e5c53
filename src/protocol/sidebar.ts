import type { BarModel, BarPart } from "./bars";

/**
 * What the sidebar shows, as plain data with its text already made (`present/` makes it, the page only draws it), and
 * what passes between page and host. The host sends the whole model each time: it is small, and a page that reloads
 * needs nothing else.
 */

/** A figure in words, with a mark and a tooltip that say where it comes from. The text of an unknown one says so itself. */
export interface Figure {
  readonly text: string;
  readonly mark: "" | "≈" | "?" | "demo";
  readonly title: string;
}

/** How near a limit something is: calm, past its warn level, or stopped by it. */
export type Level = "ok" | "warn" | "stop";

/** One of the four units: `share` used 0..1 of the cap, `null` when there is no cap. */
export interface UnitModel {
  readonly unit: "turns" | "usd" | "tokens" | "minutes";
  readonly used: string;
  readonly of: string;
  readonly share: number | null;
  readonly level: Level;
  /** Whether this is the unit with the largest share used: the one the meter shows. */
  readonly binding: boolean;
  readonly title: string;
}

/** One part of the meter, with its size as a share of the cap and its amount in words. */
export interface MeterPart {
  readonly share: number;
  readonly text: string;
}

/** The binding cap cut in four: settled, reserved for the call in flight, free, held back for landing. Shares sum to 1. */
export interface MeterModel {
  readonly unit: UnitModel["unit"];
  readonly settled: MeterPart;
  readonly reserved: MeterPart;
  readonly free: MeterPart;
  readonly landing: MeterPart;
  /** Where the run will likely end: shares of the cap between which eight of ten such runs do; `null` = nobody can tell. */
  readonly likely: { readonly from: number; readonly middle: number; readonly to: number } | null;
  /** Share of the cap from which its figure warns. */
  readonly warnAt: number;
  readonly level: Level;
  readonly title: string;
}

export interface CallModel {
  readonly callId: string;
  readonly verb: string;
  readonly subject: string;
  /** A path may be cut in its middle, a command only at its end. */
  readonly about: "path" | "command" | "words";
  readonly state: "running" | "ok" | "failed";
  /** What came of it, where there is a verdict: `passed`, `2 failing`, `exit 1`. */
  readonly verdict: string | null;
  /** What else there is to say, e.g. `1,730 tokens`, `1.9 s`. */
  readonly facts: readonly string[];
  readonly changes: readonly {
    readonly path: string;
    readonly added: number;
    readonly removed: number;
    readonly diff: boolean;
  }[];
}

export type StepMark = "retry" | "hint" | "extended" | "estimated" | "overrun" | "checkPassed" | "checkFailed";

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
  /** The bar in words: what each part cost. */
  readonly barTitle: string;
  /** Height of the step in the chart, relative to the dearest step: 0..1. */
  readonly height: number;
  readonly marks: readonly StepMark[];
  readonly live: boolean;
}

/** What an expanded row shows; sent on request, so that the model stays small. */
export interface StepDetail {
  readonly turn: number;
  readonly text: string;
  /** The reminder or landing instruction that was sent. */
  readonly tail: string | null;
  readonly hint: string | null;
  /** The bill of the step, line by line; `usd` is empty where no price is known. */
  readonly tokens: readonly { readonly part: BarPart; readonly label: string; readonly value: string; readonly usd: string }[];
  readonly total: Figure;
  /** What was held back before the call was sent, and how much of it was used. */
  readonly plan: string;
  readonly retries: readonly string[];
  readonly calls: readonly {
    readonly callId: string;
    readonly result: string;
    readonly facts: readonly string[];
  }[];
}

/** A line of a short diff: unchanged, removed, added, or a gap between two places. */
export interface DiffLine {
  readonly kind: "same" | "removed" | "added" | "gap";
  readonly text: string;
}

export type QuestionModel =
  | {
      readonly kind: "approval";
      readonly callId: string;
      readonly access: "read" | "edit" | "command";
      readonly title: string;
      readonly subject: string;
      readonly diff: boolean;
      /** The change in short; empty for commands, and for changes that are too large to show here. */
      readonly preview: readonly DiffLine[];
      /** e.g. `+6 −2`, `new file`. */
      readonly facts: readonly string[];
    }
  | {
      readonly kind: "extension";
      readonly title: string;
      readonly text: string;
      /** The run repeats itself, and the question is whether to go on at all: landing is what is advised. */
      readonly stuck: boolean;
      /** The button that goes on: `Extend +9`. */
      readonly grant: string;
      readonly progress: readonly string[];
      readonly against: readonly string[];
      readonly price: string;
      /** How likely it is to finish within the turns in question. */
      readonly chance: string;
      /** What the agent asked for, and its own words. */
      readonly wish: { readonly asks: string; readonly words: string } | null;
    };

/**
 * What runs are started with, as chosen in the composer; `null` caps are none. `turns` is the number of a fixed policy
 * and a cap on the others; what a dynamic one starts with and may reach below it comes from settings or earlier runs.
 */
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

/** What is likely still to come, or before a start what is likely to be taken. */
export interface ForecastModel {
  readonly text: string;
  /** How likely it is that the limits are enough; empty when nothing is limited or nobody can tell. */
  readonly chance: string;
  /** The limits are more likely too low than not. */
  readonly tight: boolean;
  /** What it rests on. */
  readonly title: string;
}

/** The agent's plan: in one line, and in full. */
export interface PlanModel {
  /** `2/5`. */
  readonly count: string;
  /** The item that comes next. */
  readonly next: string;
  readonly items: readonly { readonly text: string; readonly done: boolean }[];
}

/** Something that was decided between two steps. */
export interface DecisionModel {
  readonly afterTurn: number;
  readonly kind: "extended" | "kept" | "fresh";
  readonly title: string;
  /** The reasons; empty when there are none to tell. */
  readonly text: string;
  /** e.g. `about $0.08`. */
  readonly facts: readonly string[];
}

/** What a run that did not finish left for whoever goes on with it. */
export interface NoteModel {
  /** In the model's words: by sections, or in one without a title. */
  readonly sections: readonly { readonly title: string; readonly text: string }[];
  /** What needs no model: files changed, the last check, what is open of the plan, commands that check the work. */
  readonly files: readonly string[];
  readonly moreFiles: string;
  readonly check: { readonly text: string; readonly passed: boolean } | null;
  readonly open: readonly string[];
  readonly commands: readonly string[];
}

/** A way to go on with a run that ended. `null` = whichever is cheaper then. */
export interface ResumeOption {
  readonly segment: "same" | "fresh" | null;
  readonly label: string;
  /** The same for a run whose limits are raised on the way. */
  readonly extendLabel: string;
  readonly title: string;
}

/** A better state that the run has seen, and what brings it back. */
export interface BestModel {
  readonly text: string;
  readonly action: string;
  readonly title: string;
}

/** Something in the way, with the command that mends it and that command's name on a button; `null` when the user mends it in place. */
export interface Hindrance {
  readonly text: string;
  readonly command: string | null;
  readonly action: string;
}

export interface ComposerModel {
  readonly choice: ComposerChoice;
  /** Number of the page's newest change that `choice` answers; later ones the page shows by itself until then. */
  readonly revision: number;
  /** `label` holds the id and the price in short. */
  readonly models: readonly { readonly id: string; readonly label: string; readonly title: string }[];
  /** The limits in short, e.g. `$0.50 · 40–80 turns`, and in a sentence. */
  readonly limits: string;
  /** The turns that apply while none are chosen: `60`, `no limit`. */
  readonly turnsNone: string;
  /** What the fixed policy begins with when it is chosen. */
  readonly fixedTurns: number;
  readonly policyNote: string;
  /** "Cannot bill more than $0.50 …", said before the start. */
  readonly bound: string;
  /** What it is likely to take; `null` when past runs say nothing, and for a run that goes on. */
  readonly forecast: ForecastModel | null;
  /** Why nothing can be sent; `null` when it can. */
  readonly blocked: Hindrance | null;
  /** What is worth saying before something is sent, which may be tried all the same. */
  readonly notice: Hindrance | null;
  /** A run is about to begin. */
  readonly starting: boolean;
  readonly trusted: boolean;
  /** What Send will do: start a run, or go on with the one shown. */
  readonly mode: "start" | "followUp";
}

/** Amounts to add to limits; `null` leaves a limit as it is. */
export interface Extension {
  readonly turns: number | null;
  readonly usd: number | null;
  readonly tokens: number | null;
  readonly minutes: number | null;
}

export interface RunModel {
  readonly runId: string;
  readonly title: string;
  readonly status: string;
  /** `elsewhere`: it goes on in another window, and can only be looked at here. */
  readonly phase: "running" | "landing" | "asking" | "ended" | "elsewhere";
  /** What the user asked for while the present step goes on; `null` = nothing. */
  readonly ending: "landing" | "stopping" | null;
  readonly level: Level;
  readonly demo: boolean;
  /** What the run is under, e.g. model with price, policy, approval, time of the start. */
  readonly about: readonly string[];
  readonly meter: MeterModel | null;
  readonly units: readonly UnitModel[];
  /** `null` for a run that has ended. */
  readonly forecast: ForecastModel | null;
  readonly bound: string;
  /** Whether heights and bars are dollars or, without a price, tokens. */
  readonly chartUnit: "usd" | "tokens";
  /** The height of the tallest bar, in words; empty while there is none. */
  readonly chartTop: string;
  readonly nextAtMost: string | null;
  /** Newest first. */
  readonly steps: readonly StepModel[];
  readonly messages: readonly { readonly beforeTurn: number; readonly text: string }[];
  /** Newest first. */
  readonly decisions: readonly DecisionModel[];
  readonly plan: PlanModel | null;
  readonly live: { readonly text: string; readonly reasoning: string; readonly output: string };
  readonly question: QuestionModel | null;
  readonly outcome: {
    readonly kind: "done" | "stopped" | "infeasible" | "failed" | "interrupted";
    readonly title: string;
    readonly text: string;
  } | null;
  readonly note: NoteModel | null;
  /** Ways to go on with a run that ended unfinished, the cheaper first. */
  readonly resume: readonly ResumeOption[];
  readonly best: BestModel | null;
  readonly warnings: readonly string[];
  /** What the buttons may do now. */
  readonly can: { readonly stop: boolean; readonly land: boolean; readonly extend: boolean; readonly resume: boolean };
  /** What an extension would add if the user changes nothing. */
  readonly extendBy: Extension;
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
  /** The keyboard is wanted here: at the open question, else in the task, else at what can be done. */
  | { readonly kind: "focus" }
  /** A message of the page was not understood and is without effect. */
  | { readonly kind: "rejected" };

export type FromSidebar =
  | { readonly kind: "ready" }
  | { readonly kind: "start"; readonly task: string; readonly choice: ComposerChoice }
  /** `runId` here and below: of the run that the page shows. Meant for another one, it is void. */
  | { readonly kind: "followUp"; readonly runId: string; readonly text: string; readonly choice: ComposerChoice }
  /** Changes are numbered upwards, so that the page knows which of them the host's choice holds. */
  | {
      readonly kind: "choose";
      readonly runId: string | null;
      readonly revision: number;
      readonly change: Partial<ComposerChoice>;
    }
  | { readonly kind: "stop" }
  | { readonly kind: "land" }
  /** `segment`: how a run that has ended goes on; `null` = whichever way is cheaper. */
  | ({ readonly kind: "extend"; readonly runId: string; readonly segment: ResumeOption["segment"] } & Extension)
  | { readonly kind: "resume"; readonly runId: string; readonly segment: ResumeOption["segment"] }
  /** Sets the files back to the best state that the run has seen; the host asks first. */
  | { readonly kind: "setBack"; readonly runId: string }
  | { readonly kind: "newTask" }
  | { readonly kind: "approve"; readonly callId: string; readonly allowed: boolean }
  | { readonly kind: "answerExtension"; readonly answer: "extend" | "land" | "stop" }
  | { readonly kind: "detail"; readonly turn: number }
  | { readonly kind: "openDiff"; readonly callId: string; readonly path: string }
  | { readonly kind: "previewEdit"; readonly callId: string }
  | { readonly kind: "openFile"; readonly path: string }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "command"; readonly command: string };
