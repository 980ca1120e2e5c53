import type { AgentEvent, CheckResult, FileChange, Plan, Provenance, StampedEvent } from "../../src/core/agentEvent";
import { usd } from "../../src/core/money";
import { costOf, type PriceRow, ratePerMillion, worstCase } from "../../src/core/pricing";
import { foldRun } from "../../src/core/reduceRun";
import type { Caps, PolicySettings, RunConfig } from "../../src/core/runConfig";
import type { RunState } from "../../src/core/runState";
import { inputTokens, NO_USAGE, type Usage } from "../../src/core/usage";

/** Writes the events of a run as a loop would emit them, so that views are looked at over real states. */

export function priceRow(source: PriceRow["source"] = "genai-prices"): PriceRow {
  const tier = {
    aboveInputTokens: 0,
    freshInput: ratePerMillion(1.25),
    cacheRead: ratePerMillion(0.125),
    cacheWrite5m: ratePerMillion(1.25),
    cacheWrite1h: ratePerMillion(1.25),
    output: ratePerMillion(10),
  };
  return { model: "gpt-5", source, asOf: source === "user" ? null : "2026-11-01", tiers: [tier] };
}

export const DYNAMIC = {
  kind: "dynamic",
  preset: "evidence",
  baseTurns: 34,
  hardTurns: 60,
  onLimit: "ask",
  cadence: { kind: "every" },
} as const satisfies PolicySettings;

export function config(part: Partial<RunConfig> = {}): RunConfig {
  return {
    runId: "run-1",
    task: "Fix rounding in invoice totals\n\nTotals differ from the sum of their lines by a cent.",
    project: { name: "invoices", path: "/home/me/invoices" },
    model: { id: "gpt-5", baseUrl: null, reasoning: true, maxOutput: 128_000, contextWindow: 400_000 },
    price: priceRow(),
    policy: DYNAMIC,
    caps: { turns: null, usd: usd(0.5), tokens: null, minutes: 10 },
    warn: { turns: 0.8, usd: 0.8, tokens: 0.8, minutes: 0.8 },
    approval: "ask",
    requestedOutput: 16_384,
    ...part,
  };
}

export interface Call {
  readonly tool: string;
  readonly subject: string;
  readonly text?: string;
  readonly tokens?: number;
  readonly ok?: boolean;
  readonly ms?: number;
  readonly exitCode?: number;
  readonly changes?: readonly FileChange[];
  readonly check?: CheckResult;
  readonly truncated?: boolean;
}

export interface Turn {
  readonly says?: string;
  readonly calls?: readonly Call[];
  readonly usage?: Partial<Usage>;
  readonly seconds?: number;
  readonly provenance?: Provenance;
  readonly retry?: string;
  readonly hint?: string;
  readonly purpose?: "turn" | "landing";
  readonly tail?: string;
}

export class Story {
  readonly events: StampedEvent[] = [];
  #turn = 0;
  #calls = 0;

  constructor(
    readonly config: RunConfig,
    public at: number,
  ) {
    this.emit({ kind: "started", config, system: "You are Turnpike.", tools: "[]" });
  }

  get state(): RunState {
    return foldRun(this.events);
  }

  get turn(): number {
    return this.#turn;
  }

  emit(event: AgentEvent, afterMs = 0): this {
    this.at += afterMs;
    this.events.push({ ...event, seq: this.events.length, at: this.at });
    return this;
  }

