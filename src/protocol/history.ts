import type { Figure, Level, RunModel, StepDetail } from "./sidebar";

/** The history page: a plain list of past runs, and one of them opened with all its steps. */
export interface HistoryRow {
  readonly runId: string;
  readonly task: string;
  readonly project: string;
  /** The agent it was imported from, which left no steps to be opened; empty for our own runs. */
  readonly source: string;
  readonly outcome: {
    readonly kind: "running" | "done" | "stopped" | "infeasible" | "failed" | "interrupted";
    readonly level: Level;
    readonly text: string;
  };
  readonly turns: string;
  readonly model: string;
  readonly cost: Figure;
  /** `of $0.50`; empty without a dollar cap. */
  readonly cap: string;
  /** Share of the dollar cap that was used, 0..1; `null` without one. */
  readonly share: number | null;
  /** The local day as a heading: `Today`, `Yesterday`, `12 Nov`. */
  readonly day: string;
  readonly when: string;
  readonly whenTitle: string;
}

export interface RunList {
  readonly kind: "list";
  /** Newest first. */
  readonly rows: readonly HistoryRow[];
  readonly summary: readonly { readonly value: Figure; readonly label: string }[];
  /** `newest 500 of 812`; `null` when all are there. */
  readonly cut: string | null;
}

/** What the page shows: never more than that is looked up and sent. */
export interface HistoryModel {
  readonly shown: RunList | { readonly kind: "run"; readonly run: RunModel };
  readonly degraded: string | null;
  /** Why this is not the present state of things; `null` when it is. */
  readonly trouble: string | null;
}

export type ToHistory =
  | { readonly kind: "model"; readonly model: HistoryModel }
  | { readonly kind: "detail"; readonly detail: StepDetail };

export type FromHistory =
  | { readonly kind: "ready" }
  | { readonly kind: "open"; readonly runId: string }
  | { readonly kind: "back" }
  | { readonly kind: "detail"; readonly turn: number }
  | { readonly kind: "openDiff"; readonly callId: string; readonly path: string }
  | { readonly kind: "openFile"; readonly path: string }
  | { readonly kind: "copy"; readonly text: string }
  | { readonly kind: "continueRun"; readonly runId: string };
