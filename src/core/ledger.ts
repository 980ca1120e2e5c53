import type { Charge, Plan } from "./agentEvent";
import { type NanoUsd, nano } from "./money";
import type { ScopeBalance, Settlement } from "./ports";
import { costOf, dearestRates, type PriceRow, worstCase } from "./pricing";
import { cappedTokens, type Usage } from "./usage";

/** Output tokens an answer must be allowed to have to be worth sending; thinking counts inside the limit. */
export const USEFUL_OUTPUT = 1_024;
export const USEFUL_REASONING_OUTPUT = 4_096;
/** Output tokens held back for the landing turn, the least it is sent with, and the most it may use. */
export const LANDING_OUTPUT = 1_000;
export const LEAST_LANDING_OUTPUT = 200;
export const MOST_LANDING_OUTPUT = 4_096;
/** What the landing prompt may have more than the present prompt and the answer to it: framing and the instruction. */
export const LANDING_TAIL = 250;

export interface CallDemand {
  readonly purpose: "turn" | "landing";
  /** Upper bound of the prompt, in tokens. */
  readonly inputUpper: number;
  /** Most output wanted, before any budget: the lesser of the model's maximum and the user's wish. */
  readonly requestedOutput: number;
  readonly reasoning: boolean;
  readonly price: PriceRow | null;
}

export type CallPlan =
  | { readonly kind: "send"; readonly plan: Plan; readonly clamped: boolean }
  | { readonly kind: "short"; readonly unit: "usd" | "tokens"; readonly scope: ScopeBalance };

/**
 * Fits a call into every scope before it is sent: the worst case of the call itself and, on an ordinary turn, of one
 * landing call after it, whose prompt has grown by everything this call may answer. What does not fit lowers the output
 * limit; below the useful floor the call is `short` and is not sent. So `settled + reserved + landing <= cap` holds
 * whatever the provider bills within the bounds.
 */
export function planCall(demand: CallDemand, scopes: readonly ScopeBalance[]): CallPlan {
  const wanted = demand.purpose === "landing" ? Math.min(demand.requestedOutput, MOST_LANDING_OUTPUT) : demand.requestedOutput;
  let maxOutput = wanted;
  let binding: { unit: "usd" | "tokens"; scope: ScopeBalance } | null = null;
  for (const scope of scopes) {
    for (const unit of ["usd", "tokens"] as const) {
      const affordable = affordableOutput(demand, wanted, scope, unit);
      if (affordable < maxOutput) {
        maxOutput = affordable;
        binding = { unit, scope };
      }
    }
  }
  const floor = Math.min(wanted, usefulOutput(demand));
  if (binding && maxOutput < floor) return { kind: "short", ...binding };
  const { inputUpper, price } = demand;
  const plan: Plan = {
    maxOutput,
    requestedOutput: wanted,
    inputUpper,
    worstUsd: price && worstCase(price, inputUpper, maxOutput),
    worstTokens: inputUpper + maxOutput,
  };
  return { kind: "send", plan, clamped: maxOutput < wanted };
}

/** Held back for the landing while a call with `inputUpper` tokens of prompt is in flight; for views. */
export function landingReserve(price: PriceRow, inputUpper: number): NanoUsd {
  return worstCase(price, inputUpper + LANDING_TAIL, LANDING_OUTPUT);
}

function usefulOutput(demand: CallDemand): number {
  if (demand.purpose === "landing") return LEAST_LANDING_OUTPUT;
  return demand.reasoning ? USEFUL_REASONING_OUTPUT : USEFUL_OUTPUT;
}

/** The largest output limit whose worst case fits what one scope has left in one unit; negative when the prompt alone does not. */
function affordableOutput(demand: CallDemand, wanted: number, scope: ScopeBalance, unit: "usd" | "tokens"): number {
  const { inputUpper } = demand;
  if (unit === "tokens") {
    if (scope.capTokens === null) return Number.POSITIVE_INFINITY;
    const left = BigInt(scope.capTokens - scope.settledTokens - scope.reservedTokens);
    return mostOutput(demand, left, 1n, 1n, inputUpper);
  }
  if (scope.capUsd === null) return Number.POSITIVE_INFINITY;
  if (!demand.price) return -1;
  const rates = dearestRates(demand.price, inputUpper + wanted + LANDING_TAIL);
  // A call is rounded up to a whole nano-dollar, and so is its landing: leave room for both.
  const left = BigInt(scope.capUsd - scope.settledUsd - scope.reservedUsd - 2) * 1_000_000n;
  return mostOutput(demand, left, BigInt(rates.input), BigInt(rates.output), inputUpper);
}

function mostOutput(demand: CallDemand, left: bigint, inputRate: bigint, outputRate: bigint, inputUpper: number): number {
  const prompt = BigInt(inputUpper) * inputRate;
  if (demand.purpose === "landing") return divide(left - prompt, outputRate);
  const landing = BigInt(inputUpper + LANDING_TAIL) * inputRate + BigInt(LANDING_OUTPUT) * outputRate;
  return divide(left - prompt - landing, outputRate + inputRate);
}

function divide(left: bigint, rate: bigint): number {
  if (left < 0n) return -1;
  return rate === 0n ? Number.POSITIVE_INFINITY : Number(left / rate);
}

/** What a call is charged: a provider's own figure wins and is kept beside the computed one. */
export function chargeOf(usage: Usage, estimated: boolean, providerUsd: NanoUsd | null, price: PriceRow | null): Charge {
  const computedUsd = price && costOf(usage, price);
  if (providerUsd !== null) return { usage, usd: providerUsd, provenance: "reported", price, computedUsd };
  if (computedUsd === null) return { usage, usd: null, provenance: "unknown", price, computedUsd };
  return { usage, usd: computedUsd, provenance: estimated ? "estimated" : "priced", price, computedUsd };
}

/** A call's cost when all that is known of its prompt is a bound: every input token at the dearest input rate. */
export function chargeAtBound(usage: Usage, price: PriceRow | null): Charge {
  if (!price) return chargeOf(usage, true, null, null);
  const usd = worstCase(price, usage.freshInput, usage.output);
  return { usage, usd, provenance: "estimated", price, computedUsd: costOf(usage, price) };
}

export function settlementOf(charge: Charge): Settlement {
  return {
    usage: charge.usage,
    usd: charge.usd,
    tokens: cappedTokens(charge.usage),
    provenance: charge.provenance,
    price: charge.price && JSON.stringify(charge.price),
  };
}

/** What was billed above the reserved bound; `null` when the provider kept to it. */
export function overrunOf(charge: Charge, plan: Plan): { readonly usd: NanoUsd | null; readonly tokens: number } | null {
  const tokens = Math.max(0, cappedTokens(charge.usage) - plan.worstTokens);
  const over = charge.usd !== null && plan.worstUsd !== null ? Math.max(0, charge.usd - plan.worstUsd) : 0;
  return tokens > 0 || over > 0 ? { usd: plan.worstUsd === null ? null : nano(over), tokens } : null;
}
