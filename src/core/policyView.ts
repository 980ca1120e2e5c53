import type { Warning } from "./agentEvent";
import { landingReserve } from "./ledger";
import { leftOver, type NanoUsd, nano } from "./money";
import type { PolicyView } from "./policy/policy";
import { progressSince } from "./policy/progress";
import { reminderLine, type Standing } from "./policy/reminder";
import { findStuck, type Stuck } from "./policy/stuck";
import { UNITS, type Unit } from "./runConfig";
import { hardLimit, presumedSpent, type RunState } from "./runState";
import { inputTokens } from "./usage";

/** What the policy may know of a run. */
export function policyView(state: RunState): PolicyView {
  const { turns, limit, caps, config, extensions } = state;
  const stuck = stuckNow(state);
  const hard = hardLimit(config.policy, caps.turns);
  return {
    turnsUsed: turns.length,
    limit,
    // The user may extend past the policy's own hard limit; a cap in turns they would have changed with it.
    hard: hard === null || limit === null ? hard : Math.max(hard, limit),
    progress: progressSince(turns, extensions.at(-1)?.turn ?? 0),
    against: stuck.level === "none" ? [] : [stuck.why],
    turnUsd: recentTurnUsd(state),
    freeUsd: freeUsd(state),
  };
}

/** Whether the run is stuck, by the turns since the user last said something. */
export function stuckNow({ turns, messages }: RunState): Stuck {
  return findStuck(turns, messages.at(-1)?.beforeTurn);
}

/** What has come to its warn level and was not warned of yet; a cap that is raised is warned of anew. */
export function dueWarnings(state: RunState, usedMs: number): readonly Warning[] {
  const { caps, limit, totals, turns, config, warnings } = state;
  const spent = presumedSpent(totals);
  const used: { readonly [unit in Unit]: number } = {
    turns: turns.length,
    usd: spent.usd,
    tokens: spent.tokens,
    minutes: usedMs / 60_000,
  };
  return UNITS.flatMap((unit) => {
    const cap = unit === "turns" ? limit : caps[unit];
    const share = config.warn[unit];
    const isDue = cap !== null && cap > 0 && used[unit] >= cap * share;
    return isDue && !warnings.some((one) => one.unit === unit && one.cap === cap) ? [{ unit, cap, share }] : [];
  });
}

/** What a reminder before the next turn speaks of. */
export function reminderFor(state: RunState, usedMs: number): string | null {
  const { turns, limit, caps, totals, config } = state;
  const spent = presumedSpent(totals);
  const standing: Standing = { turnsUsed: turns.length, limit, caps, usedUsd: spent.usd, usedTokens: spent.tokens, usedMs };
  return reminderLine(config.policy, standing);
}

/** Mean of the last three priced turns: what one more is likely to cost. */
function recentTurnUsd(state: RunState): NanoUsd | null {
  const priced = state.turns.flatMap((turn) => turn.usd ?? []).slice(-3);
  if (priced.length === 0) return null;
  return nano(Math.ceil(priced.reduce((sum, usd) => sum + usd, 0) / priced.length));
}

/** Dollars that may go into turns: the cap less what is spent and what is held back for landing. */
function freeUsd(state: RunState): NanoUsd | null {
  const { caps, totals, config, turns } = state;
  if (caps.usd === null) return null;
  const lastPrompt = inputTokens(turns.at(-1)?.usage ?? state.totals.usage);
  const landing = config.price ? landingReserve(config.price, lastPrompt) : nano(0);
  return leftOver(leftOver(caps.usd, presumedSpent(totals).usd), landing);
}
