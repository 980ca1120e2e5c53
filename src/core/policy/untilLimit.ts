import type { Decision, PolicyView, TurnPolicy } from "./policy";

/** Goes on until only the landing turn is left. Serves `fixed`, and `unrestricted`, where only a cap in turns can be a limit. */
export function untilLimitPolicy(): TurnPolicy {
  return { next: nextUntilLimit };
}

function nextUntilLimit(view: PolicyView): Decision {
  if (view.isStuck) return { kind: "land", why: "stuck", refused: null };
  return lastTurnReached(view) ? { kind: "land", why: "turns", refused: null } : { kind: "go" };
}

/** Only the turn held back for landing is left of the limit that nothing extends. */
export function lastTurnReached(view: PolicyView): boolean {
  return view.hard !== null && view.turnsUsed >= turnsToWork(view.hard);
}

/** Turns of a limit that are not held back for landing. The only turn of a limit of one is for the task itself. */
export function turnsToWork(limit: number): number {
  return limit === 1 ? 1 : limit - 1;
}
