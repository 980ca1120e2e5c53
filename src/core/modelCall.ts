import type { ActiveRun } from "./activeRun";
import type { CallPurpose, Plan } from "./agentEvent";
import { chargeFor } from "./charging";
import type { Message } from "./conversation";
import { beginTurn } from "./converse";
import type { Bound } from "./inputBound";
import { overrunOf, planCall, settlementOf, USEFUL_OUTPUT } from "./ledger";
import type { ModelAnswer, ModelRequest, ModelResult } from "./ports";
import { nextTry } from "./retry";
import type { ModelRef } from "./runConfig";

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

/** How long a cancelled call may still wait for its bill: kept free before the cap in minutes. */
const DRAIN_MS = 2_000;

/** One model call: planned, reserved, sent, settled; again for each retry, under a new reservation. */
export function callModel(run: ActiveRun, call: TurnCall): Promise<CallEnd> {
  const held = call.purpose === "landing" ? Math.min(DRAIN_MS, run.landingMs() / 4) : run.landingMs();
  return run.withDeadline(held, (deadline) => callUntil(run, call, deadline));
}

async function callUntil(run: ActiveRun, call: TurnCall, deadline: AbortSignal): Promise<CallEnd> {
  const { turn } = call;
  let stalls = 0;
  for (let attempt = 1; ; attempt += 1) {
    const reserved = await reserve(run, call, attempt);
    if (reserved.kind === "short") return reserved;
    if (attempt === 1) run.emit({ kind: "turnStarted", ...call });
    run.emit({ kind: "reserved", turn, attempt, plan: reserved.plan });
    await run.flush();
    const result = await attemptCall(run, call, attempt, reserved, deadline);
    if (result.kind === "answered") return { kind: "answered", answer: result.answer };
    if (run.stopped.aborted) return { kind: "stopped" };
    if (deadline.aborted) return { kind: "outOfTime" };
    if (result.kind === "broken" && result.cause === "stalled") stalls += 1;
    const next = nextTry(result, attempt, stalls);
    if (next.kind === "giveUp") return { kind: "failed", reason: next.reason };
    run.emit({ kind: "retrying", turn, attempt, reason: result.reason, waitMs: next.waitMs });
    await run.ports.clock.sleep(next.waitMs, AbortSignal.any([run.stopped, deadline]));
    if (run.stopped.aborted) return { kind: "stopped" };
    if (deadline.aborted) return { kind: "outOfTime" };
  }
}

/** A call that is paid for: what it may cost, the count of its prompt where there is one, and its place in the books. */
interface Reservation {
  readonly kind: "reserved";
  readonly id: string;
  readonly plan: Plan;
  readonly exact: Promise<Bound> | null;
}

type Short = { readonly kind: "short"; readonly unit: "usd" | "tokens" };

/** Holds the worst case in every scope, or says which unit is short. Another window may take the room in between: plan again. */
async function reserve(run: ActiveRun, call: TurnCall, attempt: number): Promise<Reservation | Short> {
  const { books, newId } = run.ports;
  const { turn, purpose } = call;
  // Until the turn has begun, its tail is not in the conversation yet.
  const { messages } = attempt === 1 ? beginTurn(run.conversation, call) : run.conversation;
  for (;;) {
    const planned = await planFor(run, messages, purpose);
    if (planned.kind === "short") return planned;
    const { plan, exact } = planned;
    const id = newId();
    const worst = { usd: plan.worstUsd, tokens: plan.worstTokens };
    const { maxOutput, inputUpper } = plan;
    const scopes = [run.scopeId];
    const taken = await books.reserve({ id, runId: run.runId, turn, attempt, purpose, scopes, worst, maxOutput, inputUpper });
    if (taken.ok) return { kind: "reserved", id, plan, exact };
  }
}

/** A quick bound is enough while it clamps nothing; where money or the window is near, the exact count is worth the wait. */
async function planFor(run: ActiveRun, messages: readonly Message[], purpose: CallPurpose) {
  const { config } = run.state;
  const scopes = await run.ports.books.balances([run.scopeId]);
  const withBound = (bound: Bound) => {
    const { reasoning } = config.model;
    const inputUpper = bound.tokens;
    const requestedOutput = Math.min(config.requestedOutput, mostOutput(config.model, inputUpper));
    const planned = planCall({ purpose, inputUpper, requestedOutput, reasoning, price: config.price }, scopes);
    const isWhole = requestedOutput === Math.min(config.requestedOutput, config.model.maxOutput ?? config.requestedOutput);
    return { ...planned, isTight: planned.kind === "short" || planned.clamped || !isWhole };
  };
  const count = () => run.bound.exact(messages, run.specs);
  const quick = withBound(run.bound.quick(messages, run.specs));
  if (!quick.isTight) return { ...quick, exact: run.ports.counter.ready ? count() : null };
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
  { turn, purpose }: TurnCall,
  attempt: number,
  { id, plan, exact }: Reservation,
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
      const { charge, reportedInput } = await chargeFor(run, result, plan, exact);
      await books.settle(id, settlementOf(charge));
      const overrun = overrunOf(charge, plan);
      run.emit({ kind: "charged", turn, attempt, purpose, charge, ms: clock.now() - sentAt, overrun });
      if (reportedInput !== null) learn(run, exact, reportedInput);
    }
  }
}

/** The next bound starts from this report; the ratio to our own count is learned beside, when the count is there. */
function learn(run: ActiveRun, exact: Promise<Bound> | null, reported: number): void {
  run.bound.report(run.conversation.messages, reported);
  if (!exact) return;
  const learning = exact.then(async (bound) => {
    const ratio = run.bound.learn(bound, reported);
    if (ratio !== null) await run.ports.books.observeInput(run.state.config.model.id, ratio);
  });
  // What is learned is of use to later runs; this one does not depend on it.
  learning.catch(() => {});
}
