import type { ActiveRun } from "./activeRun";
import type { Charge, Plan } from "./agentEvent";
import type { Bound } from "./inputBound";
import { chargeAtBound, chargeOf } from "./ledger";
import { normaliseUsage } from "./normaliseUsage";
import type { ModelResult } from "./ports";
import { inputTokens, NO_USAGE } from "./usage";

/** How an attempt that may have been billed ended; `null` = it threw, and nothing is known. */
export type BilledResult = Exclude<ModelResult, { kind: "refused" }> | null;

export interface SettledCall {
  readonly charge: Charge;
  /** The prompt as the provider reported it, where the report can be trusted. */
  readonly reportedInput: number | null;
}

/** No model in use generates faster; what may have been generated unseen is bounded by it. */
const FASTEST_TOKENS_PER_S = 300;
/** Counts of two tokenizers differ, but never this many times: a report so far below ours leaves the output out. */
const FAR_BELOW = 16;

/**
 * What an attempt is charged: as reported, else an estimate on the safe side, marked as such. A report that came before
 * the end of an answer, or has next to none of its output, is raised to the estimate.
 */
export async function chargeFor(
  run: ActiveRun,
  result: BilledResult,
  plan: Plan,
  exact: Promise<Bound> | null,
): Promise<SettledCall> {
  const { price } = run.state.config;
  const bill = result?.bill ? normaliseUsage(result.bill, plan) : null;
  if (!bill || !result) {
    const counted = await (exact ?? run.bound.exact(run.conversation.messages, run.specs));
    const freshInput = Math.min(plan.inputUpper, counted.tokens);
    const output = result ? await outputWithoutBill(run, result, plan) : plan.maxOutput;
    return { charge: chargeAtBound({ ...NO_USAGE, freshInput, output }, price), reportedInput: null };
  }
  const reportedInput = bill.anomalies.length === 0 ? inputTokens(bill.usage) : null;
  const isEarly = result.bill?.early === true;
  const isPart = isEarly || (await isFarBelow(run, bill.usage.output, result));
  const output = Math.max(bill.usage.output, isPart ? await outputWithoutBill(run, result, plan) : 0);
  // Dollars told early are of the same early moment; told at the end they stand, whatever the counts beside them.
  const costUsd = isEarly ? null : bill.costUsd;
  const isEstimated = isPart || bill.anomalies.length > 0;
  return { charge: chargeOf({ ...bill.usage, output }, isEstimated, costUsd, price), reportedInput };
}

/** All it may have been: thinking need not be shown, and what an answer past its bound or a silent one held was not seen. */
async function outputWithoutBill(run: ActiveRun, result: NonNullable<BilledResult>, plan: Plan): Promise<number> {
  const seen = await seenOutput(run, result);
  const isPartlyHidden = run.state.config.model.reasoning || (result.kind === "broken" && result.cause === "overBound");
  if (isPartlyHidden) return Math.max(plan.maxOutput, seen);
  const unseen = result.kind === "broken" ? (result.silentMs / 1000) * FASTEST_TOKENS_PER_S : 0;
  return Math.max(seen, Math.min(plan.maxOutput, Math.ceil(seen * run.bound.factor + unseen)));
}

async function isFarBelow(run: ActiveRun, reported: number, result: NonNullable<BilledResult>): Promise<boolean> {
  // Counting takes a while, and most reports are beyond doubt without.
  const bytes = outputTexts(result).reduce((sum, text) => sum + run.ports.counter.bound(text), 0);
  return reported * FAR_BELOW < bytes && reported * FAR_BELOW < (await seenOutput(run, result));
}

/** Tokens of what arrived, by our own count. */
async function seenOutput(run: ActiveRun, result: NonNullable<BilledResult>): Promise<number> {
  const counts = await run.ports.counter.count(outputTexts(result));
  return counts.reduce((sum, n) => sum + n, 0);
}

function outputTexts(result: NonNullable<BilledResult>): readonly string[] {
  const { text, toolCalls } = result.kind === "answered" ? result.answer : result.partial;
  const reasoning = (result.kind === "answered" ? result.reasoning : result.partial.reasoning) ?? "";
  return [text + toolCalls.map((call) => call.name + call.arguments).join(""), reasoning];
}
