import type { HandOff } from "../core/agentEvent";
import { nano, toDollars } from "../core/money";
import { isDemo } from "../core/runConfig";
import type { RunState } from "../core/runState";
import type { Extension, RunModel, SidebarModel } from "../protocol/sidebar";
import { boundWords } from "./bound";
import { bindingUse, stoppingUnit, type UnitUse, unitUses } from "./budget";
import { checkWords } from "./calls";
import { type ComposerInput, composerModel } from "./composer";
import { formatTime, formatUsd } from "./format";
import { questionModel } from "./questions";
import { FORECAST_PLACEHOLDER, runLevel } from "./status";
import { stepList } from "./steps";
import { meterModel, unitModels } from "./units";
import { aboutWords, ELSEWHERE, outcomeWords, statusText, titleOf, warningText } from "./words";

/** How much of what streams in is sent to the page: the newest. */
const LIVE_CHARS = 4_000;
const MESSAGE_CHARS = 20_000;

export interface SidebarInput {
  readonly run: RunState | null;
  readonly now: number;
  readonly composer: ComposerInput;
  /** The store's trouble, in words; `null` when all is well. */
  readonly degraded: string | null;
  /** The run goes on in another window. */
  readonly elsewhere: boolean;
  readonly forecast?: string;
}

/** The whole sidebar. While a run goes on, its composer rests. */
export function sidebarModel(input: SidebarInput): SidebarModel {
  const { run, now, composer, degraded, elsewhere, forecast } = input;
  const { inputError } = composer;
  const view = { elsewhere, inputError, ...(forecast === undefined ? {} : { forecast }) };
  return { run: run && runModel(run, now, view), composer: composerModel(composer), degraded };
}

/** What a view knows of a run besides its state. */
export interface RunView {
  readonly forecast?: string;
  /** It goes on in another window: it can be looked at, and nothing be done with it. */
  readonly elsewhere?: boolean;
  /** Largest share by which a prompt was billed above its count; `null` before the first observation. */
  readonly inputError?: number | null;
}

/** A run as a page shows it, live or from the record. */
export function runModel(state: RunState, now: number, view: RunView = {}): RunModel {
  const { forecast = FORECAST_PLACEHOLDER, elsewhere = false, inputError = null } = view;
  const { config, outcome } = state;
  const question = elsewhere ? null : state.question;
  const uses = unitUses(state, now);
  const { steps, unit, top } = stepList(state, now);
  const nextAtMost = state.reserved?.worstUsd ?? null;
  return {
    runId: config.runId,
    title: titleOf(config.task),
    status: elsewhere ? ELSEWHERE : statusText(state),
    phase: elsewhere ? "elsewhere" : question ? "asking" : state.phase,
    ending: state.ending,
    level: runLevel(state, uses),
    demo: isDemo(config),
    about: [...aboutWords(state), `started ${formatTime(state.startedAt)}`],
    meter: meterModel(state, uses),
    units: unitModels(state, uses),
    forecast: outcome ? "" : forecast,
    bound: boundWords({ caps: state.caps, turns: state.limit, price: config.price, inputError, spent: null }),
    chartUnit: unit,
    chartTop: top,
    nextAtMost: nextAtMost === null ? null : `next ≤ ${formatUsd(nextAtMost, "up")}`,
    steps,
    messages: state.messages.map(({ beforeTurn, text }) => ({ beforeTurn, text: text.slice(0, MESSAGE_CHARS) })),
    live: {
      text: state.live.text.slice(-LIVE_CHARS),
      reasoning: state.live.reasoning.slice(-LIVE_CHARS),
      output: state.live.output.slice(-LIVE_CHARS),
    },
    question: question && questionModel(question),
    outcome: outcome && { kind: outcome.kind, ...outcomeWords(state, outcome) },
    note: state.note && noteModel(state.note),
    warnings: state.warnings.map(warningText),
    can: elsewhere ? NOTHING_CAN_BE_DONE : allowed(state, uses),
    extendBy: suggestion(state, uses),
  };
}

function noteModel({ text, changed, lastCheck }: HandOff): NonNullable<RunModel["note"]> {
  const files = changed.length === 0 ? "no files changed" : `changed ${listed(changed)}`;
  return { text, facts: [files, lastCheck ? `${lastCheck.command}: ${checkWords(lastCheck)}` : "nothing was checked"] };
}

function listed(paths: readonly string[]): string {
  const shown = paths.slice(0, 4).join(", ");
  return paths.length > 4 ? `${shown} and ${paths.length - 4} more` : shown;
}

const NOTHING_CAN_BE_DONE = { stop: false, land: false, extend: false, resume: false } as const;

function allowed(state: RunState, uses: readonly UnitUse[]): RunModel["can"] {
  const { outcome, phase, ending } = state;
  const capped = uses.some((use) => use.cap !== null);
  const usedUp = uses.some((use) => use.share !== null && use.share >= 1) || stoppingUnit(state) !== null;
  if (outcome === null) {
    const works = phase === "running";
    return { stop: true, land: works, extend: capped && works && ending === null, resume: false };
  }
  const goesOn = outcome.kind !== "done";
  return { stop: false, land: false, extend: goesOn && usedUp, resume: goesOn && !usedUp };
}

/** Fewer turns than this are hardly worth resuming for: one of them is held back for landing. */
const LEAST_TURNS = 5;

/** A quarter of the turns, or half of another limit, for the unit that stopped the run or is nearest to it. */
function suggestion(state: RunState, uses: readonly UnitUse[]): Extension {
  const none: Extension = { turns: null, usd: null, tokens: null, minutes: null };
  const unit = stoppingUnit(state) ?? bindingUse(uses)?.unit;
  const { policy } = state.config;
  const { usd, tokens, minutes } = state.caps;
  switch (unit) {
    case "turns": {
      const base = policy.kind === "dynamic" ? policy.baseTurns : (state.limit ?? 0);
      return { ...none, turns: Math.max(LEAST_TURNS, Math.ceil(base / 4)) };
    }
    case "usd":
      return { ...none, usd: usd === null ? null : twoDigits(toDollars(nano(usd)) / 2) };
    case "tokens":
      return { ...none, tokens: tokens === null ? null : Math.ceil(twoDigits(tokens / 2)) };
    case "minutes":
      return { ...none, minutes: minutes === null ? null : Math.max(1, Math.ceil(minutes / 2)) };
    case undefined:
      return none;
  }
}

function twoDigits(amount: number): number {
  return Number(amount.toPrecision(2));
}
