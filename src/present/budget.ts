import { UNIT_OF } from "../core/landing";
import { LANDING_OUTPUT, LANDING_TAIL, landingReserve } from "../core/ledger";
import { nano } from "../core/money";
import { UNITS, type Unit } from "../core/runConfig";
import { elapsedMs, landingMs, type RunState } from "../core/runState";
import type { Level } from "../protocol/sidebar";

/** What a run has used of one unit. Amounts are turns, nano-dollars, tokens or milliseconds; `cap` is `null` without one. */
export interface UnitUse {
  readonly unit: Unit;
  /** Settled and, for turns, begun. */
  readonly used: number;
  /** Of a cap, held for the call in flight, and held back for the landing. */
  readonly reserved: number;
  readonly landing: number;
  readonly cap: number | null;
  /** Used share of the cap; a cap of 0 is used up from the start. */
  readonly share: number | null;
  readonly level: Level;
}

/** The four units of a run, in the order in which people think of them. */
export function unitUses(state: RunState, now: number): readonly UnitUse[] {
  return UNITS.map((unit) => {
    const amounts = amountsOf(state, unit, now);
    const share = amounts.cap === null ? null : amounts.cap === 0 ? 1 : amounts.used / amounts.cap;
    return { unit, ...amounts, share, level: levelOf(state, unit, share) };
  });
}

/** The unit with the largest share used: the one that will stop the run if all go on alike. `null` without caps. */
export function bindingUse(uses: readonly UnitUse[]): UnitUse | null {
  let binding: UnitUse | null = null;
  for (const use of uses) if (use.share !== null && use.share > (binding?.share ?? -1)) binding = use;
  return binding;
}

/** The unit whose cap ended a run or is landing it; `null` for other ends. */
export function stoppingUnit(state: RunState): Unit | null {
  const { outcome, landing } = state;
  const reason = outcome?.kind === "stopped" ? outcome.reason : outcome === null ? landing : null;
  return reason && UNIT_OF[reason];
}

function levelOf(state: RunState, unit: Unit, share: number | null): Level {
  if (stoppingUnit(state) === unit || (share !== null && share >= 1)) return "stop";
  return share !== null && share >= state.config.warn[unit] ? "warn" : "ok";
}

function amountsOf(state: RunState, unit: Unit, now: number): Pick<UnitUse, "used" | "reserved" | "landing" | "cap"> {
  const { totals, caps, reserved } = state;
  const keeps = state.phase === "running";
  switch (unit) {
    case "turns":
      return { used: state.turns.length, reserved: reserved ? 1 : 0, landing: keeps ? 1 : 0, cap: state.limit };
    case "usd":
      return { used: totals.usd, reserved: reserved?.worstUsd ?? 0, landing: keeps ? landingUsd(state) : 0, cap: caps.usd };
    case "tokens":
      return {
        used: totals.tokens,
        reserved: reserved?.worstTokens ?? 0,
        landing: keeps ? landingTokens(state) : 0,
        cap: caps.tokens,
      };
    case "minutes": {
      const cap = caps.minutes === null ? null : caps.minutes * 60_000;
      return { used: elapsedMs(state, now), reserved: 0, landing: keeps ? landingMs(caps.minutes) : 0, cap };
    }
  }
}

/** The prompt as last bounded; nothing before the first call. */
function lastPrompt(state: RunState): number | null {
  return state.reserved?.inputUpper ?? state.turns.findLast((turn) => turn.plan !== null)?.plan?.inputUpper ?? null;
}

function landingUsd(state: RunState): number {
  const prompt = lastPrompt(state);
  return prompt === null || state.config.price === null ? nano(0) : landingReserve(state.config.price, prompt);
}

function landingTokens(state: RunState): number {
  const prompt = lastPrompt(state);
  return prompt === null ? 0 : prompt + LANDING_TAIL + LANDING_OUTPUT;
}
