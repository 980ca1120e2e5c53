import { toDollars, usd } from "../core/money";
import type { TurnPercentiles } from "../core/policy/calibrate";
import type { ApprovalMode, Caps, PolicySettings, Unit } from "../core/runConfig";
import type { RunState } from "../core/runState";
import { LIMITS } from "../protocol/limits";
import type { ComposerChoice, Extension } from "../protocol/sidebar";
import type { Settings } from "./settings";

/** What is chosen before the user chose anything. */
export function defaultChoice(settings: Settings): ComposerChoice {
  const { policy, preset, maxTurns, maxUsd, maxTokens, maxMinutes, model, approval } = settings;
  const turns = policy === "fixed" ? maxTurns : null;
  return { policy, preset, turns, usd: maxUsd, tokens: maxTokens, minutes: maxMinutes, model, approval };
}

/** What a follow-up begins with: the limits that the run has now, in all. */
export function choiceOf(state: RunState, before: ComposerChoice): ComposerChoice {
  const { policy, model } = state.config;
  const { caps } = state;
  return {
    policy: policy.kind,
    preset: policy.kind === "dynamic" ? policy.preset : before.preset,
    turns: state.limit,
    usd: caps.usd === null ? null : toDollars(caps.usd),
    tokens: caps.tokens,
    minutes: caps.minutes,
    model: model.id,
    approval: before.approval,
  };
}

/** The policy of a new run. Limits of a dynamic one that are not set come from what the model's own runs took. */
export function policyOf(choice: ComposerChoice, settings: Settings, typical: TurnPercentiles): PolicySettings {
  const { cadence } = settings;
  switch (choice.policy) {
    case "unrestricted":
      return { kind: "unrestricted", cadence };
    case "fixed":
      return { kind: "fixed", maxTurns: choice.turns ?? settings.maxTurns, cadence };
    case "dynamic": {
      const { preset } = choice;
      const baseTurns = settings.baseTurns || typical.p50;
      const hardTurns = limitOf(preset, settings, typical);
      return { kind: "dynamic", preset, baseTurns, hardTurns, onLimit: settings.onLimit, cadence };
    }
  }
}

/** The limit that a policy gives new runs: a fixed one, or the hard one of a dynamic policy. */
export function limitOf(policy: "fixed" | "evidence" | "published", settings: Settings, typical: TurnPercentiles): number {
  if (policy === "fixed") return settings.maxTurns;
  const { baseTurns, hardTurns } = settings;
  return Math.max(baseTurns || typical.p50, hardTurns || (policy === "published" ? typical.p75 : typical.p90));
}

/** The limit that a policy gives new tasks as they are chosen now; of a policy that is not chosen, what the settings give. */
export function presentLimitOf(
  policy: "fixed" | "evidence" | "published",
  choice: ComposerChoice,
  settings: Settings,
  typical: TurnPercentiles,
): { readonly limit: number; readonly inForce: boolean } {
  const limit = limitOf(policy, settings, typical);
  const inForce = policy === (choice.policy === "dynamic" ? choice.preset : choice.policy);
  if (!inForce || choice.turns === null) return { limit, inForce };
  return { limit: policy === "fixed" ? choice.turns : Math.min(limit, choice.turns), inForce };
}

/** The hard limits of a new run. The turns of the fixed policy are a limit of the policy itself. */
export function capsOf(choice: ComposerChoice): Caps {
  return {
    turns: choice.policy === "fixed" ? null : choice.turns,
    usd: choice.usd === null ? null : usd(choice.usd),
    tokens: choice.tokens,
    minutes: choice.minutes,
  };
}

/** Limits that a run goes on under: caps in all, and turns beyond its present limit. */
export interface NewLimits {
  readonly caps: Caps;
  readonly extraTurns: number;
}

/** The limits of a follow-up, from figures in all. More turns are added to the limit, fewer are a cap below it. */
export function followUpLimits(state: RunState, choice: ComposerChoice): NewLimits {
  const { turns } = choice;
  const caps = { ...capsOf(choice), turns: state.caps.turns };
  if (turns === null || state.limit === null) return { caps: { ...caps, turns }, extraTurns: 0 };
  return turns < state.limit ? { caps: { ...caps, turns }, extraTurns: 0 } : withTurns(state, caps, turns - state.limit);
}

/** The limits after "extend by". A unit without a cap stays without. */
export function extendedLimits({ caps, ...state }: RunState, by: Extension): NewLimits {
  const more = (unit: Unit, cap: number | null) => (cap === null ? null : Math.min(LIMITS[unit].most, cap + (by[unit] ?? 0)));
  const dollars = caps.usd === null || by.usd === null ? null : more("usd", toDollars(caps.usd));
  const raised = {
    ...{ turns: caps.turns, usd: dollars === null ? caps.usd : usd(dollars) },
    ...{ tokens: more("tokens", caps.tokens), minutes: more("minutes", caps.minutes) },
  };
  return withTurns(state, raised, by.turns ?? 0);
}

/** A cap in turns that would stand in the way of added turns moves with them. No limit grows past what can be chosen. */
function withTurns({ limit }: Pick<RunState, "limit">, caps: Caps, added: number): NewLimits {
  const extraTurns = limit === null ? 0 : Math.max(0, Math.min(added, LIMITS.turns.most - limit));
  const reached = (limit ?? 0) + extraTurns;
  return { extraTurns, caps: caps.turns === null ? caps : { ...caps, turns: Math.max(caps.turns, reached) } };
}

/** A workspace that is not trusted may only be read, whatever was chosen. */
export function approvalOf(choice: ComposerChoice, trusted: boolean): ApprovalMode {
  return trusted ? choice.approval : "readOnly";
}
