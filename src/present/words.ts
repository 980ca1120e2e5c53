import type { Outcome, StopReason, Warning } from "../core/agentEvent";
import { isDemo, type PolicySettings, type RunConfig, type Unit } from "../core/runConfig";
import { elapsedMs, hardLimit, type RunState } from "../core/runState";
import { figureText, priceShort, sumFigure } from "./figures";
import { formatClock, formatCount, formatUsd } from "./format";
import { toolWords } from "./tools";
import { capText } from "./units";

/** What runs are doing and how they ended, in words. */

const TITLE_CHARS = 160;

/** The first line of a task, as its name. */
export function titleOf(task: string): string {
  return firstLine(task, TITLE_CHARS) || "Untitled task";
}

export function firstLine(text: string, most: number): string {
  const line = text.trimStart().split("\n", 1)[0]?.trimEnd() ?? "";
  return line.length > most ? `${line.slice(0, most - 1).trimEnd()}…` : line;
}

/** Said in place of what a run is at, when another window knows that. */
export const ELSEWHERE = "runs in another window";

/** A few words for the head of the page: `turn 12 · editing`. */
export function statusText(state: RunState): string {
  if (state.outcome) return outcomeShort(state.outcome);
  if (state.ending === "stopping") return "stopping";
  if (state.question) return "waiting for you";
  if (state.phase === "landing") return "landing";
  if (state.ending === "landing") return "landing after this step";
  const turn = state.turns.at(-1);
  return turn ? `turn ${turn.turn} · ${doing(state)}` : "starting";
}

/** What the newest turn is at, in one word. */
export function doing(state: RunState): string {
  const turn = state.turns.at(-1);
  const call = turn?.calls.findLast(({ state: now }) => now === "running");
  if (call) return toolWords(call.tool).doing;
  if (state.live.text !== "") return "writing";
  if (state.live.reasoning !== "") return "thinking";
  return state.reserved ? "waiting" : "working";
}

const REASONS: { readonly [reason in StopReason]: string } = {
  turns: "turn limit",
  dollars: "dollar limit",
  tokens: "token limit",
  time: "time limit",
  stuck: "no progress",
  user: "by you",
};

/** `done`, `stopped: turn limit`, `declared infeasible`. */
export function outcomeShort(outcome: Outcome): string {
  if (isInfeasible(outcome)) return "declared infeasible";
  return outcome.kind === "stopped" ? `stopped: ${REASONS[outcome.reason]}` : outcome.kind;
}

const INFEASIBLE = /^infeasible:\s*/;

/** Whether the agent ended the run on purpose, because the task cannot be done. */
export function isInfeasible(outcome: Outcome): boolean {
  return outcome.kind === "failed" && INFEASIBLE.test(outcome.reason);
}

/** Its kind as views tell it. */
export function outcomeKind(outcome: Outcome): Outcome["kind"] | "infeasible" {
  return isInfeasible(outcome) ? "infeasible" : outcome.kind;
}

const UNIT_WORDS: { readonly [unit in Unit]: string } = { turns: "turns", usd: "dollars", tokens: "tokens", minutes: "minutes" };

/** `80 % of the turns are used.` */
export function warningText({ unit, share }: Warning): string {
  return `${Math.round(share * 100)} % of the ${UNIT_WORDS[unit]} are used.`;
}

/** How a run ended: one line of facts, and what there is to say about it. */
export function outcomeWords(state: RunState, outcome: Outcome): { readonly title: string; readonly text: string } {
  const cost = figureText(sumFigure(state.totals, isDemo(state.config)));
  const took = `${formatCount(state.turns.length, "turn")}, ${cost}${isDemo(state.config) ? " demo" : ""}, ${formatClock(elapsedMs(state, state.lastAt))}`;
  switch (outcome.kind) {
    case "done":
      return { title: `Done · ${took}`, text: outcome.reason };
    case "stopped":
      return { title: stoppedTitle(state, outcome.reason), text: overrunWords(state) };
    case "failed":
      return isInfeasible(outcome)
        ? { title: `Declared infeasible · ${took}`, text: outcome.reason.replace(INFEASIBLE, "") }
        : { title: `Failed · ${took}`, text: outcome.reason };
    case "interrupted":
      return { title: `Interrupted · ${took}`, text: outcome.reason };
  }
}

function stoppedTitle(state: RunState, reason: StopReason): string {
  const { caps, limit } = state;
  switch (reason) {
    case "turns":
      return `Stopped at the limit of ${formatCount(limit ?? state.turns.length, "turn")}`;
    case "dollars":
      return `Stopped before it could pass ${caps.usd === null ? "the dollar limit" : capText("usd", caps.usd)}`;
    case "tokens":
      return `Stopped before it could pass ${caps.tokens === null ? "the token limit" : capText("tokens", caps.tokens)}`;
    case "time":
      return `Stopped after ${caps.minutes === null ? "the time limit" : capText("minutes", caps.minutes * 60_000)}`;
    case "stuck":
      return "Stopped: it made no progress";
    case "user":
      return "Stopped by you";
  }
}

function overrunWords({ totals }: RunState): string {
  const kept = "Your files are as the agent left them.";
  if (totals.overrunUsd === 0) return kept;
  return `The provider billed ${formatUsd(totals.overrunUsd, "up")} above what the calls were bounded to. ${kept}`;
}

/** `dynamic, on evidence: 34 turns now, at most 80`. */
export function policyWords(policy: PolicySettings, limit: number | null, capTurns: number | null): string {
  const turns = limit === null ? "no turn limit" : formatCount(limit, "turn");
  switch (policy.kind) {
    case "unrestricted":
      return limit === null ? "unrestricted" : `unrestricted up to ${turns}`;
    case "fixed":
      return `fixed: ${turns}`;
    case "dynamic": {
      const hard = hardLimit(policy, capTurns);
      const most = hard !== null && limit !== null && hard > limit ? `, at most ${hard}` : "";
      return `dynamic, ${policy.preset === "evidence" ? "on evidence" : "as published"}: ${turns}${most}`;
    }
  }
}

const APPROVALS: { readonly [mode in RunConfig["approval"]]: string } = {
  readOnly: "reading only",
  edits: "edits allowed, no commands",
  all: "everything allowed",
  ask: "asks before edits and commands",
  autoEdit: "edits by itself, asks before commands",
  autoAll: "edits and runs commands by itself",
};

/** What a run is under, as short facts. */
export function aboutWords(state: RunState): readonly string[] {
  const { model, price, approval, policy } = state.config;
  const priced = price === null ? `${model.id} (no price)` : `${model.id} · ${priceShort(price)}`;
  return [priced, policyWords(policy, state.limit, state.caps.turns), APPROVALS[approval]];
}
