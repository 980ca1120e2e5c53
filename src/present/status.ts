import { LEAST_RUNS } from "../core/policy/calibrate";
import { isDemo, type Unit } from "../core/runConfig";
import type { RunState } from "../core/runState";
import type { Level } from "../protocol/sidebar";
import { bindingUse, stoppingUnit, type UnitUse, unitUses } from "./budget";
import { DEMO_WORDS, priceWords } from "./figures";
import { formatShare, formatUsd } from "./format";
import { capText, meterModel, NAMES, usedText } from "./units";
import { policyWords, statusText, titleOf } from "./words";

/** The status bar item: its text with codicons, its tooltip as Markdown. */
export interface StatusBarModel {
  readonly text: string;
  readonly tooltip: string;
  /** For screen readers, without icons. */
  readonly label: string;
  readonly level: Level;
}

export const FORECAST_PLACEHOLDER = `Forecast after ${LEAST_RUNS} runs of this model`;

/** `forecast` takes the place of the placeholder once there is one. */
export function statusBarModel(state: RunState | null, now: number, forecast: string = FORECAST_PLACEHOLDER): StatusBarModel {
  if (!state) return IDLE;
  const uses = unitUses(state, now);
  const busy = state.phase !== "ended" && state.question === null;
  const icon = state.question ? "$(bell-dot)" : busy ? "$(loading~spin)" : "$(pulse)";
  const figures = [...shownFirst(uses).map((use) => short(state, use)), ...(isDemo(state.config) ? ["demo"] : [])].join(" · ");
  return {
    text: `${icon} ${figures}`,
    tooltip: tooltip(state, uses, forecast),
    label: `Turnpike, ${statusText(state)}: ${figures}`,
    level: runLevel(state, uses),
  };
}

const IDLE: StatusBarModel = {
  text: "$(pulse) Turnpike",
  tooltip: "**Turnpike** · a coding agent within a budget\n\nNo run yet. Click to give it a task.",
  label: "Turnpike, no run yet",
  level: "ok",
};

/** `stop` when a cap ended the run or is ending it, `warn` past a warn level or when a run ended in trouble. */
export function runLevel(state: RunState, uses: readonly UnitUse[]): Level {
  const { outcome } = state;
  if (stoppingUnit(state) !== null) return "stop";
  if (outcome === null) return uses.some((use) => use.level !== "ok") ? "warn" : "ok";
  const fine = outcome.kind === "done" || (outcome.kind === "stopped" && outcome.reason === "user");
  return fine ? "ok" : "warn";
}

/** Turns and dollars, the binding unit first; when tokens or time bind, these and dollars. */
function shownFirst(uses: readonly UnitUse[]): readonly UnitUse[] {
  const of = (unit: Unit) => uses.find((use) => use.unit === unit);
  const binding = bindingUse(uses)?.unit ?? "turns";
  const second = binding === "usd" ? "turns" : "usd";
  return [of(binding), of(second)].filter((use) => use !== undefined);
}

/** `12/34`, `$0.18/$0.50`, `212 k/300 k tokens`, `3:10/10 min`; without a cap `12 turns`, `$0.18`. */
function short(state: RunState, use: UnitUse): string {
  const used = usedText(state, use);
  if (use.cap === null) return use.unit === "usd" ? used : `${used} ${use.unit}`;
  const cap = capText(use.unit, use.cap);
  return `${used}/${use.unit === "turns" ? cap.replace(/ turns$/, "") : cap}`;
}

function tooltip(state: RunState, uses: readonly UnitUse[], forecast: string): string {
  const { config } = state;
  const rows = uses.map((use) => {
    const of = use.cap === null ? "no cap" : `of ${capText(use.unit, use.cap)}`;
    const share = use.share === null ? "" : formatShare(use.share);
    return `| ${NAMES[use.unit]} | ${usedText(state, use)} | ${of} | ${share}${use.level === "ok" ? "" : " $(warning)"} |`;
  });
  const price = config.price === null ? "no price known" : priceWords(config.price);
  const held = state.reserved?.worstUsd;
  const lines = [
    `**${escapeMarkdown(titleOf(config.task))}**`,
    escapeMarkdown(statusText(state)),
    ["| | | | |", "|:--|--:|:--|--:|", ...rows].join("\n"),
    ...(held ? [`Reserved for the call in flight: at most ${formatUsd(held, "up")}`] : []),
    `Policy: ${escapeMarkdown(policyWords(config.policy, state.limit, state.caps.turns))}`,
    `Model: ${escapeMarkdown(config.model.id)} · ${escapeMarkdown(price)}`,
    escapeMarkdown(forecast),
    ...(meterModel(state, uses) ? [] : ["Nothing is capped: the run ends when it is done or you stop it."]),
    ...(isDemo(config) ? [`*${DEMO_WORDS}*`] : []),
  ];
  return lines.join("\n\n");
}

/** What a model or a task says must not become a link, an image or a command. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, "\\$&").replace(/\s+/g, " ");
}
