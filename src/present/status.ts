import type { Outcome } from "../core/agentEvent";
import { UNIT_OF } from "../core/landing";
import { isDemo, type Unit } from "../core/runConfig";
import type { RunState } from "../core/runState";
import type { Level } from "../protocol/sidebar";
import { bindingUse, stoppingUnit, type UnitUse, unitUses } from "./budget";
import { DEMO_WORDS, priceWords } from "./figures";
import { outlookWords } from "./forecast";
import { formatShare, formatUsd } from "./format";
import { capText, meterModel, NAMES, usedText } from "./units";
import { ELSEWHERE, isInfeasible, policyWords, statusText, titleOf } from "./words";

/** The status bar item: its text with codicons, its tooltip as Markdown. */
export interface StatusBarModel {
  readonly text: string;
  readonly tooltip: string;
  /** For screen readers, without icons. */
  readonly label: string;
  readonly level: Level;
}

/** What goes on `elsewhere` asks for nothing here. */
export function statusBarModel(
  state: RunState | null,
  now: number,
  { elsewhere = false }: { readonly elsewhere?: boolean } = {},
): StatusBarModel {
  if (!state) return IDLE;
  const uses = unitUses(state, now);
  const status = elsewhere ? ELSEWHERE : statusText(state);
  const rests = elsewhere || state.phase === "ended";
  const icon = rests ? "$(pulse)" : state.question ? "$(bell-dot)" : "$(loading~spin)";
  const figures = [...shownFirst(uses).map((use) => short(state, use)), ...(isDemo(state.config) ? ["demo"] : [])].join(" · ");
  return {
    text: `${icon} ${figures}`,
    tooltip: tooltip(state, uses, status),
    label: `Turnpike, ${status}: ${figures}`,
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
  if (state.outcome !== null) return outcomeLevel(state.outcome);
  if (stoppingUnit(state) !== null) return "stop";
  return uses.some((use) => use.level !== "ok") ? "warn" : "ok";
}

/** The end the task or the user wished for is fine, as is one declared on purpose; a cap is a stop, anything else a trouble. */
export function outcomeLevel(outcome: Outcome): Level {
  if (outcome.kind === "done" || isInfeasible(outcome) || (outcome.kind === "stopped" && outcome.reason === "user")) return "ok";
  return outcome.kind === "stopped" && UNIT_OF[outcome.reason] !== null ? "stop" : "warn";
}

/** The binding unit first, then turns and dollars. */
function shownFirst(uses: readonly UnitUse[]): readonly UnitUse[] {
  const units = new Set<Unit>([bindingUse(uses)?.unit ?? "turns", "turns", "usd"]);
  return [...units].flatMap((unit) => uses.find((use) => use.unit === unit) ?? []);
}

/** `12/34`, `$0.18/$0.50`, `212 k/300 k tokens`, `3:10/10 min`; without a cap `12 turns`, `$0.18`. */
function short(state: RunState, use: UnitUse): string {
  const used = usedText(state, use);
  if (use.cap === null) return use.unit === "usd" ? used : `${used} ${use.unit}`;
  const cap = capText(use.unit, use.cap);
  return `${used}/${use.unit === "turns" ? cap.replace(/ turns$/, "") : cap}`;
}

function tooltip(state: RunState, uses: readonly UnitUse[], status: string): string {
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
    escapeMarkdown(status),
    ["| | | | |", "|:--|--:|:--|--:|", ...rows].join("\n"),
    ...(held ? [`Reserved for the call in flight: at most ${formatUsd(held, "up")}`] : []),
    `Policy: ${escapeMarkdown(policyWords(config.policy, state.limit, state.caps.turns))}`,
    `Model: ${escapeMarkdown(config.model.id)} · ${escapeMarkdown(price)}`,
    ...(state.outcome ? [] : [escapeMarkdown(outlookWords(state))]),
    ...(meterModel(state, uses) ? [] : ["Nothing is capped: the run ends when it is done or you stop it."]),
    ...(isDemo(config) ? [`*${DEMO_WORDS}*`] : []),
  ];
  return lines.join("\n\n");
}

/** What a model or a task says must not become a link, an image or a command. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[!-/:-@[-`{-~]/g, "\\$&").replace(/\s+/g, " ");
}
