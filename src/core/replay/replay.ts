import type { Evidence, StopReason } from "../agentEvent";
import { planCall } from "../ledger";
import { addUsd, type NanoUsd, nano, ZERO_USD } from "../money";
import { createPolicy, type PolicyView } from "../policy/policy";
import { costOf, type PriceRow } from "../pricing";
import type { RecordedRun, RecordedTurn } from "../recordedRun";
import type { PolicySettings } from "../runConfig";
import { hardLimit, startingLimit } from "../runState";
import { recordedProgress } from "./recordedProgress";

/** What recorded runs are run under once more. */
export interface ReplaySettings {
  readonly policy: PolicySettings;
  /** A dollar cap, kept by the live ledger's plan at this price; `null` = none. */
  readonly cap: { readonly usd: NanoUsd; readonly price: PriceRow } | null;
}

/** What would have become of a recorded run. */
export interface ReplayedRun {
  readonly run: RecordedRun;
  /** Turns it would have had, the landing turn included. */
  readonly turns: number;
  /** Why it would have ended before its end; `null` = it would not. */
  readonly cut: StopReason | null;
  /** Cost of those turns; `null` = the record does not tell what each of them cost. */
  readonly usd: NanoUsd | null;
  readonly extensions: readonly { readonly turn: number; readonly to: number; readonly evidence: Evidence }[];
}

/** Output asked for in a call, as the live engine does when nobody says otherwise. */
const REQUESTED_OUTPUT = 16_384;
const LANDING_OUTPUT = 1_000;

/**
 * Runs the live policy over a recorded run. The agent's behaviour is held fixed: it does turn for turn what it did, and
 * only how long it is let is asked. The call with which a policy lands stands for the recorded turn in its place, so a
 * limit of L keeps the first L turns, and a run is cut when it has more. Nobody is asked: what would be, lands.
 */
export function replayRun(run: RecordedRun, settings: ReplaySettings, policy = createPolicy(settings.policy)): ReplayedRun {
  const { turns } = run;
  const state = { run, used: 0, limit: startingLimit(settings.policy, null), sinceTurn: 0 };
  const view = viewOf(state, hardLimit(settings.policy, null));
  const extensions: { turn: number; to: number; evidence: Evidence }[] = [];
  while (state.used < turns.length) {
    const { used } = state;
    const decision = policy.next(view);
    switch (decision.kind) {
      case "go":
        if (settings.cap !== null && !fits(run, used, settings.cap)) {
          return landed(run, settings, used, state.limit, "dollars", extensions);
        }
        state.used += 1;
        break;
      case "extend":
        state.limit = (state.limit ?? 0) + decision.turns;
        state.sinceTurn = used;
        extensions.push({ turn: used, to: state.limit, evidence: decision.evidence });
        break;
      case "ask":
        return landed(run, settings, used, state.limit, "turns", extensions);
      case "land":
        return landed(run, settings, used, state.limit, decision.why, extensions);
    }
  }
  return { run, turns: turns.length, cut: null, usd: costOfFirst(run, turns.length), extensions };
}

/** How far a replay has come. */
interface Position {
  readonly run: RecordedRun;
  readonly used: number;
  readonly limit: number | null;
  /** The turn of the last grant. */
  readonly sinceTurn: number;
}

/**
 * The view that a live run would give, of where the replay stands whenever it is read: one view serves a whole run. What
 * a record tells of progress is worked out only when a policy asks for it.
 */
function viewOf(at: Position, hard: number | null): PolicyView {
  return {
    get turnsUsed() {
      return at.used;
    },
    get limit() {
      return at.limit;
    },
    get hard() {
      return hard === null || at.limit === null ? hard : Math.max(hard, at.limit);
    },
    get progress() {
      return recordedProgress(at.run.turns, at.sinceTurn, at.used);
    },
    against: [],
    isStuck: false,
    freeUsd: null,
    wish: null,
    priceOf: () => null,
    chanceIn: () => null,
  };
}

/** Whether the next call could be sent within the cap, with enough left for a landing after it. */
function fits(run: RecordedRun, used: number, { usd: cap, price }: NonNullable<ReplaySettings["cap"]>): boolean {
  const input = run.turns[used]?.input ?? null;
  const settled = costOfFirst(run, used);
  if (input === null || settled === null) return true;
  const scope = { id: run.id, kind: "run", capUsd: cap, capTokens: null, settledTokens: 0, reservedTokens: 0 } as const;
  const demand = {
    purpose: "turn",
    inputUpper: Math.ceil(input),
    requestedOutput: REQUESTED_OUTPUT,
    reasoning: false,
    price,
  } as const;
  return planCall(demand, [{ ...scope, settledUsd: settled, reservedUsd: ZERO_USD }]).kind === "send";
}

function landed(
  run: RecordedRun,
  settings: ReplaySettings,
  used: number,
  limit: number | null,
  why: StopReason,
  extensions: ReplayedRun["extensions"],
): ReplayedRun {
  const hasLanding = limit === null || used < limit;
  const turns = hasLanding ? used + 1 : used;
  const cut = turns < run.turns.length || why !== "turns" ? why : null;
  const next = run.turns[used];
  if (why === "turns" || !hasLanding || !next || !settings.cap) {
    return { run, turns, cut, usd: costOfFirst(run, turns), extensions };
  }
  // Money ran short: what follows is no full turn but the landing call that was kept back for.
  const before = costOfFirst(run, used);
  return { run, turns, cut, usd: before === null ? null : addUsd(before, landingCost(next, settings.cap.price)), extensions };
}

function landingCost({ input, cacheRead, output }: RecordedTurn, price: PriceRow): NanoUsd {
  const cached = Math.round(Math.min(cacheRead ?? 0, input ?? 0));
  const answer = Math.round(Math.min(output ?? LANDING_OUTPUT, LANDING_OUTPUT));
  const usage = { freshInput: Math.round(input ?? 0) - cached, cacheRead: cached, cacheWrite5m: 0, cacheWrite1h: 0 };
  return costOf({ ...usage, output: answer, reasoning: 0 }, price);
}

/** Cost of a run's first turns; `null` = the record does not tell it of each turn of the run. */
export function costOfFirst(run: RecordedRun, turns: number): NanoUsd | null {
  return sumsOf(run)?.[turns] ?? null;
}

function sumsOf(run: RecordedRun): readonly NanoUsd[] | null {
  const known = sums.get(run);
  if (known !== undefined) return known;
  const made = run.turns.some((turn) => turn.usd === null) ? null : prefixSums(run.turns);
  sums.set(run, made);
  return made;
}

const sums = new WeakMap<RecordedRun, readonly NanoUsd[] | null>();

function prefixSums(turns: readonly RecordedTurn[]): readonly NanoUsd[] {
  const made = [ZERO_USD];
  let sum = 0;
  for (const turn of turns) {
    sum += turn.usd ?? 0;
    made.push(nano(sum));
  }
  return made;
}
