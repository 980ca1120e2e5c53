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

/**
 * What an attempt is charged: as reported, else an estimate on the safe side, marked as such. A report that came before
 * the end of an answer, or has none of its output, is raised to what was seen of the answer.
 */
export async function chargeFor(
  run: ActiveRun,
  result: BilledResult,
  plan: Plan,
  exact: Promise<Bound> | null,
): Promise<SettledCall> {
  const { price } = run.state.config;
  const bill = result?.bill ? normaliseUsage(result.bill, plan) : null;
  if (!bill) {
    const counted = await (exact ?? run.bound.exact(run.conversation.messages, run.specs));
    const freshInput = Math.min(plan.inputUpper, counted.tokens);
    const output = await outputWithoutBill(run, result, plan);
    return { charge: chargeAtBound({ ...NO_USAGE, freshInput, output }, price), reportedInput: null };
  }
  const reportedInput = bill.anomalies.length === 0 ? inputTokens(bill.usage) : null;
  const seen = result?.kind === "broken" ? await seenOutput(run, result) : 0;
  if (seen > bill.usage.output) {
    // The provider's own figure in dollars would be of the same early moment.
    return { charge: chargeOf({ ...bill.usage, output: seen }, true, null, price), reportedInput };
  }
  return { charge: chargeOf(bill.usage, bill.anomalies.length > 0, bill.costUsd, price), reportedInput };
}

/** All it may have been: thinking need not be shown, and an answer past its bound was not read to its end. */
async function outputWithoutBill(run: ActiveRun, result: BilledResult, plan: Plan): Promise<number> {
  if (result === null) return plan.maxOutput;
  const seen = await seenOutput(run, result);
  const isPartlyHidden = run.state.config.model.reasoning || (result.kind === "broken" && result.cause === "overBound");
  return isPartlyHidden ? Math.max(plan.maxOutput, seen) : seen;
}

/** Tokens of what arrived, by our own count, raised by the model's factor like any count of ours. */
async function seenOutput(run: ActiveRun, result: NonNullable<BilledResult>): Promise<number> {
  const { text, toolCalls } = result.kind === "answered" ? result.answer : result.partial;
  const reasoning = (result.kind === "answered" ? result.reasoning : result.partial.reasoning) ?? "";
  const calls = toolCalls.map((call) => call.name + call.arguments).join("");
  const counts = await run.ports.counter.count([text + calls, reasoning]);
  return Math.ceil(counts.reduce((sum, n) => sum + n, 0) * run.bound.factor);
}
