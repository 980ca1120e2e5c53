import { type NanoUsd, nano } from "../core/money";
import type { PriceRow } from "../core/pricing";
import type { Caps } from "../core/runConfig";
import { formatCap, formatPercent, formatUsd } from "./format";
import { capText } from "./units";

/** What must be known to say, before a start, what it can cost at most. */
export interface BoundInput {
  readonly caps: Caps;
  /** Turn limit of policy and cap together, without extensions that only the user grants. */
  readonly turns: number | null;
  /** `undefined` = not looked up yet, `null` = none known. */
  readonly price: PriceRow | null | undefined;
  /** Largest share by which a prompt was billed above its count; `null` before the first observation. */
  readonly inputError: number | null;
  /** Spent already, when a run goes on. */
  readonly spent: NanoUsd | null;
}

/** The most that can be billed, in a sentence that is true. */
export function boundWords(input: BoundInput): string {
  const { price, caps } = input;
  if (price?.source === "demo") return demoBound(caps.usd);
  if (caps.usd === null) return noDollarCap(input);
  if (price === undefined) return "Looking up the price…";
  if (price === null) return "No bound: this model has no price yet.";
  const bound = `Cannot bill more than ${formatCap(caps.usd)}`;
  const error = countError(input.inputError);
  if (input.spent === null) return `${bound} ${error}.`;
  return `${bound} in all ${error}; ${formatUsd(nano(Math.max(0, caps.usd - input.spent)), "down")} is left.`;
}

/** The bound rests on counting the prompt before it is sent; what the provider counts differently comes on top. */
function countError(observed: number | null): string {
  if (observed === null) return "(+ input-count error)";
  if (observed <= 0) return "(+ input-count error, none so far)";
  return `(+ input-count error, so far at most ${formatPercent(observed)})`;
}

function demoBound(cap: NanoUsd | null): string {
  const kept = cap === null ? "" : ` The limit of ${formatCap(cap)} is kept all the same.`;
  return `Demo model: nothing is billed.${kept}`;
}

function noDollarCap({ caps, turns }: BoundInput): string {
  const stops = [
    turns === null ? null : capText("turns", turns),
    caps.tokens === null ? null : capText("tokens", caps.tokens),
    caps.minutes === null ? null : capText("minutes", caps.minutes * 60_000),
  ].filter((stop) => stop !== null);
  if (stops.length === 0) return "No limit of any kind: it runs until it is done or you stop it.";
  return `No dollar limit: stops at ${list(stops)}, whatever that costs.`;
}

/** `a`, `a or b`, `a, b or c`. */
function list(items: readonly string[]): string {
  const last = items.at(-1) ?? "";
  return items.length < 2 ? last : `${items.slice(0, -1).join(", ")} or ${last}`;
}
