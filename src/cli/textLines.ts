import type { HandOff, Outcome, StampedEvent } from "../core/agentEvent";
import { isDemo } from "../core/runConfig";
import { hardLimit, type RunState } from "../core/runState";
import { boundWords } from "../present/bound";
import { figureText, sumFigure } from "../present/figures";
import { formatCount, formatUsd } from "../present/format";
import { policyWords, warningText } from "../present/words";

/** One event in words for a terminal; nothing for most. */
export function textLines(event: StampedEvent, state: RunState): readonly string[] {
  switch (event.kind) {
    case "started": {
      const { model, policy, caps, price } = event.config;
      const turns = hardLimit(policy, caps.turns);
      return [
        `${model.id}, ${policyWords(policy, state.limit, caps.turns)}`,
        boundWords({ caps, turns, price, inputError: null, spent: null }),
      ];
    }
    case "assistant":
      return event.text.trim() === "" ? [] : [`\n${event.text.trim()}`];
    case "toolEnded":
      return [`  ${event.ok ? "·" : "✗"} ${event.tool} ${event.subject}`];
    case "charged": {
      const { usd, provenance } = event.charge;
      const cost = usd === null ? "unknown cost" : `${provenance === "estimated" ? "≈ " : ""}${formatUsd(usd)}`;
      const demo = isDemo(state.config);
      const all = figureText(sumFigure(state.totals, demo));
      const over = event.overrun ? [`  ! billed ${overrunText(event.overrun)} above the bound of this call`] : [];
      return [`[turn ${event.turn}] ${cost}, ${all} in all${demo ? " (demo money)" : ""}`, ...over];
    }
    case "retrying":
      return [`  ! ${event.reason}; trying again in ${(event.waitMs / 1000).toFixed(1)} s`];
    case "extended":
      return [`  + limit extended from ${event.from} to ${event.to} turns${reasons(event.evidence.progress)}`];
    case "extensionRefused":
      return [`  ! not extended beyond ${formatCount(event.limit, "turn")}${reasons(event.evidence.against)}`];
    case "hinted":
      return [`  ! ${event.text}`];
    case "warning":
      return [`  ! ${warningText(event)}`];
    case "noted":
      return noteLines(event.note);
    case "ended":
      return [`\n${outcomeText(event.outcome)} after ${formatCount(state.turns.length, "turn")}`];
    default:
      return [];
  }
}

function reasons(list: readonly string[]): string {
  return list.length === 0 ? "" : `: ${list.join(", ")}`;
}

function overrunText({ usd, tokens }: { readonly usd: RunState["totals"]["usd"] | null; readonly tokens: number }): string {
  return usd === null || usd === 0 ? formatCount(tokens, "token") : formatUsd(usd);
}

/** What is known of the work without a model; its own words have been printed as it said them. */
function noteLines({ changed, lastCheck }: HandOff): readonly string[] {
  const files = changed.length === 0 ? "no files changed" : `changed ${changed.join(", ")}`;
  const check = lastCheck === null ? "" : `; ${lastCheck.command} ${lastCheck.passed ? "passed" : "failed"}`;
  return [`\nHand-off: ${files}${check}`];
}

function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case "done":
      return "Done";
    case "stopped":
      return `Stopped: ${outcome.reason}`;
    case "failed":
      return `Failed: ${outcome.reason}`;
    case "interrupted":
      return `Interrupted: ${outcome.reason}`;
  }
}
