import type { Charge, Provenance } from "../core/agentEvent";
import type { NanoUsd } from "../core/money";
import type { PriceRow } from "../core/pricing";
import { knownUsd, type TurnRecord } from "../core/runState";
import type { Figure } from "../protocol/sidebar";
import { formatCount, formatRate, formatUsd } from "./format";

/** Provenance in words: what stands behind a figure in dollars. */

/** A sum of charges and how sure it is. */
export interface Sum {
  readonly usd: NanoUsd;
  readonly charges: number;
  readonly estimatedCharges: number;
  readonly unknownCharges: number;
}

export const DEMO_WORDS = "demo money: nothing is billed";

/** `your own price`, `genai-prices of 2026-11-01`. */
function priceSource(price: PriceRow): string {
  const source = { user: "your own price", override: "Turnpike's table", "genai-prices": "genai-prices", demo: "demo prices" };
  return price.asOf === null ? source[price.source] : `${source[price.source]} of ${price.asOf}`;
}

/** `$1.25 / $10`: dollars per million tokens in and out, at the lowest tier. */
export function priceShort(price: PriceRow): string {
  const [tier] = price.tiers;
  return `${formatRate(tier.freshInput)} / ${formatRate(tier.output)}`;
}

/** The price in a sentence, for tooltips. */
export function priceWords(price: PriceRow): string {
  const [tier, ...dearer] = price.tiers;
  const rates = `${formatRate(tier.freshInput)} in, ${formatRate(tier.cacheRead)} cached, ${formatRate(tier.output)} out`;
  const more = dearer.length > 0 ? ", dearer for long prompts" : "";
  return `${rates} per million tokens${more}; ${priceSource(price)}`;
}

/** What one step cost; before it is billed, what is `held` for it at most. */
export function turnFigure(turn: TurnRecord, demo: boolean, held: NanoUsd | null = null): Figure {
  const unknown = turn.charges.filter((charge) => charge.usd === null).length;
  if (turn.provenance === null) {
    const bound = held === null ? "" : `≤ ${formatUsd(held, "up")}`;
    return {
      text: bound,
      mark: demo && bound !== "" ? "demo" : "",
      title: bound === "" ? "not billed yet" : "reserved for the call in flight",
    };
  }
  const titles = turn.charges.map((charge) => chargeTitle(charge));
  const title = `${[...new Set(titles)].join("; ")}${turn.charges.length > 1 ? ` (${turn.charges.length} calls)` : ""}`;
  return figure(turn.usd, unknown > 0, turn.provenance, demo, title);
}

/** What several calls cost together; `counted`: what `charges` counts, where it is not calls. */
export function sumFigure(sum: Sum, demo: boolean, counted = "call"): Figure {
  const { estimatedCharges: estimated, unknownCharges: unknown } = sum;
  const parts = [formatCount(sum.charges, counted)];
  if (estimated > 0) parts.push(`${estimated} estimated`);
  if (unknown > 0) parts.push(`${unknown} of unknown cost, not in the sum`);
  return figure(knownUsd(sum), unknown > 0, estimated > 0 ? "estimated" : "priced", demo, parts.join(", "));
}

/** A figure as running text: `≈ $0.18`. What is unknown or demo says so in its own words. */
export function figureText({ text, mark }: Figure): string {
  return mark === "≈" ? `≈ ${text}` : text;
}

function figure(usd: NanoUsd | null, partly: boolean, provenance: Provenance, demo: boolean, words: string): Figure {
  const title = demo ? `${DEMO_WORDS}; ${words}` : words;
  if (usd === null) return { text: "?", mark: "?", title };
  // A lower bound below what is printable says nothing.
  if (partly) return usd < 100_000 ? { text: "?", mark: "?", title } : { text: `≥ ${formatUsd(usd, "down")}`, mark: "?", title };
  return { text: formatUsd(usd), mark: demo ? "demo" : provenance === "estimated" ? "≈" : "", title };
}

function chargeTitle({ provenance, price, usd, computedUsd }: Charge): string {
  const source = price ? priceSource(price) : "no price";
  switch (provenance) {
    case "reported":
      return computedUsd !== null && computedUsd !== usd
        ? `billed by the provider; ${formatUsd(computedUsd)} by ${source}`
        : "billed by the provider";
    case "priced":
      return `computed from ${source}`;
    case "estimated":
      return `estimated: the provider reported no tokens; ${source}`;
    case "unknown":
      return "unknown: no price for this model";
  }
}
