import type {
  ApprovalRequest,
  CallPurpose,
  Charge,
  CheckResult,
  Ending,
  Evidence,
  ExtensionWish,
  FileChange,
  HandOff,
  Outcome,
  Outlook,
  Plan,
  Provenance,
  StopReason,
  Warning,
} from "./agentEvent";
import { addUsd, type NanoUsd, ZERO_USD } from "./money";
import type { Caps, PolicySettings, RunConfig } from "./runConfig";
import { NO_USAGE, type Usage } from "./usage";

/** One tool call of a step. `running` until its result is in. */
export interface CallRecord {
  readonly callId: string;
  readonly tool: string;
  readonly subject: string;
  readonly state: "running" | "ok" | "failed";
  readonly text: string;
  readonly resultTokens: number | null;
  readonly truncated: boolean;
  readonly ms: number;
  readonly exitCode: number | null;
  readonly changes: readonly FileChange[];
  readonly check: CheckResult | null;
}

/** One step: a model call with its retries, and the tools it asked for. */
export interface TurnRecord {
  readonly turn: number;
  readonly purpose: CallPurpose;
  /** The reminder or landing instruction sent at the tail. */
  readonly tail: string | null;
  readonly plan: Plan | null;
  readonly charges: readonly Charge[];
  readonly retries: readonly string[];
  readonly usage: Usage;
  /** Sum of the known charges; `null` when none is known. */
  readonly usd: NanoUsd | null;
  readonly provenance: Provenance | null;
  /** Spend of the run up to and with this step. */
  readonly runningUsd: NanoUsd;
  readonly text: string;
  readonly calls: readonly CallRecord[];
  readonly hint: string | null;
  /** Unix ms; `endedAt` is that of the last thing that came of the step. */
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Of the time between, how long it waited for the user. */
  readonly waitedMs: number;
}

export interface Totals {
  readonly usd: NanoUsd;
  readonly usage: Usage;
  /** As a token cap counts them. */
  readonly tokens: number;
  readonly charges: number;
  readonly estimatedCharges: number;
  readonly unknownCharges: number;
  /** Billed above the reserved bounds. */
  readonly overrunUsd: NanoUsd;
  /** What the books keep back for unknown charges; in no other sum. */
  readonly heldUsd: NanoUsd;
  readonly heldTokens: number;
}

/** What is known of a sum of charges: `null` when all of it is unknown, for unknown is never zero. */
export function knownUsd({ usd, unknownCharges }: Pick<Totals, "usd" | "unknownCharges">): NanoUsd | null {
  return unknownCharges > 0 && usd === 0 ? null : usd;
}

/** What counts against the caps: what was charged, and the worst case of calls that were lost with their process. */
export function presumedSpent({ usd, tokens, heldUsd, heldTokens }: Totals): { readonly usd: NanoUsd; readonly tokens: number } {
  return { usd: addUsd(usd, heldUsd), tokens: tokens + heldTokens };
}

export const NO_TOTALS: Totals = {
  usd: ZERO_USD,
  usage: NO_USAGE,
  tokens: 0,
  charges: 0,
  estimatedCharges: 0,
  unknownCharges: 0,
  overrunUsd: ZERO_USD,
  heldUsd: ZERO_USD,
  heldTokens: 0,
};

/** What the user is being asked right now. */
export type Question =
  | { readonly kind: "approval"; readonly turn: number; readonly request: ApprovalRequest }
  | {
      readonly kind: "extension";
      readonly turn: number;
      readonly limit: number;
      readonly chunk: number;
      readonly evidence: Evidence;
    };

/** A limit that was raised, or was not, after `turn` turns, with its reasons. */
export interface Extension {
  readonly turn: number;
  readonly from: number;
  readonly to: number;
  readonly by: "policy" | "user";
  readonly evidence: Evidence;
}

/** A line of the agent's plan: in which turn it came, and in which it was done. */
export interface PlanLine {
  readonly text: string;
  readonly sinceTurn: number;
  readonly doneTurn: number | null;
}