  /** A turn up to its reservation: the call is in flight. */
  begin(usage: Partial<Usage> = {}, purpose: "turn" | "landing" = "turn", tail: string | null = this.#reminder()): this {
    this.#turn++;
    this.emit({ kind: "turnStarted", turn: this.#turn, purpose, tail, withheld: false });
    return this.emit({ kind: "reserved", turn: this.#turn, attempt: 1, plan: this.#plan({ ...NO_USAGE, ...usage }) }, 20);
  }

  /** A whole turn: reserved, charged, answered, its tools run. */
  take(turn: Turn): this {
    const { says = "", calls = [], seconds = 4, provenance = "priced", purpose = "turn" } = turn;
    const usage = { ...NO_USAGE, ...turn.usage };
    this.begin(usage, purpose, turn.tail ?? this.#reminder());
    if (turn.retry) this.emit({ kind: "retrying", turn: this.#turn, attempt: 2, reason: turn.retry, waitMs: 1_000 }, 1_200);
    this.charge(usage, provenance, seconds);
    this.emit({ kind: "assistant", turn: this.#turn, text: says, toolCalls: [] });
    for (const call of calls) this.call(call);
    return turn.hint ? this.emit({ kind: "hinted", turn: this.#turn, text: turn.hint }) : this;
  }

  charge(usage: Usage, provenance: Provenance = "priced", seconds = 4): this {
    const { price } = this.config;
    const computedUsd = price && costOf(usage, price);
    const known = provenance === "unknown" ? null : computedUsd;
    const charge = { usage, usd: known, provenance: known === null ? "unknown" : provenance, price, computedUsd } as const;
    const common = { turn: this.#turn, attempt: 1, purpose: "turn", overrun: null } as const;
    return this.emit({ kind: "charged", ...common, charge, ms: seconds * 1_000 }, seconds * 1_000);
  }

  startCall({ tool, subject }: Call): string {
    const callId = `call-${++this.#calls}`;
    this.emit({ kind: "toolStarted", turn: this.#turn, callId, tool, subject }, 10);
    return callId;
  }

  call(call: Call): this {
    const callId = this.startCall(call);
    const { tool, subject, text = "", tokens = Math.ceil(text.length / 4), ok = true, ms = 30, exitCode = null } = call;
    const { changes = [], check = null, truncated = false } = call;
    const result = { ok, text, resultTokens: tokens, truncated, ms, exitCode, changes, check };
    return this.emit({ kind: "toolEnded", turn: this.#turn, callId, tool, subject, ...result }, ms);
  }

  land(
    why: "turns" | "dollars" | "tokens" | "time" | "stuck" | "user",
    note: string,
    changed: readonly string[],
    check: CheckResult | null,
  ): this {
    this.emit({ kind: "landing", turn: this.#turn + 1, why, unit: null });
    const usage = { freshInput: 900, cacheRead: 17_400, output: 260 };
    const tail = "[budget] turn limit reached: this is the last turn and tools are off. Leave a short hand-off note.";
    this.take({ says: note, usage, purpose: "landing", tail });
    this.emit({
      kind: "noted",
      note: { text: note, changed, lastCheck: check, commands: check ? [check.command] : [], open: [] },
    });
    return this.emit({ kind: "ended", outcome: { kind: "stopped", reason: why } });
  }

  #reminder(): string {
    const { limit, totals, caps } =
      this.events.length > 0 ? this.state : { limit: null, totals: { usd: 0 }, caps: { usd: null } };
    const money = caps.usd === null ? "" : ` · $${(totals.usd / 1e9).toFixed(2)} of $${(caps.usd / 1e9).toFixed(2)}`;
    return `[budget] turn ${this.#turn + 1} of ${limit ?? "any"}${money} · MEDIUM`;
  }

  #plan(usage: Usage): Plan {
    const { price, requestedOutput } = this.config;
    const inputUpper = Math.ceil(inputTokens(usage) * 1.02) + 40;
    const maxOutput = Math.min(requestedOutput, 4_096);
    const worstUsd = price && worstCase(price, inputUpper, maxOutput);
    return { maxOutput, requestedOutput, inputUpper, worstUsd, worstTokens: inputUpper + maxOutput };
  }
}

export function change(path: string, added: number, removed: number): FileChange {
  return { path, added, removed, before: `${path}@before`, after: `${path}@after` };
}

export const NO_LIMITS: Caps = { turns: null, usd: null, tokens: null, minutes: null };
