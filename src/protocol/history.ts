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
  /** The local day as a heading: `Today`, `Yesterday`, `12 Nov`; `Undated` if it is not known. */
  readonly day: string;
  /** Empty if it is not known. */
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

/** What a limit would have made of the picked runs. */
export interface LabPoint {
  readonly limit: number;
  /** Shares for the lines, 0..1; `null` = not known. */
  readonly saved: number | null;
  readonly cut: number;
  readonly lost: number | null;
  readonly lostKept: number | null;
  /** The whole of it in a sentence, for screen readers, and figure by figure. */
  readonly text: string;
  readonly figures: readonly { readonly value: string; readonly label: string }[];
  /** The figures of the table, under the heads of `LabModel.heads`. */
  readonly cells: readonly string[];
}

/** One kind of line of the curve, by the field it draws. */
export interface LabLine {
  readonly of: "saved" | "cut" | "lost" | "lostKept";
  readonly label: string;
}

export type LabPolicy = "fixed" | "published" | "evidence";

export interface LabOption {
  readonly value: string;
  readonly label: string;
}

/** The replay lab: picked runs, a policy, and the curve of what each limit would have done. */
export interface LabModel {
  readonly kind: "whatIf";
  readonly picks: readonly LabOption[];
  readonly pick: string;
  readonly policies: readonly (LabOption & { readonly value: LabPolicy })[];
  readonly policy: LabPolicy;
  /** What the policy does with a limit. */
  readonly policyNote: string;
  /** The curve is being worked out; what is shown is of before. */
  readonly working: boolean;
  /** Ascending by limit; empty when there is nothing to draw, and then `nothing` says why. */
  readonly points: readonly LabPoint[];
  readonly nothing: string;
  readonly lines: readonly LabLine[];
  readonly heads: readonly string[];
  /** The limit that this policy gives now, and whether new tasks start under the policy; `null` = none. */
  readonly present: { readonly limit: number; readonly inForce: boolean; readonly label: string } | null;
  /** What these figures rest on, and what they cannot show. */
  readonly notes: readonly string[];
}

/** What the page shows: never more than that is looked up and sent. */
export interface HistoryModel {
  readonly shown: RunList | { readonly kind: "run"; readonly run: RunModel } | LabModel;
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
  | { readonly kind: "continueRun"; readonly runId: string }
  | { readonly kind: "whatIf" }
  | { readonly kind: "labPick"; readonly pick: string }
  | { readonly kind: "labPolicy"; readonly policy: LabPolicy }
  | { readonly kind: "labOpen" }
  | { readonly kind: "useLimit"; readonly policy: LabPolicy; readonly limit: number };
