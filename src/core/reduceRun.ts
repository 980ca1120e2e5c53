import type { AgentEvent, CallPurpose, PlanItem, StampedEvent } from "./agentEvent";
import { addUsd, ZERO_USD } from "./money";
import type { RunConfig } from "./runConfig";
import {
  type CallRecord,
  type Extension,
  elapsedMs,
  NO_TOTALS,
  type PlanLine,
  type Question,
  type RunState,
  raisedLimit,
  startingLimit,
  type Totals,
  type TurnRecord,
  weakest,
} from "./runState";
import { addUsage, cappedTokens, NO_USAGE } from "./usage";

/** Folds a run's events. Throws if the first is not `started`. */
export function foldRun(events: Iterable<StampedEvent>): RunState {
  let state: RunState | null = null;
  for (const event of events) state = reduceRun(state, event);
  if (!state) throw new Error("a run has at least its start");
  return state;
}

/** The one place where a run's state changes. */
export function reduceRun(state: RunState | null, event: StampedEvent): RunState {
  if (state === null) {
    if (event.kind !== "started") throw new Error(`a run begins with "started", not "${event.kind}"`);
    return initialState(event.config, event.at);
  }
  return { ...withWaiting(apply(state, event, event.at), state, event.at), lastAt: event.at };
}

/** Keeps the time that a question was open out of the working time, of the run and of the step it was asked in. */
function withWaiting(next: RunState, before: RunState, at: number): RunState {
  if (next.question !== null) return next.askedAt === null ? { ...next, askedAt: at } : next;
  if (before.askedAt === null || next.askedAt === null) return next;
  const waited = at - before.askedAt;
  const answered = { ...next, askedAt: null, waitedMs: next.waitedMs + waited };
  if (before.question?.kind !== "approval") return answered;
  return onTurn(answered, before.question.turn, (turn) => ({ waitedMs: turn.waitedMs + waited, endedAt: at }));
}

function initialState(config: RunConfig, at: number): RunState {
  return {
    config,
    phase: "running",
    ending: null,
    caps: config.caps,
    limit: startingLimit(config.policy, config.caps.turns),
    extensions: [],
    grantedAt: 0,
    refusals: [],
    wish: null,
    plan: [],
    outlook: null,
    turns: [],
    totals: NO_TOTALS,
    reserved: null,
    live: NOTHING_LIVE,
    question: null,
    landing: null,
    note: null,
    outcome: null,
    warnings: [],
    messages: [{ beforeTurn: 1, text: config.task }],
    freshStarts: [],
    startedAt: at,
    lastAt: at,
    segmentStartedAt: at,
    earlierMs: 0,
    askedAt: null,
    waitedMs: 0,
  };
}

const NOTHING_LIVE = { text: "", reasoning: "", output: "" };

function apply(state: RunState, event: AgentEvent, at: number): RunState {
  switch (event.kind) {
    case "started":
      throw new Error("a run starts once");
    case "resumed":
      return {
        ...state,
        config: { ...state.config, ...event.config },
        phase: "running",
        ending: null,
        caps: event.caps,
        limit: event.limit,
        grantedAt:
          state.limit !== null && event.limit !== null && event.limit > state.limit ? state.turns.length : state.grantedAt,
        landing: null,
        note: null,
        outcome: null,
        question: null,
        reserved: null,
        freshStarts: event.segment === "fresh" ? [...state.freshStarts, state.turns.length + 1] : state.freshStarts,
        segmentStartedAt: at,
        earlierMs: elapsedMs(state, at),
        askedAt: null,
        waitedMs: 0,
      };
    case "userMessage":
      return { ...state, messages: [...state.messages, { beforeTurn: state.turns.length + 1, text: event.shown ?? event.text }] };
    case "nudged":
      return state;
    case "turnStarted":
      return { ...state, live: NOTHING_LIVE, turns: [...state.turns, newTurn(state, event.turn, event.purpose, event.tail, at)] };
    case "reserved":
      return onTurn({ ...state, reserved: event.plan }, event.turn, () => ({ plan: event.plan }));
    case "delta":
      return { ...state, live: { ...state.live, [event.channel]: state.live[event.channel] + event.text } };
    case "charged":
      return charged(state, event, at);
    case "released":
      return onTurn({ ...state, reserved: null }, event.turn, () => ({ endedAt: at }));
    case "retrying":
      return onTurn({ ...state, live: NOTHING_LIVE }, event.turn, (turn) => ({ retries: [...turn.retries, event.reason] }));
    case "assistant":
      return onTurn({ ...state, live: NOTHING_LIVE }, event.turn, () => ({ text: event.text, endedAt: at }));
    case "approvalAsked":
      return { ...state, question: { kind: "approval", turn: event.turn, request: event.request } };
    case "approvalAnswered":
      return { ...state, question: closed(state.question, "approval") };
    case "toolStarted":
      return onTurn({ ...state, live: NOTHING_LIVE }, event.turn, (turn) => ({
        calls: [...turn.calls, startedCall(event.callId, event.tool, event.subject)],
      }));
    case "toolOutput":
      return { ...state, live: { ...state.live, output: (state.live.output + event.text).slice(-LIVE_OUTPUT_CHARS) } };
    case "toolEnded": {
      const { callId, tool, subject, text, resultTokens, truncated, ms, exitCode, changes, check } = event;
      const result = { text, resultTokens, truncated, ms, exitCode, changes, check };
      const ended: CallRecord = { callId, tool, subject, state: event.ok ? "ok" : "failed", ...result };
      return onTurn({ ...state, live: NOTHING_LIVE }, event.turn, (turn) => ({
        calls: [...turn.calls.filter((call) => call.callId !== callId || call.state !== "running"), ended],
        endedAt: at,
      }));
    }
    case "planned":
      return { ...state, plan: event.items.map((item) => planLine(state.plan, item, event.turn)) };
    case "extensionWished":
      return { ...state, wish: event.wish };
    case "forecast":
      return { ...state, outlook: event.outlook };
    case "hinted":
      return onTurn(state, event.turn, () => ({ hint: event.text }));
    case "extended":
      return {
        ...state,
        question: closed(state.question, "extension"),
        limit: event.to,
        grantedAt: event.turn,
        wish: null,
        extensions: [...state.extensions, extension(event, event.from, event.to)],
      };
    case "extensionAsked": {
      const { turn, limit, chunk, evidence } = event;
      return { ...state, question: { kind: "extension", turn, limit, chunk, evidence } };
    }
    case "extensionRefused":
      return {
        ...state,
        question: closed(state.question, "extension"),
        wish: null,
        refusals: [...state.refusals, extension(event, event.limit, event.limit)],
      };
    case "capsChanged":
      return { ...state, caps: event.caps, limit: raisedLimit(state.config.policy, state.limit, event.caps) };
    case "ending":
      return { ...state, ending: event.how };
    case "landing":
      return { ...state, phase: "landing", landing: event.why, question: null };
    case "noted":
      return { ...state, note: event.note };
    case "warning":
      return { ...state, warnings: [...state.warnings, { unit: event.unit, cap: event.cap, share: event.share }] };
    case "ended":
      return {
        ...state,
        phase: "ended",
        ending: null,
        outcome: event.outcome,
        question: null,
        reserved: null,
        live: NOTHING_LIVE,
      };
  }
}

