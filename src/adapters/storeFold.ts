import type { CallPurpose, Provenance, StampedEvent } from "../core/agentEvent";
import type { RunSummary } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import { addUsd, type NanoUsd, ZERO_USD } from "../core/money";
import { isDemo, type PolicySettings } from "../core/runConfig";
import { raisedLimit, startingLimit, weakest } from "../core/runState";
import { addUsage, NO_USAGE, type Usage } from "../core/usage";

/** Why the run of a dead process is `interrupted`, in words for people. */
export const PROCESS_GONE = "the process that ran it is gone";

/** Most past runs looked at for calibrating limits. */
export const MAX_LENGTHS = 2_000;

/** Whether a run with this outcome ended by itself: one that was cut would have taken longer. */
export function hasEnded(kind: string, reason: string): boolean {
  return kind === "done" || (kind === "failed" && reason.startsWith("infeasible:"));
}

/** What a list shows of a run, and what is needed to keep that up to date event by event. */
export interface FoldedRun {
  readonly summary: RunSummary;
  readonly policy: PolicySettings;
}

/** What a run has spent in one turn: all its charges together. */
export interface FoldedTurn {
  readonly turn: number;
  /** Unix ms of its first event. */
  readonly at: number;
  readonly purpose: CallPurpose;
  /** Time in model calls. */
  readonly ms: number;
  readonly charges: number;
  readonly estimatedCharges: number;
  readonly unknownCharges: number;
  /** Sum of the known charges; `null` when none is known. */
  readonly usd: NanoUsd | null;
  readonly provenance: Provenance | null;
  readonly usage: Usage;
}

/** The run after `event`; the same object if the event changes nothing a list shows. Throws on an event out of place. */
export function foldRun(run: FoldedRun | null, event: StampedEvent): FoldedRun {
  if (run === null) {
    if (event.kind !== "started") throw new Error(`a run begins with "started", not "${event.kind}"`);
    return begin(event);
  }
  const changed = change(run, event);
  return changed === null ? run : { ...run, summary: { ...run.summary, ...changed } };
}

function begin(event: StampedEvent & { readonly kind: "started" }): FoldedRun {
  const { config } = event;
  const summary: RunSummary = {
    runId: config.runId,
    source: OWN_SOURCE,
    task: config.task,
    project: config.project,
    model: config.model.id,
    policy: config.policy.kind,
    outcome: null,
    turns: 0,
    limit: startingLimit(config.policy, config.caps.turns),
    caps: config.caps,
    usd: ZERO_USD,
    estimatedCharges: 0,
    unknownCharges: 0,
    usage: NO_USAGE,
    demo: isDemo(config),
    startedAt: event.at,
    dated: true,
    endedAt: null,
  };
  return { summary, policy: config.policy };
}

function change({ summary, policy }: FoldedRun, event: StampedEvent): Partial<RunSummary> | null {
  switch (event.kind) {
    case "started":
      throw new Error("a run starts once");
    case "resumed":
      return { outcome: null, endedAt: null, caps: event.caps, limit: event.limit };
    case "turnStarted":
      return { turns: summary.turns + 1 };
    case "charged":
      return withCharge(summary, event.charge);
    case "extended":
      return { limit: event.to };
    case "capsChanged":
      return { caps: event.caps, limit: raisedLimit(policy, summary.limit, event.caps) };
    case "ended":
      return { outcome: event.outcome, endedAt: event.at };
    case "userMessage":
    case "reserved":
    case "delta":
    case "released":
    case "retrying":
    case "assistant":
    case "approvalAsked":
    case "approvalAnswered":
    case "toolStarted":
    case "toolOutput":
    case "toolEnded":
    case "nudged":
    case "planned":
    case "extensionWished":
    case "forecast":
    case "hinted":
    case "extensionAsked":
    case "extensionRefused":
    case "ending":
    case "landing":
    case "noted":
    case "warning":
      return null;
  }
}

type Spend = Pick<RunSummary, "estimatedCharges" | "unknownCharges" | "usage"> & { readonly usd: NanoUsd | null };
type Charge = (StampedEvent & { readonly kind: "charged" })["charge"];

function withCharge(spend: Spend, charge: Charge) {
  return {
    usd: addUsd(spend.usd ?? ZERO_USD, charge.usd ?? ZERO_USD),
    usage: addUsage(spend.usage, charge.usage),
    estimatedCharges: spend.estimatedCharges + (charge.provenance === "estimated" ? 1 : 0),
    unknownCharges: spend.unknownCharges + (charge.usd === null ? 1 : 0),
  };
}

/** The turn an event belongs to after that event, or `null` if the event changes no turn's spend. */
export function foldTurn(turn: FoldedTurn | null, event: StampedEvent): FoldedTurn | null {
  if (event.kind === "turnStarted") return turn ?? newTurn(event.turn, event.purpose, event.at);
  if (event.kind !== "charged") return null;
  const before = turn ?? newTurn(event.turn, event.purpose, event.at);
  const after = withCharge(before, event.charge);
  return {
    ...before,
    ...after,
    usd: event.charge.usd === null ? before.usd : after.usd,
    charges: before.charges + 1,
    ms: before.ms + event.ms,
    provenance: weakest(before.provenance, event.charge.provenance),
  };
}

function newTurn(turn: number, purpose: CallPurpose, at: number): FoldedTurn {
  return {
    ...{ turn, at, purpose, ms: 0, charges: 0, estimatedCharges: 0, unknownCharges: 0 },
    ...{ usd: null, provenance: null, usage: NO_USAGE },
  };
}

/** The local date of a moment, `YYYY-MM-DD`. */
export function localDay(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
