import type { Evidence } from "../agentEvent";
import type { PolicySettings } from "../runConfig";
import type { Decision, PolicyView, TurnPolicy } from "./policy";
import { lastTurnReached, turnsToWork } from "./untilLimit";

type DynamicSettings = Extract<PolicySettings, { kind: "dynamic" }>;

export function dynamicPolicy(settings: DynamicSettings): TurnPolicy {
  return settings.preset === "published" ? { next: nextAsPublished } : { next: (view) => nextOnEvidence(settings, view) };
}

/**
 * "More with Less" (arXiv 2510.16786): when the first limit is used up, one extension to the second, neither asked for
 * nor conditional. The words to the model are the paper's own.
 */
function nextAsPublished(view: PolicyView): Decision {
  if (view.isStuck) return { kind: "land", why: "stuck", refused: null };
  const turns = (view.hard ?? 0) - (view.limit ?? 0);
  // Also when the extension is no more than the landing turn.
  const isDue = view.limit !== null && view.turnsUsed >= view.limit && turns > 0;
  if (!isDue) return lastTurnReached(view) ? { kind: "land", why: "turns", refused: null } : { kind: "go" };
  return { kind: "extend", turns, evidence: evidenceFor(view, turns, [], []), note: publishedGrant(turns) };
}

export function publishedGrant(turns: number): string {
  return `ENVIRONMENT REMINDER: You have used up all turns but have not yet completed the task. You are granted an additional ${turns} turns to continue and complete the task.`;
}

/** Said against more turns when nothing came of the last ones. */
export const NO_PROGRESS = "no progress since the last grant";

/**
 * Chunks of a quarter of the base limit, up to the hard limit, each earned: something came of the turns since the last
 * grant, nothing says that the run is stuck, and the money for the chunk is there. Otherwise the user is asked, if they
 * chose to be, or the run lands. What the agent asks for is shown to the user and decides nothing.
 */
function nextOnEvidence(settings: DynamicSettings, view: PolicyView): Decision {
  if (view.isStuck) return unearned(settings, view, "stuck", 0, view.against);
  if (view.limit === null || view.turnsUsed < turnsToWork(view.limit)) return { kind: "go" };
  const hard = view.hard ?? view.limit;
  const chunk = Math.min(Math.ceil(settings.baseTurns / 4), hard - view.limit);
  if (chunk <= 0) return { kind: "land", why: "turns", refused: null };

  const price = view.priceOf(chunk);
  const against = [...view.against];
  if (view.progress.length === 0) against.push(NO_PROGRESS);
  if (price !== null && view.freeUsd !== null && price > view.freeUsd) against.push("not enough money for the chunk");
  if (against.length > 0) return unearned(settings, view, "turns", chunk, against);
  const evidence = evidenceFor(view, chunk, view.progress, []);
  return settings.onLimit === "askAlways"
    ? { kind: "ask", chunk, evidence }
    : { kind: "extend", turns: chunk, evidence, note: null };
}

function unearned(
  { onLimit }: DynamicSettings,
  view: PolicyView,
  why: "turns" | "stuck",
  chunk: number,
  against: readonly string[],
): Decision {
  const evidence = evidenceFor(view, chunk, view.progress, against);
  return onLimit === "land" ? { kind: "land", why, refused: evidence } : { kind: "ask", chunk, evidence };
}

function evidenceFor(view: PolicyView, turns: number, progress: readonly string[], against: readonly string[]): Evidence {
  // Whether to go on at all is about the turns that are left.
  const asked = turns > 0 || view.limit === null ? turns : Math.max(0, view.limit - view.turnsUsed);
  return { progress, against, chunkUsd: view.priceOf(asked), chance: view.chanceIn(asked), wish: view.wish };
}
