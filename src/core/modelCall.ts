import type { ActiveRun } from "./activeRun";
import type { CallPurpose, Charge, Plan } from "./agentEvent";
import type { Bound } from "./inputBound";
import { chargeAtBound, chargeOf, overrunOf, planCall, settlementOf, USEFUL_OUTPUT } from "./ledger";
import { normaliseUsage } from "./normaliseUsage";
import type { ModelAnswer, ModelRequest, ModelResult } from "./ports";
import type { ModelRef } from "./runConfig";
import { inputTokens, NO_USAGE } from "./usage";

/** The turn a call is made for; it begins, as an event, once the first attempt is paid for. */
export interface TurnCall {
  readonly turn: number;
  readonly purpose: CallPurpose;
  readonly tail: string | null;
  readonly withheld: boolean;
}

/** How a model call with all its retries ended. */
export type CallEnd =
  | { readonly kind: "answered"; readonly answer: ModelAnswer }
  /** The worst case does not fit: nothing was sent. */
  | { readonly kind: "short"; readonly unit: "usd" | "tokens" }
  | { readonly kind: "outOfTime" }
  | { readonly kind: "stopped" }
  | { readonly kind: "failed"; readonly reason: string };

const MOST_ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
/** A provider that asks for a longer pause than this is not waited for. */
const LONGEST_WAIT_MS = 120_000;

/** One model call: planned, reserved, sent, settled; again for each retry, under a new reservation. */
export function callModel(run: ActiveRun, call: TurnCall): Promise<CallEnd> {
  return run.withDeadline(call.purpose === "landing" ? 0 : run.landingMs(), (deadline) => callUntil(run, call, deadline));
}

async function callUntil(run: ActiveRun, call: TurnCall, deadline: AbortSignal): Promise<CallEnd> {
  const { turn, purpose } = call;
  let reason = "";
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const reserved = await reserve(run, turn, attempt, purpose);
    if (reserved.kind === "short") return reserved;
    if (attempt === 1) run.emit({ kind: "turnStarted", ...call });
    run.emit({ kind: "reserved", turn, attempt, plan: reserved.plan });
    const { plan, exact, id } = reserved;
    const result = await attemptCall(run, turn, attempt, purpose, plan, exact, id, deadline);
    if (result.kind === "answered") return { kind: "answered", answer: result.answer };
    if (run.stopped.aborted) return { kind: "stopped" };
    if (deadline.aborted) return { kind: "outOfTime" };
    reason = result.reason;
    const waitMs = retryWait(result, attempt);
    if (waitMs === null) return { kind: "failed", reason };
    run.emit({ kind: "retrying", turn, attempt, reason, waitMs });
    await run.ports.clock.sleep(waitMs, AbortSignal.any([run.stopped, deadline]));
    if (run.stopped.aborted) return { kind: "stopped" };
    if (deadline.aborted) return { kind: "outOfTime" };
  }
  return { kind: "failed", reason: `gave up after ${MOST_ATTEMPTS} attempts: ${reason}` };
}

type Reserved =
  | { readonly kind: "reserved"; readonly plan: Plan; readonly exact: Promise<Bound> | null; readonly id: string }
  | { readonly kind: "short"; readonly unit: "usd" | "tokens" };

/** Holds the worst case in every scope, or says which unit is short. Another window may take the room in between: plan again. */
async function reserve(run: ActiveRun, turn: number, attempt: number, purpose: CallPurpose): Promise<Reserved> {
  const { books, newId } = run.ports;
  for (;;) {
    const planned = await plan(run, purpose);
    if (planned.kind === "short") return planned;
    const id = newId();
    const worst = { usd: planned.plan.worstUsd, tokens: planned.plan.worstTokens };
    const { maxOutput, inputUpper } = planned.plan;
    const scopes = [run.scopeId];
    const taken = await books.reserve({ id, runId: run.runId, turn, attempt, purpose, scopes, worst, maxOutput, inputUpper });
    if (taken.ok) return { kind: "reserved", plan: planned.plan, exact: planned.exact, id };
  }
}

/** A quick bound is enough while it clamps nothing; where money is near, the exact count is worth the wait. */
async function plan(run: ActiveRun, purpose: CallPurpose) {
  const { config } = run.state;
  const { messages } = run.conversation;
  const scopes = await run.ports.books.balances([run.scopeId]);
  const withBound = (bound: Bound) => {
    const { reasoning } = config.model;
    const inputUpper = bound.tokens;
    const requestedOutput = Math.min(config.requestedOutput, mostOutput(config.model, inputUpper));
    return planCall({ purpose, inputUpper, requestedOutput, reasoning, price: config.price }, scopes);
  };
  const count = () => run.bound.exact(messages, run.specs);
  const quick = withBound(run.bound.quick(messages, run.specs));
  if (quick.kind === "send" && !quick.clamped) return { ...quick, exact: run.ports.counter.ready ? count() : null };
  const exact = count();
  return { ...withBound(await exact), exact };
}

