import type { Evidence, ExtensionWish, StopReason } from "../agentEvent";
import type { NanoUsd } from "../money";
import type { PolicySettings } from "../runConfig";
import { dynamicPolicy } from "./dynamic";
import { untilLimitPolicy } from "./untilLimit";

/** What a policy knows of a run: plain figures, the same for a live run and for a recorded one. */
export interface PolicyView {
  readonly turnsUsed: number;
  /** Present turn limit and the one no extension passes; `null` = none. */
  readonly limit: number | null;
  readonly hard: number | null;
  /** What has come of the turns since the last grant. */
  readonly progress: readonly string[];
  /** What speaks against going on. */
  readonly against: readonly string[];
  /** Whether it repeats itself so often that it must not go on by itself. */
  readonly isStuck: boolean;
  /** Dollars that are free to be spent; `null` = no dollar cap. */
  readonly freeUsd: NanoUsd | null;
  /** What the agent asked for since the limit was last decided on. */
  readonly wish: ExtensionWish | null;
  /** Likely price of so many more turns; `null` when it is not known. */
  priceOf(turns: number): NanoUsd | null;
  /** Probability, 0..1, that the run ends by itself within so many more turns; `null` = too few past runs. */
  chanceIn(turns: number): number | null;
}

export type Decision =
  /** Take a turn. */
  | { readonly kind: "go" }
  /** Raise the limit by `turns` without asking. `note` is told to the model with the reminder. */
  | { readonly kind: "extend"; readonly turns: number; readonly evidence: Evidence; readonly note: string | null }
  /** `chunk` 0: whether to go on at all. */
  | { readonly kind: "ask"; readonly chunk: number; readonly evidence: Evidence }
  | { readonly kind: "land"; readonly why: StopReason; readonly refused: Evidence | null };

/** Decides how many calls a run gets. Pure: the same object drives the live loop and the replay. */
export interface TurnPolicy {
  next(view: PolicyView): Decision;
}

export function createPolicy(settings: PolicySettings): TurnPolicy {
  switch (settings.kind) {
    case "unrestricted":
    case "fixed":
      return untilLimitPolicy();
    case "dynamic":
      return dynamicPolicy(settings);
  }
}
