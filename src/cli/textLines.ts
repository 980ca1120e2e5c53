import type { Outcome, StampedEvent } from "../core/agentEvent";
import { isDemo } from "../core/runConfig";
import type { RunState } from "../core/runState";
import { formatUsd } from "../present/format";
import { warningText } from "../present/words";

/** One event in words for a terminal; nothing for most. */
export function textLines(event: StampedEvent, state: RunState): readonly string[] {
  switch (event.kind) {
    case "assistant":
      return event.text.trim() === "" ? [] : [`\n${event.text.trim()}`];
    case "toolEnded":
      return [`  ${event.ok ? "·" : "✗"} ${event.tool} ${event.subject}`];
    case "charged": {
      const { usd, provenance } = event.charge;
      const cost = usd === null ? "unknown cost" : `${provenance === "estimated" ? "≈ " : ""}${formatUsd(usd)}`;
      const demo = isDemo(state.config) ? " (demo money)" : "";
      return [`[turn ${event.turn}] ${cost}, ${formatUsd(state.totals.usd)} in all${demo}`];
    }
    case "retrying":
      return [`  ! ${event.reason}; trying again in ${(event.waitMs / 1000).toFixed(1)} s`];
    case "extended":
      return [`  + limit extended from ${event.from} to ${event.to} turns`];
    case "hinted":
      return [`  ! ${event.text}`];
    case "warning":
      return [`  ! ${warningText(event)}`];
    case "ended":
      return [`\n${outcomeText(event.outcome)} after ${state.turns.length} turns`];
    default:
      return [];
  }
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
