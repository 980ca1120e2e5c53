import type { Plan } from "../core/agentEvent";
import { isDemo } from "../core/runConfig";
import type { RunState, TurnRecord } from "../core/runState";
import { BAR_PARTS, PART_LABELS } from "../protocol/bars";
import type { StepDetail } from "../protocol/sidebar";
import { tokenBar, usdBar } from "./bars";
import { resultFacts } from "./calls";
import { turnFigure } from "./figures";
import { formatNumber, formatShare, formatUsd } from "./format";
import { barText } from "./steps";

/** Longest text of one result or answer that a page is sent. */
const MOST_CHARS = 60_000;

/** Everything about one step; `null` when the run has no such step. */
export function stepDetail(state: RunState, number: number): StepDetail | null {
  const turn = state.turns.findLast((candidate) => candidate.turn === number);
  if (!turn) return null;
  return {
    turn: number,
    text: bounded(turn.text),
    tail: turn.tail,
    hint: turn.hint?.replace(/^\[hint\] /, "") ?? null,
    tokens: billLines(state, turn),
    total: turnFigure(turn, isDemo(state.config)),
    plan: turn.plan ? planWords(turn.plan, turn) : "",
    retries: turn.retries,
    calls: turn.calls.map((call) => ({
      callId: call.callId,
      result: bounded(call.text.replace(/^(?:[ \t]*\r?\n)+/, "")),
      facts: resultFacts(call),
    })),
  };
}

function billLines(state: RunState, turn: TurnRecord): StepDetail["tokens"] {
  const tokens = tokenBar(turn.usage);
  const priced = turn.usd === null ? null : usdBar(turn, state.config.price);
  const hasPrice = state.config.price !== null || turn.charges.some((charge) => charge.price !== null);
  return BAR_PARTS.filter((part) => tokens[part] > 0).map((part) => ({
    part,
    label: PART_LABELS[part],
    value: formatNumber(tokens[part]),
    usd: priced && hasPrice ? barText(priced[part], "usd") : "",
  }));
}

function planWords(plan: Plan, turn: TurnRecord): string {
  const last = turn.charges.at(-1);
  const bound = plan.worstUsd === null ? "no price, so no bound in dollars" : `at most ${formatUsd(plan.worstUsd, "up")}`;
  const used = plan.worstUsd && last?.usd != null ? `, of which ${formatShare(last.usd / plan.worstUsd)} was used` : "";
  const size = `${formatNumber(plan.inputUpper)} tokens in and ${formatNumber(plan.maxOutput)} out`;
  const clamped =
    plan.maxOutput < plan.requestedOutput
      ? ` The answer was limited to fit the budget: ${formatNumber(plan.requestedOutput)} were wanted.`
      : "";
  return `Reserved before sending: ${bound}${used}, for ${size}.${clamped}`;
}

function bounded(text: string): string {
  return text.length > MOST_CHARS
    ? `${text.slice(0, MOST_CHARS)}\n… ${formatNumber(text.length - MOST_CHARS)} more characters`
    : text;
}