function extension({ turn, by, evidence }: Omit<Extension, "from" | "to">, from: number, to: number): Extension {
  return { turn, from, to, by, evidence };
}

/** An item by its words: what was known of it stays known. One that is opened again counts as new, lest it be done twice. */
function planLine(plan: readonly PlanLine[], { text, done }: PlanItem, turn: number): PlanLine {
  const known = plan.find((line) => line.text === text && (done || line.doneTurn === null));
  return { text, sinceTurn: known?.sinceTurn ?? turn, doneTurn: done ? (known?.doneTurn ?? turn) : null };
}

/** How much of a running command's output views keep. */
const LIVE_OUTPUT_CHARS = 4_000;

/** The open question, unless it is of the kind that has been settled. */
function closed(question: Question | null, kind: Question["kind"]): Question | null {
  return question?.kind === kind ? null : question;
}

function newTurn(state: RunState, turn: number, purpose: CallPurpose, tail: string | null, at: number): TurnRecord {
  return {
    turn,
    purpose,
    tail,
    plan: null,
    charges: [],
    retries: [],
    usage: NO_USAGE,
    usd: null,
    provenance: null,
    runningUsd: state.totals.usd,
    text: "",
    calls: [],
    hint: null,
    startedAt: at,
    endedAt: null,
    waitedMs: 0,
  };
}

/** A call before there is anything to tell of it. */
export function startedCall(callId: string, tool: string, subject: string): CallRecord {
  const nothingYet = { text: "", resultTokens: null, truncated: false, ms: 0, exitCode: null, changes: [], check: null };
  return { callId, tool, subject, state: "running", ...nothingYet };
}

function charged(state: RunState, event: AgentEvent & { readonly kind: "charged" }, at: number): RunState {
  const { totals } = state;
  const { turn: turnNumber, charge, overrun, held } = event;
  const next: Totals = {
    usd: addUsd(totals.usd, charge.usd ?? ZERO_USD),
    usage: addUsage(totals.usage, charge.usage),
    tokens: totals.tokens + cappedTokens(charge.usage),
    charges: totals.charges + 1,
    estimatedCharges: totals.estimatedCharges + (charge.provenance === "estimated" ? 1 : 0),
    unknownCharges: totals.unknownCharges + (charge.usd === null ? 1 : 0),
    overrunUsd: addUsd(totals.overrunUsd, overrun?.usd ?? ZERO_USD),
    heldUsd: addUsd(totals.heldUsd, held?.usd ?? ZERO_USD),
    heldTokens: totals.heldTokens + (held?.tokens ?? 0),
  };
  return onTurn({ ...state, totals: next, reserved: null }, turnNumber, (turn) => ({
    charges: [...turn.charges, charge],
    usage: addUsage(turn.usage, charge.usage),
    usd: charge.usd === null ? turn.usd : addUsd(turn.usd ?? ZERO_USD, charge.usd),
    provenance: weakest(turn.provenance, charge.provenance),
    runningUsd: next.usd,
    endedAt: at,
  }));
}

function onTurn(state: RunState, number: number, change: (turn: TurnRecord) => Partial<TurnRecord>): RunState {
  const index = state.turns.findLastIndex((turn) => turn.turn === number);
  const turn = state.turns[index];
  return turn ? { ...state, turns: state.turns.with(index, { ...turn, ...change(turn) }) } : state;
}