/** What the model can answer at most; in a nearly full window the useful minimum is left to the provider to refuse. */
function mostOutput({ maxOutput, contextWindow }: ModelRef, inputUpper: number): number {
  const room = contextWindow === null ? Number.POSITIVE_INFINITY : Math.max(USEFUL_OUTPUT, contextWindow - inputUpper);
  return Math.min(maxOutput ?? Number.POSITIVE_INFINITY, room);
}

/** One attempt over the wire. Whatever happens, its reservation is settled or released before this returns. */
async function attemptCall(
  run: ActiveRun,
  turn: number,
  attempt: number,
  purpose: CallPurpose,
  plan: Plan,
  exact: Promise<Bound> | null,
  id: string,
  deadline: AbortSignal,
): Promise<ModelResult> {
  const { model, books, clock } = run.ports;
  const { messages } = run.conversation;
  const toolChoice = purpose === "landing" ? "none" : "auto";
  const request: ModelRequest = { messages, tools: run.specs, toolChoice, maxOutput: plan.maxOutput };
  const sentAt = clock.now();
  let result: ModelResult | null = null;
  try {
    const onDelta = (channel: "text" | "reasoning", text: string) => run.emit({ kind: "delta", turn, channel, text });
    result = await model.stream(request, onDelta, AbortSignal.any([run.stopped, deadline]));
    return result;
  } finally {
    if (result?.kind === "refused") {
      await books.release(id, result.reason);
      run.emit({ kind: "released", turn, attempt, reason: result.reason });
    } else {
      const charge = await chargeFor(run, result, plan);
      await books.settle(id, settlementOf(charge));
      const overrun = overrunOf(charge, plan);
      run.emit({ kind: "charged", turn, attempt, purpose, charge, ms: clock.now() - sentAt, overrun });
      if (result?.bill) learn(run, exact, charge);
    }
  }
}

/** What an attempt that may have been billed is charged: as reported, else an estimate on the safe side. */
async function chargeFor(run: ActiveRun, result: Exclude<ModelResult, { kind: "refused" }> | null, plan: Plan): Promise<Charge> {
  const { price } = run.state.config;
  const bill = result?.bill ? normaliseUsage(result.bill, plan) : null;
  if (bill) return chargeOf(bill.usage, bill.anomalies.length > 0, bill.costUsd, price);
  const said = result === null ? null : result.kind === "answered" ? result.answer : result.partial;
  const output =
    said === null ? plan.maxOutput : await countedOutput(run, said, result?.kind === "broken" ? result.partial.reasoning : "");
  return chargeAtBound({ ...NO_USAGE, freshInput: plan.inputUpper, output }, price);
}

/** Tokens of an answer by our own count, raised by the model's factor like any count of ours. */
async function countedOutput(run: ActiveRun, answer: ModelAnswer, reasoning: string): Promise<number> {
  const calls = answer.toolCalls.map((call) => call.name + call.arguments).join("");
  const counts = await run.ports.counter.count([answer.text + calls, reasoning]);
  return Math.ceil(counts.reduce((sum, n) => sum + n, 0) * run.bound.factor);
}

/** The next bound starts from this report; the ratio to our own count is learned beside, when the count is there. */
function learn(run: ActiveRun, exact: Promise<Bound> | null, charge: Charge): void {
  const reported = inputTokens(charge.usage);
  run.bound.report(run.conversation.messages, reported);
  if (!exact) return;
  run.aside(
    exact.then(async (bound) => {
      const ratio = run.bound.learn(bound, reported);
      if (ratio !== null) await run.ports.books.observeInput(run.state.config.model.id, ratio);
    }),
  );
}

/** Milliseconds until the next attempt, or `null` when there is none. */
function retryWait(result: Exclude<ModelResult, { kind: "answered" }>, attempt: number): number | null {
  if (attempt >= MOST_ATTEMPTS) return null;
  const wait = FIRST_WAIT_MS * 2 ** (attempt - 1);
  if (result.kind === "broken") return wait;
  if (!result.retryable) return null;
  const asked = result.retryAfterMs;
  if (asked !== null && asked > LONGEST_WAIT_MS) return null;
  return asked ?? wait;
}
