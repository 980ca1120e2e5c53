import { overrunOf } from "../core/ledger";
import { nano, ZERO_USD } from "../core/money";
import { startedCall } from "../core/reduceRun";
import { isDemo } from "../core/runConfig";
import type { RunState, TurnRecord } from "../core/runState";
import { BAR_PARTS, type BarModel, barSum, PART_LABELS } from "../protocol/bars";
import type { CallModel, StepMark, StepModel } from "../protocol/sidebar";
import { type ChartUnit, chartUnit, turnBar } from "./bars";
import { callModel } from "./calls";
import { type Sum, sumFigure, turnFigure } from "./figures";
import { formatSeconds, formatTokens, formatUsd } from "./format";
import { doing, firstLine } from "./words";

const SAYS_CHARS = 240;

export interface StepList {
  /** Newest first. */
  readonly steps: readonly StepModel[];
  readonly unit: ChartUnit;
  /** The height of the tallest bar, in words. */
  readonly top: string;
}

/** What a row shows of its own turn alone. */
type Row = Omit<StepModel, "height" | "marks" | "running">;

/** Rows that are done, kept from one view to the next: a turn that has not changed is the same object. */
const finished = new WeakMap<TurnRecord, Row>();

/** One row per turn. The last one of a run that goes on is live: its time runs. */
export function stepList(state: RunState, now: number): StepList {
  const unit = chartUnit(state.config.price);
  const rows = state.turns.map((turn, index) => {
    const live = state.phase !== "ended" && index === state.turns.length - 1;
    return { turn, row: live ? rowOf(state, turn, unit, now) : finishedRow(state, turn, unit) };
  });
  const sums = runningSums(state.turns);
  const tallest = rows.reduce((most, { row }) => Math.max(most, barSum(row.bar)), 0);
  const extendedAfter = new Set(state.extensions.map((extension) => extension.turn));
  const steps = rows.map(({ turn, row }, index) => ({
    ...row,
    running: sumFigure(sums[index] ?? NOTHING, isDemo(state.config)),
    height: tallest === 0 ? 0 : barSum(row.bar) / tallest,
    marks: marksOf(turn, extendedAfter.has(turn.turn)),
  }));
  return { steps: steps.reverse(), unit, top: tallest === 0 ? "" : barText(tallest, unit) };
}

function finishedRow(state: RunState, turn: TurnRecord, unit: ChartUnit): Row {
  const known = finished.get(turn);
  if (known) return known;
  const row = rowOf(state, turn, unit, null);
  finished.set(turn, row);
  return row;
}

/** `now` is `null` for a turn that is over. */
function rowOf(state: RunState, turn: TurnRecord, unit: ChartUnit, now: number | null): Row {
  const demo = isDemo(state.config);
  const bar = turnBar(turn, unit, state.config.price);
  return {
    turn: turn.turn,
    purpose: turn.purpose,
    calls: [...turn.calls.map(callModel), ...askedCall(state, turn)],
    says: firstLine(turn.text, SAYS_CHARS) || (now === null || turn.calls.length > 0 ? "" : doing(state)),
    cost: turnFigure(turn, demo, now === null ? null : (state.reserved?.worstUsd ?? null)),
    seconds: secondsOf(state, turn, now),
    bar,
    barTitle: barWords(bar, unit),
    live: now !== null,
  };
}

/** The call that waits for the user's word: the step is about it already. */
function askedCall({ question }: RunState, turn: TurnRecord): readonly CallModel[] {
  if (question?.kind !== "approval" || question.turn !== turn.turn) return [];
  const { callId, tool, subject } = question.request;
  return [{ ...callModel(startedCall(callId, tool, subject)), verdict: "waiting for you" }];
}

/** How long a step worked. The clock stands while the user is asked; of a step that left no trace of its end nothing is said. */
function secondsOf(state: RunState, turn: TurnRecord, now: number | null): string {
  const until = now === null ? turn.endedAt : (state.askedAt ?? now);
  const worked = until === null ? -1 : until - turn.startedAt - turn.waitedMs;
  return worked < 0 ? "" : formatSeconds(worked);
}

const NOTHING: Sum = { usd: ZERO_USD, charges: 0, estimatedCharges: 0, unknownCharges: 0 };

/** The spend of the run up to each step. A sum that leaves something out, or holds an estimate, says so from there on. */
function runningSums(turns: readonly TurnRecord[]): readonly Sum[] {
  let { charges, estimatedCharges, unknownCharges } = NOTHING;
  return turns.map((turn) => {
    charges += turn.charges.length;
    estimatedCharges += turn.charges.filter((charge) => charge.provenance === "estimated").length;
    unknownCharges += turn.charges.filter((charge) => charge.usd === null).length;
    return { usd: turn.runningUsd, charges, estimatedCharges, unknownCharges };
  });
}

function barWords(bar: BarModel, unit: ChartUnit): string {
  return BAR_PARTS.filter((part) => bar[part] > 0)
    .map((part) => `${PART_LABELS[part]} ${barText(bar[part], unit)}`)
    .join(" · ");
}

export function barText(amount: number, unit: ChartUnit): string {
  return unit === "usd" ? formatUsd(nano(Math.round(amount))) : `${formatTokens(amount)} tokens`;
}

function marksOf(turn: TurnRecord, extendedHere: boolean): readonly StepMark[] {
  const marks: StepMark[] = [];
  const check = turn.calls.findLast((call) => call.check !== null)?.check;
  if (check) marks.push(check.passed ? "checkPassed" : "checkFailed");
  if (turn.retries.length > 0) marks.push("retry");
  if (turn.hint !== null) marks.push("hint");
  if (extendedHere) marks.push("extended");
  if (turn.charges.some((charge) => charge.provenance === "estimated")) marks.push("estimated");
  const last = turn.charges.at(-1);
  if (last && turn.plan && overrunOf(last, turn.plan)) marks.push("overrun");
  return marks;
}
