import type { Evidence } from "../agentEvent";
import { nano } from "../money";
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
  if (lastTurnReached(view)) return { kind: "land", why: "turns", refused: null };
  if (view.limit === null || view.hard === null || view.turnsUsed < view.limit) return { kind: "go", note: null };
  const turns = view.hard - view.limit;
  const evidence: Evidence = { progress: [], against: [], chunkUsd: chunkPrice(view, turns) };
  return { kind: "extend", turns, evidence, note: publishedGrant(turns) };
}

export function publishedGrant(turns: number): string {
  return `ENVIRONMENT REMINDER: You have used up all turns but have not yet completed the task. You are granted an additional ${turns} turns to continue and complete the task.`;
}

/**
 * Chunks of a quarter of the base limit, up to the hard limit, each earned: something came of the turns since the last
 * grant, nothing says that the run is stuck, and the money for the chunk is there. Otherwise the user is asked, if they
 * chose to be, or the run lands.
 */
function nextOnEvidence(settings: DynamicSettings, view: PolicyView): Decision {
  if (view.limit === null || view.turnsUsed < turnsToWork(view.limit)) return { kind: "go", note: null };
  const hard = view.hard ?? view.limit;
  const chunk = Math.min(Math.ceil(settings.baseTurns / 4), hard - view.limit);
  if (chunk <= 0) return { kind: "land", why: "turns", refused: null };

  const chunkUsd = chunkPrice(view, chunk);
  const against = [...view.against];
  if (view.progress.length === 0) against.push("no progress since the last grant");
  if (chunkUsd !== null && view.freeUsd !== null && chunkUsd > view.freeUsd) against.push("not enough money for the chunk");
  const evidence: Evidence = { progress: view.progress, against, chunkUsd };

  if (against.length === 0) return { kind: "extend", turns: chunk, evidence, note: null };
  if (settings.onLimit === "ask") return { kind: "ask", chunk, evidence };
  return { kind: "land", why: "turns", refused: evidence };
}

function chunkPrice(view: PolicyView, turns: number) {
  return view.turnUsd === null ? null : nano(view.turnUsd * turns);
}