/** The whole of a run as views and policies see it: a fold of its events, and nothing else. */
export interface RunState {
  readonly config: RunConfig;
  readonly phase: "running" | "landing" | "ended";
  /** What the user asked for while the present step goes on; `null` = nothing. */
  readonly ending: Ending | null;
  readonly caps: Caps;
  /** Present turn limit of policy and cap together; `null` = none. Moved by extensions, by new caps and at a resume. */
  readonly limit: number | null;
  readonly extensions: readonly Extension[];
  /** After which turn the run was last given turns, or told to go on: by an extension, or by a resume that added some. */
  readonly grantedAt: number;
  /** `from` = `to` = the limit that was kept. */
  readonly refusals: readonly Extension[];
  /** What the agent asked for since the limit was last decided on. */
  readonly wish: ExtensionWish | null;
  readonly plan: readonly PlanLine[];
  /** As of the last turn; `null` = too few past runs. */
  readonly outlook: Outlook | null;
  readonly turns: readonly TurnRecord[];
  readonly totals: Totals;
  /** Held back for the call in flight; `null` between calls. */
  readonly reserved: Plan | null;
  /** What streams in right now. */
  readonly live: { readonly text: string; readonly reasoning: string; readonly output: string };
  readonly question: Question | null;
  readonly landing: StopReason | null;
  readonly note: HandOff | null;
  readonly outcome: Outcome | null;
  readonly warnings: readonly Warning[];
  /** What the user said: the task, then follow-ups, each before the turn of that number. */
  readonly messages: readonly { readonly beforeTurn: number; readonly text: string }[];
  /** Turns before which the conversation began afresh, from task, note and diff. */
  readonly freshStarts: readonly number[];
  readonly startedAt: number;
  /** Unix ms of the last event, and working time before the present segment. */
  readonly lastAt: number;
  readonly segmentStartedAt: number;
  readonly earlierMs: number;
  /** When the open question was asked, and how long questions of this segment waited for the user. */
  readonly askedAt: number | null;
  readonly waitedMs: number;
}

/** The turn limit a policy starts with, under a cap in turns. `null` = none. */
export function startingLimit(policy: PolicySettings, capTurns: number | null): number | null {
  switch (policy.kind) {
    case "unrestricted":
      return capTurns;
    case "fixed":
      return atMost(policy.maxTurns, capTurns);
    case "dynamic":
      return atMost(policy.baseTurns, capTurns);
  }
}

/** The limit no extension passes. `null` = none. */
export function hardLimit(policy: PolicySettings, capTurns: number | null): number | null {
  return policy.kind === "dynamic" ? atMost(policy.hardTurns, capTurns) : startingLimit(policy, capTurns);
}

function atMost(turns: number, cap: number | null): number {
  return cap === null ? turns : Math.min(turns, cap);
}

/** A new cap in turns moves the limit of a policy that follows the cap; an extended limit is never above it. */
export function raisedLimit(policy: PolicySettings, limit: number | null, caps: Caps): number | null {
  const start = startingLimit(policy, caps.turns);
  if (limit === null || start === null) return start;
  return atMost(Math.max(limit, start), caps.turns);
}

/** Time held back for landing: 30 s, or a quarter of a cap shorter than two minutes. */
export function landingMs(capMinutes: number | null): number {
  return capMinutes === null ? 0 : Math.min(30_000, (capMinutes * 60_000) / 4);
}

/** Milliseconds of work so far: neither waiting for the user nor the pause between a stop and a resume counts. */
export function elapsedMs(state: RunState, now: number): number {
  const until = state.phase === "ended" ? state.lastAt : (state.askedAt ?? Math.max(now, state.lastAt));
  return state.earlierMs + Math.max(0, until - state.segmentStartedAt - state.waitedMs);
}

const BY_TRUST: readonly Provenance[] = ["reported", "priced", "estimated", "unknown"];

/** A sum is as trustworthy as its least trustworthy part. */
export function weakest(a: Provenance | null, b: Provenance): Provenance {
  return a !== null && BY_TRUST.indexOf(a) > BY_TRUST.indexOf(b) ? a : b;
}
