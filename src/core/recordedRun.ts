import type { NanoUsd } from "./money";

/** What a turn was for, by the tools it called; of several, the one that says most about how far the run is. */
export type TurnAction = (typeof ACTION_WORDS)[number];
export const ACTION_WORDS = ["edit", "check", "command", "read", "search", "plan", "finish", "none", "other"] as const;

/** One model call of a past run with the tools it asked for. `null` = the record does not say, which is not zero. */
export interface RecordedTurn {
  /** Tokens of the whole prompt, cached part included, and of that part. */
  readonly input: number | null;
  readonly cacheRead: number | null;
  /** Tokens of the answer, reasoning included. */
  readonly output: number | null;
  readonly usd: NanoUsd | null;
  readonly action: TurnAction;
  /** Whether a tool of the turn failed. */
  readonly failed: boolean;
  /** Tokens of the results that came back. */
  readonly result: number | null;
  /** Failing checks after the turn, if it ran any that could be counted; 0 = they passed. */
  readonly failures: number | null;
}

/**
 * A past run as calibration, forecast and replay read it: own, imported from another agent, or of a published data set.
 * No text of task, model or tool in it beyond what names it.
 */
export interface RecordedRun {
  /** Unique within its source. */
  readonly id: string;
  /** `turnpike`, the agent it was imported from, or what the data set calls itself. */
  readonly source: string;
  readonly model: string;
  /** Same for tries of one task. */
  readonly task: string;
  /** Path of the workspace; `null` = not known. */
  readonly project: string | null;
  /** The verdict of a later check; `null` = there was none. */
  readonly resolved: boolean | null;
  /** Whether it ended by itself. One that was cut would have taken longer: its length is a lower bound. */
  readonly ended: boolean;
  /** The last turn, from 1, that changed a file of the result. Hindsight: it may score a policy, never steer one. */
  readonly lastEditTurn: number | null;
  /** Unix ms; `null` = not known. */
  readonly startedAt: number | null;
  readonly turns: readonly RecordedTurn[];
}

/** Length of one past run, for calibrating limits. */
export interface PastLength {
  readonly turns: number;
  /** As in `RecordedRun`. */
  readonly ended: boolean;
  readonly model: string;
  /** Whether it ran in this project. */
  readonly here: boolean;
  readonly imported: boolean;
}
