import type { Evidence } from "../core/agentEvent";
import type { Extension, RunState } from "../core/runState";
import type { DecisionModel } from "../protocol/sidebar";
import { formatLikely, formatShare } from "./format";
import { reasonsInLine } from "./reasons";

/** More reasons than this in a line are counted. */
const MOST_REASONS = 4;

/** What was decided between the steps of a run: limits raised or kept, and where a conversation began afresh. Newest first. */
export function decisionsOf({ extensions, refusals, freshStarts, config }: RunState): readonly DecisionModel[] {
  const isBlind = config.policy.kind === "dynamic" && config.policy.preset === "published";
  const decisions = [
    ...extensions.map((one) => granted(one, isBlind)),
    ...refusals.map(refused),
    ...freshStarts.map((turn) => fresh(turn - 1)),
  ];
  // Of one turn the fresh start is the latest: the limits were decided on before the run ended.
  return decisions.sort((a, b) => b.afterTurn - a.afterTurn || Number(b.kind === "fresh") - Number(a.kind === "fresh"));
}

function granted({ turn, from, to, by, evidence }: Extension, isBlind: boolean): DecisionModel {
  const limits = `${from} → ${to}`;
  const byUser = from === to ? `You let it go on, up to ${to}` : `You extended ${limits}`;
  const title = by === "user" ? byUser : `Extended ${limits}`;
  const although = by === "user" && evidence.against.length > 0 ? `although ${reasons(evidence.against)}` : "";
  const text = by === "policy" && isBlind ? "once, as published" : reasons(evidence.progress) || although;
  return { afterTurn: turn, kind: "extended", title, text, facts: factsOf(evidence) };
}

function refused({ turn, to, by, evidence }: Extension): DecisionModel {
  const title = by === "user" ? `You did not extend at ${to}` : `Not extended at ${to}`;
  return { afterTurn: turn, kind: "kept", title, text: reasons(evidence.against), facts: [] };
}

function fresh(afterTurn: number): DecisionModel {
  const text = "a new conversation from the task, the hand-off and the changes so far";
  return { afterTurn, kind: "fresh", title: "Fresh start from the note", text, facts: [] };
}

function reasons(given: readonly string[]): string {
  return reasonsInLine(given, MOST_REASONS);
}

function factsOf({ chunkUsd, chance }: Evidence): readonly string[] {
  return [
    ...(chunkUsd === null ? [] : [`about ${formatLikely(chunkUsd)}`]),
    ...(chance === null ? [] : [`${formatShare(chance)} to finish in it`]),
  ];
}
