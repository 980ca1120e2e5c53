import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AgentEvent, Charge, StampedEvent } from "../../src/core/agentEvent";
import { type NanoUsd, nano, usd } from "../../src/core/money";
import type { Amounts, Clock, ReservationRequest, Settlement } from "../../src/core/ports";
import type { PriceRow } from "../../src/core/pricing";
import { NO_CAPS, type RunConfig } from "../../src/core/runConfig";
import { NO_USAGE } from "../../src/core/usage";

/** A clock that stands still until it is set; sleeping passes at once, but for real, so that others get to work. */
export class SetClock implements Clock {
  constructor(public at: number = new Date(2026, 5, 15, 12).getTime()) {}

  now(): number {
    return this.at;
  }

  async sleep(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.at += ms;
  }
}

const tier = {
  aboveInputTokens: 0,
  freshInput: 1_250_000_000,
  cacheRead: 125_000_000,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 10_000_000_000,
};
export const PRICE: PriceRow = { model: "m1", source: "user", asOf: null, tiers: [tier] };

export function sampleConfig(runId: string, change: Partial<RunConfig> = {}): RunConfig {
  return {
    ...{ runId, task: `Task of ${runId}`, project: { name: "shop", path: "/work/shop" } },
    model: { id: "m1", baseUrl: null, reasoning: false, maxOutput: null, contextWindow: null },
    price: PRICE,
    policy: { kind: "unrestricted", cadence: { kind: "every" } },
    caps: NO_CAPS,
    warn: { turns: 0.8, usd: 0.8, tokens: 0.8, minutes: 0.8 },
    approval: "all",
    requestedOutput: 4_096,
    ...change,
  };
}

export function started(runId: string, change: Partial<RunConfig> = {}): AgentEvent {
  return { kind: "started", config: sampleConfig(runId, change), system: "You are careful.", tools: "[]" };
}

export function turnStarted(turn: number): AgentEvent {
  return { kind: "turnStarted", turn, purpose: "turn", tail: null, withheld: false };
}

export function sampleCharge(change: Partial<Charge> = {}): Charge {
  const usage = { freshInput: 100, cacheRead: 900, cacheWrite5m: 10, cacheWrite1h: 5, output: 50, reasoning: 20 };
  return { usage, usd: usd(0.01), provenance: "priced", price: PRICE, computedUsd: usd(0.01), ...change };
}

export function reserved(turn: number, attempt = 1): AgentEvent {
  const plan = { maxOutput: 100, requestedOutput: 100, inputUpper: 900, worstUsd: usd(0.02), worstTokens: 1_000 };
  return { kind: "reserved", turn, attempt, plan };
}

export const UNKNOWN: Partial<Charge> = { usage: NO_USAGE, usd: null, provenance: "unknown", price: null, computedUsd: null };

export function charged(turn: number, change: Partial<Charge> = {}, attempt = 1): AgentEvent {
  return { kind: "charged", turn, attempt, purpose: "turn", charge: sampleCharge(change), ms: 1_500, overrun: null };
}

export function toolEnded(turn: number, callId = "call_0"): AgentEvent {
  const changes = [
    { path: "a.ts", added: 3, removed: 1, before: "k1", after: "k2" },
    { path: "b.ts", added: 2, removed: 0, before: null, after: "k3" },
  ];
  return {
    ...{ kind: "toolEnded", turn, callId, tool: "edit_file", subject: "a.ts", ok: true, text: "edited", resultTokens: 12 },
    ...{ truncated: false, ms: 3.2, exitCode: null, changes, check: { command: "npm test", passed: false, failures: 2 } },
  };
}

export function ended(kind: "done" | "failed" = "done"): AgentEvent {
  return { kind: "ended", outcome: { kind, reason: "" } };
}

/** Events with their places from `first` on and a second between them. */
export function stamped(events: readonly AgentEvent[], at = new Date(2026, 5, 15, 12).getTime(), first = 0): StampedEvent[] {
  return events.map((event, index) => ({ ...event, seq: first + index, at: at + index * 1_000 }));
}

/** A whole small run of `turns` turns. */
export function wholeRun(runId: string, turns: number, change: Partial<RunConfig> = {}, at?: number): StampedEvent[] {
  const middle = Array.from({ length: turns }, (_, index) => [turnStarted(index + 1), charged(index + 1), toolEnded(index + 1)]);
  return stamped([started(runId, change), ...middle.flat(), ended()], at);
}

export const cents = (count: number) => nano(count * 10_000_000);

let lastId = 0;
/** An id that no other test has. */
export const fresh = (what: string) => `${what}-${++lastId}`;

export function request(scopes: readonly string[], worst: Amounts, id = fresh("reservation")): ReservationRequest {
  return { id, runId: "run-1", turn: 1, attempt: 1, purpose: "turn", scopes, worst, maxOutput: 100, inputUpper: 100 };
}

export function settlement(usd: NanoUsd | null, tokens: number): Settlement {
  return { usage: { ...NO_USAGE, output: tokens }, usd, tokens, provenance: usd === null ? "unknown" : "priced", price: null };
}

/** A folder that is gone after the test. */
export function scratchFolder(): { readonly path: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "turnpike-store-"));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
