import { type NanoUsd, nano, ZERO_USD } from "../core/money";
import type { Amounts, ReservationRequest, Scope, ScopeBalance, Settlement } from "../core/ports";

/**
 * The first scope with no room for `worst`, or `null` if it fits everywhere. A dollar cap has no room for an unknown
 * price. Sums stay exact: amounts are below 2^53.
 */
export function firstWithoutRoom(scopes: readonly ScopeBalance[], worst: Amounts): ScopeBalance | null {
  return scopes.find((scope) => !fits(scope, worst)) ?? null;
}

function fits(scope: ScopeBalance, worst: Amounts): boolean {
  const { capUsd, capTokens } = scope;
  if (capTokens !== null && scope.settledTokens + scope.reservedTokens + worst.tokens > capTokens) return false;
  if (capUsd === null) return true;
  return worst.usd !== null && scope.settledUsd + scope.reservedUsd + worst.usd <= capUsd;
}

/**
 * What a settlement takes from the scopes for good. A cost that is not known is counted at what had been reserved for
 * it, whatever caps there are now (one may be set later): unknown is never 0. Only where the price was unknown to begin
 * with is there nothing to count, and no dollar cap can have been in force.
 */
export function countedUsd(settlement: Pick<Settlement, "usd">, worst: Amounts): NanoUsd {
  return settlement.usd ?? worst.usd ?? ZERO_USD;
}

/** Throws on what no correct caller asks for. */
export function checkScope(scope: Scope): void {
  if (scope.capUsd !== null) nano(scope.capUsd);
  if (scope.capTokens !== null) whole(scope.capTokens, "a cap in tokens");
}

/** Throws on what no correct caller asks for; returns the scopes, each once. */
export function checkRequest(request: ReservationRequest): readonly string[] {
  if (request.scopes.length === 0) throw new Error("a reservation needs at least one scope");
  if (request.worst.usd !== null) nano(request.worst.usd);
  whole(request.worst.tokens, "the worst case in tokens");
  return [...new Set(request.scopes)];
}

/** Throws on what no correct caller asks for. */
export function checkSettlement(settlement: Settlement): void {
  if (settlement.usd !== null) nano(settlement.usd);
  whole(settlement.tokens, "settled tokens");
  for (const part of Object.values(settlement.usage)) whole(part, "usage");
}

function whole(count: number, what: string): void {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${what} must be a whole number >= 0, not ${count}`);
}

/** A ratio of reported to counted tokens that can be learned from. */
export function isUsableRatio(ratio: number): boolean {
  return Number.isFinite(ratio) && ratio > 0;
}

export function noSuchScope(id: string): Error {
  return new Error(`no scope "${id}" has been opened`);
}

export function doubleReservation(id: string): Error {
  return new Error(`reservation "${id}" exists already`);
}

/** `state: null` = never made. */
export function notOpen(id: string, state: string | null): Error {
  return new Error(state === null ? `there is no reservation "${id}"` : `reservation "${id}" is already ${state}`);
}
