import { nano } from "../core/money";
import { isDemo, type Unit } from "../core/runConfig";
import { hardLimit, type RunState } from "../core/runState";
import { inputTokens } from "../core/usage";
import type { MeterModel, UnitModel } from "../protocol/sidebar";
import { bindingUse, type UnitUse } from "./budget";
import { figureText, sumFigure } from "./figures";
import {
  formatCap,
  formatClock,
  formatNumber,
  formatShare,
  formatTokenCap,
  formatTokens,
  formatUsd,
  type Rounding,
} from "./format";

/** The four figures under the meter. */
export function unitModels(state: RunState, uses: readonly UnitUse[]): readonly UnitModel[] {
  const binding = bindingUse(uses);
  return uses.map((use) => ({
    unit: use.unit,
    used: usedText(state, use),
    of: ofText(state, use),
    share: use.share === null ? null : Math.min(1, use.share),
    level: use.level,
    binding: use === binding,
    title: unitTitle(state, use),
  }));
}

/** The binding cap cut in four; `null` when nothing is capped. */
export function meterModel(state: RunState, uses: readonly UnitUse[]): MeterModel | null {
  const use = bindingUse(uses);
  if (use === null || use.cap === null) return null;
  // The turn in flight is used up already and shown as in flight; of the other units the reservation comes on top.
  const settled = use.unit === "turns" ? use.used - use.reserved : use.used;
  const shares = cut([settled, use.reserved, use.landing], use.cap);
  const free = Math.max(0, use.cap - settled - use.reserved - use.landing);
  const part = (share: number, amount: number, rounding: Rounding) => ({ share, text: unitText(use.unit, amount, rounding) });
  const meter = {
    settled: part(shares[0], settled, "nearest"),
    reserved: part(shares[1], use.reserved, "up"),
    landing: part(shares[2], use.landing, "up"),
    free: part(Math.max(0, 1 - shares[0] - shares[1] - shares[2]), free, "down"),
  };
  const held = use.reserved > 0 ? `${meter.reserved.text} reserved for the call in flight, ` : "";
  const landing = use.landing > 0 ? `, ${meter.landing.text} kept for the landing` : "";
  const title = `${NAMES[use.unit]}: ${meter.settled.text} used, ${held}${meter.free.text} free${landing}, of ${capText(use.unit, use.cap)}`;
  const likely = likelyEnd(state, use.unit, settled, use.cap);
  return { unit: use.unit, ...meter, likely, warnAt: state.config.warn[use.unit], level: use.level, title };
}

/** The forecast laid beside a cap that it speaks of; past the end of the cap there is nothing to show. */
function likelyEnd({ outlook, outcome }: RunState, unit: Unit, used: number, cap: number): MeterModel["likely"] {
  const left = unit === "turns" ? outlook?.turnsLeft : unit === "usd" ? outlook?.usdLeft : null;
  if (!left || outcome !== null || used + left.p10 >= cap) return null;
  const at = (more: number) => Math.min(1, (used + more) / cap);
  return { from: at(left.p10), middle: at(left.p50), to: at(left.p90) };
}

export const NAMES: { readonly [unit in Unit]: string } = { turns: "turns", usd: "dollars", tokens: "tokens", minutes: "time" };

export function capText(unit: Unit, cap: number): string {
  switch (unit) {
    case "turns":
      return `${formatNumber(cap)} turns`;
    case "usd":
      return formatCap(nano(cap));
    case "tokens":
      return `${formatTokenCap(cap)} tokens`;
    case "minutes":
      return `${formatNumber(cap / 60_000)} min`;
  }
}

export function usedText(state: RunState, use: UnitUse): string {
  switch (use.unit) {
    case "turns":
      return formatNumber(use.used);
    case "usd":
      return figureText(sumFigure(state.totals, isDemo(state.config)));
    case "tokens":
      return formatTokens(use.used);
    case "minutes":
      return formatClock(use.used);
  }
}

function ofText(state: RunState, use: UnitUse): string {
  if (use.cap !== null) return `of ${capText(use.unit, use.cap)}${use.unit === "usd" && isDemo(state.config) ? " demo" : ""}`;
  if (use.unit === "usd") return isDemo(state.config) ? "demo, no cap" : "no cap";
  return use.unit === "minutes" ? "min, no cap" : `${use.unit}, no cap`;
}

function unitTitle(state: RunState, use: UnitUse): string {
  const used = use.share === null ? "" : `${formatShare(use.share)} used; `;
  switch (use.unit) {
    case "turns": {
      const hard = hardLimit(state.config.policy, state.caps.turns);
      const more = hard !== null && use.cap !== null && hard > use.cap ? `may grow to ${hard}` : "one is kept for the landing";
      return use.cap === null ? "turns: no limit" : `turns: ${used}${more}`;
    }
    case "usd":
      return `dollars: ${used}${sumFigure(state.totals, isDemo(state.config)).title}`;
    case "tokens": {
      const { usage } = state.totals;
      const cached = `${formatTokens(usage.cacheRead)} of ${formatTokens(inputTokens(usage))} input came from the cache and does not count`;
      return `tokens: ${used}fresh input, cache writes and output; ${cached}`;
    }
    case "minutes":
      return `time: ${used}waiting for you does not count`;
  }
}

function unitText(unit: Unit, amount: number, rounding: Rounding): string {
  switch (unit) {
    case "turns":
      return formatNumber(amount);
    case "usd":
      return formatUsd(nano(amount), rounding);
    case "tokens":
      return formatTokens(amount);
    case "minutes":
      return formatClock(amount);
  }
}

/** Shares of a cap, each cut off where the cap ends. */
function cut(amounts: readonly [number, number, number], cap: number): readonly [number, number, number] {
  let left = 1;
  const take = (amount: number) => {
    const share = cap === 0 ? 0 : Math.min(left, amount / cap);
    left -= share;
    return share;
  };
  return [take(amounts[0]), take(amounts[1]), take(amounts[2])];
}
