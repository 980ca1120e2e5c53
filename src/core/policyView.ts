import type { Outlook, Warning } from "./agentEvent";
import type { Forecast } from "./forecast/forecast";
import { landingReserve } from "./ledger";
import { leftOver, type NanoUsd, nano } from "./money";
import type { PolicyView } from "./policy/policy";
import { progressSince } from "./policy/progress";
import { reminderLine, type Standing } from "./policy/reminder";
import { findStuck, type Stuck } from "./policy/stuck";
import { turnsToWork } from "./policy/untilLimit";
import { UNITS, type Unit } from "./runConfig";
import { hardLimit, presumedSpent, type RunState } from "./runState";
import { priceOfTurns } from "./turnPrices";
import { inputTokens } from "./usage";

/** What the policy may know of a run. `forecast`: by past runs, of this run as it stands. */
export function policyView(state: RunState, forecast: Forecast | null): PolicyView {
  const { turns, limit, caps, config, grantedAt, plan, messages } = state;
  const stuck = stuckNow(state);
  const hard = hardLimit(config.policy, caps.turns);
  return {
    turnsUsed: turns.length,
    limit,
    // The user may extend past the policy's own hard limit; a cap in turns they would have changed with it.
    hard: hard === null || limit === null ? hard : Math.max(hard, limit),
    // Worked out only when a policy asks for it, which is at a limit.
    get progress() {
      return progressSince({ turns, plan, words: messages.map(({ text }) => text) }, grantedAt);
    },
    against: stuck.level === "none" ? [] : [stuck.why],
    isStuck: stuck.level === "stop",
    freeUsd: freeUsd(state),
    wish: state.wish,
    priceOf: (more) => priceOfTurns(state, more),
    chanceIn: (more) => forecast?.within(more) ?? null,
  };
}

/** Whether the run is stuck, by the turns since the user last said something, or told it to go on. */
export function stuckNow({ turns, messages, extensions }: RunState): Stuck {
  const toldAt = extensions.findLast((extension) => extension.by === "user")?.turn ?? 0;
  return findStuck(turns, Math.max(messages.at(-1)?.beforeTurn ?? 1, toldAt + 1));
}

/** The forecast as a run's record keeps it. */
export function outlookOf(state: RunState, forecast: Forecast, usedMs: number): Outlook {
  const { turnsLeft, usdLeft, n } = forecast;
  const left = turnsThatFit(state, usedMs);
  return { turnsLeft, usdLeft, n, chance: left === null ? null : forecast.within(left) };
}

/** Turns that what is left has room for, at the pace so far, in whichever unit runs out first; `null` = nothing is capped. */
function turnsThatFit(state: RunState, usedMs: number): number | null {
  const { turns, limit, caps, totals } = state;
  const taken = Math.max(1, turns.length);
  const free = freeUsd(state);
  const fits: number[] = [];
  if (limit !== null) fits.push(turnsToWork(limit) - turns.length);
  if (free !== null) fits.push(turnsFor(state, free) ?? Number.POSITIVE_INFINITY);
  if (caps.tokens !== null) fits.push(share(caps.tokens - presumedSpent(totals).tokens, totals.tokens / taken));
  if (caps.minutes !== null) fits.push(share(caps.minutes * 60_000 - usedMs, usedMs / taken));
  return fits.length === 0 ? null : Math.max(0, Math.floor(Math.min(...fits)));
}

function share(left: number, perTurn: number): number {
  return perTurn === 0 ? Number.POSITIVE_INFINITY : left / perTurn;
}

/** More turns than this are never asked about. */
const MOST_TURNS = 4_096;

/** The most turns whose likely price is within `free`; `null` = nobody knows what one costs. */
function turnsFor(state: RunState, free: NanoUsd): number | null {
  if (priceOfTurns(state, 1) === null) return null;
  let fits = 0;
  for (let step = MOST_TURNS; step >= 1; step /= 2) {
    if ((priceOfTurns(state, fits + step) ?? 0) <= free) fits += step;
  }
  return fits;
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

/** Dollars that may go into turns: the cap less what is spent and what is held back for landing. */
function freeUsd(state: RunState): NanoUsd | null {
  const { caps, totals, config, turns } = state;
  if (caps.usd === null) return null;
  const lastPrompt = inputTokens(turns.at(-1)?.usage ?? state.totals.usage);
  const landing = config.price ? landingReserve(config.price, lastPrompt) : nano(0);
  return leftOver(leftOver(caps.usd, presumedSpent(totals).usd), landing);
}
