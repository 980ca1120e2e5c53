import { type NanoUsd, toDollars } from "../money";
import type { Cadence, Caps, PolicySettings } from "../runConfig";

export type Band = "HIGH" | "MEDIUM" | "LOW" | "CRITICAL";

/** What a reminder speaks of: what is used and capped in each unit, before the turn it is sent with. */
export interface Standing {
  readonly turnsUsed: number;
  readonly limit: number | null;
  readonly caps: Caps;
  readonly usedUsd: NanoUsd;
  readonly usedTokens: number;
  readonly usedMs: number;
}

/** The smallest share left over all capped units, 0..1; `null` when nothing is capped. */
export function shareLeft(standing: Standing): number | null {
  const { caps, limit } = standing;
  const shares = [
    share(standing.turnsUsed, limit),
    share(standing.usedUsd, caps.usd),
    share(standing.usedTokens, caps.tokens),
    share(standing.usedMs, caps.minutes === null ? null : caps.minutes * 60_000),
  ].filter((left) => left !== null);
  return shares.length === 0 ? null : Math.min(...shares);
}

function share(used: number, cap: number | null): number | null {
  if (cap === null) return null;
  return cap === 0 ? 0 : Math.max(0, 1 - used / cap);
}

export function bandOf(left: number): Band {
  if (left >= 0.7) return "HIGH";
  if (left >= 0.3) return "MEDIUM";
  return left >= 0.1 ? "LOW" : "CRITICAL";
}

/** The line at the tail of the newest message, or `null` when this turn has none. */
export function reminderLine(settings: PolicySettings, standing: Standing): string | null {
  if (settings.kind === "dynamic" && settings.preset === "published") return publishedCountdown(standing);
  if (!isDue(settings.cadence, standing)) return null;
  const left = shareLeft(standing);
  const parts = budgetParts(standing);
  return left === null || parts.length === 0 ? null : `[budget] ${[...parts, bandOf(left)].join(" · ")}`;
}

/** The countdown of arXiv 2510.16786, after every turn from the first. */
function publishedCountdown(standing: Standing): string | null {
  if (standing.turnsUsed === 0 || standing.limit === null) return null;
  return `ENVIRONMENT REMINDER: You have ${standing.limit - standing.turnsUsed} turns left to complete the task.`;
}

function isDue(cadence: Cadence, standing: Standing): boolean {
  switch (cadence.kind) {
    case "every":
      return true;
    case "last":
      return standing.limit !== null && standing.limit - standing.turnsUsed <= cadence.turns;
    case "off":
      return false;
  }
}

function budgetParts(standing: Standing): string[] {
  const { caps, limit } = standing;
  const parts: string[] = [];
  if (limit !== null) parts.push(`turn ${standing.turnsUsed + 1} of ${limit}`);
  if (caps.usd !== null) parts.push(`$${dollars(standing.usedUsd)} of $${dollars(caps.usd)}`);
  if (caps.tokens !== null) parts.push(`${thousands(standing.usedTokens)} of ${thousands(caps.tokens)} tokens`);
  if (caps.minutes !== null) parts.push(`${Math.floor(standing.usedMs / 60_000)} of ${caps.minutes} min`);
  return parts;
}

/** Cents for what is dear, more digits for what is small: the model needs the order of things, in few tokens. */
function dollars(amount: NanoUsd): string {
  const value = toDollars(amount);
  return value === 0 || value >= 0.1 ? value.toFixed(2) : value.toFixed(3);
}

function thousands(tokens: number): string {
  return tokens < 10_000 ? String(tokens) : `${Math.round(tokens / 1_000)}k`;
}
