import type { Figure, RunModel, StepDetail } from "./sidebar";

/** The history page: a plain list of past runs, and one of them opened with all its steps. */
export interface HistoryRow {
  readonly runId: string;
  readonly task: string;
  readonly project: string;
  readonly outcome: { readonly kind: "running" | "done" | "stopped" | "failed" | "interrupted"; readonly text: string };
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

export interface HistoryModel {
  /** Newest first. */
  readonly rows: readonly HistoryRow[];
  readonly summary: readonly { readonly value: Figure; readonly label: string }[];
  /** The opened run; `null` shows the list. */
  readonly opened: RunModel | null;
  readonly degraded: string | null;
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
  | { readonly kind: "continueRun"; readonly runId: string };
