import type { Forecast, Quantiles } from "../core/forecast/forecast";
import type { NanoUsd } from "../core/money";
import type { Caps } from "../core/runConfig";
import type { RunState } from "../core/runState";
import type { ForecastModel } from "../protocol/sidebar";
import { formatCount, formatLikely, formatNumber, formatShare } from "./format";

/** What is likely, in words. It rests on past runs alone, and says on how many. */

export const NO_FORECAST: ForecastModel = {
  text: "No forecast yet: too few past runs",
  chance: "",
  tight: false,
  title: "Past runs of this model tell how many turns and dollars one still takes; there are too few of them.",
};

/** `Likely 6 more turns (3–14), $0.041 · 71 % within the limits`. While more turns are in question, nothing is said of the limits. */
export function outlookModel({ outlook, question }: Pick<RunState, "outlook" | "question">): ForecastModel {
  if (outlook === null) return NO_FORECAST;
  const { turnsLeft, usdLeft, n } = outlook;
  const chance = question?.kind === "extension" ? null : outlook.chance;
  const tight = chance !== null && chance < 0.5;
  const most = tight ? ": most such runs need more" : "";
  return {
    text: `Likely ${formatCount(least(turnsLeft.p50), "more turn")}${range(turnsLeft)}${usdLeft ? `, ${formatLikely(usdLeft.p50)}` : ""}`,
    chance: chance === null ? "" : `${formatShare(chance)} within the limits${most}`,
    tight,
    title: `From ${formatCount(n, "past run")} that had come as far. ${spread(turnsLeft, usdLeft, "more turns")}`,
  };
}

/** The same in a line of text. */
export function outlookWords(state: Pick<RunState, "outlook" | "question">): string {
  const { text, chance } = outlookModel(state);
  const from = state.outlook ? [`from ${formatCount(state.outlook.n, "past run")}`] : [];
  return [text, ...(chance === "" ? [] : [chance]), ...from].join(" · ");
}

/** Before a start: the middle of past runs and their long end, beside what is allowed. `turns`: the most that the policy grants by itself. */
export function startForecast(forecast: Forecast | null, turns: number | null, caps: Caps): ForecastModel | null {
  if (forecast === null) return null;
  const { turnsLeft, usdLeft, n } = forecast;
  const tight = (turns !== null && turnsLeft.p50 > turns) || (caps.usd !== null && usdLeft !== null && usdLeft.p50 > caps.usd);
  const likely = `Likely ${formatCount(least(turnsLeft.p50), "turn")}${usdLeft ? `, ${formatLikely(usdLeft.p50)}` : ""}`;
  const long = `1 in 10 takes more than ${formatCount(Math.ceil(turnsLeft.p90), "turn")}${usdLeft ? `, ${formatLikely(usdLeft.p90)}` : ""}`;
  return {
    text: `${likely}; ${long}.`,
    chance: tight ? "Half of such runs need more than these limits." : "",
    tight,
    title: `From ${formatCount(n, "past run")}, whatever the task was. ${spread(turnsLeft, usdLeft, "turns")}`,
  };
}

/** A run that goes on takes at least one more turn. */
function least(turns: number): number {
  return Math.max(1, Math.round(turns));
}

function range({ p10, p90 }: Quantiles): string {
  const [from, to] = [Math.max(1, Math.floor(p10)), Math.max(1, Math.ceil(p90))];
  return from === to ? "" : ` (${formatNumber(from)}–${formatNumber(to)})`;
}

function spread(turns: Quantiles, usd: Quantiles<NanoUsd> | null, unit: string): string {
  const from = formatNumber(Math.max(1, Math.floor(turns.p10)));
  const dollars = usd ? ` and ${formatLikely(usd.p10)} to ${formatLikely(usd.p90)}` : "";
  return `Eight in ten take ${from} to ${formatNumber(Math.max(1, Math.ceil(turns.p90)))} ${unit}${dollars}.`;
}
