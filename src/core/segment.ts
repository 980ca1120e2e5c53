import type { HandOff, Segment, SegmentPrices } from "./agentEvent";
import { type NanoUsd, nano } from "./money";
import { type PriceTier, tierFor } from "./pricing";
import type { RunState, TurnRecord } from "./runState";
import { inputTokens } from "./usage";

/** Providers forget a prompt that is not sent again within about this time. */
const CACHE_LIVES_MS = 5 * 60_000;
/** Turns of which the shape of the next ones is taken. */
const RECENT = 10;
/** Turns still to come when there is no forecast. */
const USUAL_TURNS_LEFT = 10;
/** Turns a fresh start spends on finding its way again: half of those before the first edit, within these bounds. */
const FINDING = { least: 2, most: 10 } as const;
/** Constant prompt and framing of a fresh start, in tokens, and what one changed line of the diff comes to. */
const START_TOKENS = 1_200;
const TOKENS_PER_LINE = 12;
/** A fresh start loses what only the conversation holds: it must be cheaper by this share to be chosen. */
const MARGIN = 0.1;

/**
 * What going on is expected to cost until the run ends: with the same conversation, whose prompt is paid in full once if
 * the provider has forgotten it; or with a fresh one, short, which spends some turns on finding its way. `null` without a
 * price or an answered call. `now`: Unix ms.
 */
export function segmentPrices(state: RunState, now: number): SegmentPrices {
  const { price } = state.config;
  const answered = state.turns.filter((turn) => inputTokens(turn.usage) > 0);
  const last = answered.at(-1);
  if (!price || !last) return { same: null, fresh: null };
  const shape = shapeOf(answered.slice(-RECENT), state);
  const turnsLeft = Math.max(1, Math.round(state.outlook?.turnsLeft.p50 ?? USUAL_TURNS_LEFT));
  const isKnown = shape.caches && now - state.lastAt < CACHE_LIVES_MS;
  const present = inputTokens(last.usage) + last.usage.output;
  const start = START_TOKENS + shape.diffTokens + Math.ceil(state.config.task.length / 3);
  const rates = (input: number) => tierFor(price, input);
  return {
    same: costOfTurns(present, isKnown, turnsLeft, shape, rates),
    fresh: costOfTurns(start, false, turnsLeft + findingTurns(state), shape, rates),
  };
}

/** The cheaper way; the same conversation unless a fresh one clearly costs less. */
export function cheaperSegment({ same, fresh }: SegmentPrices): Segment {
  return same !== null && fresh !== null && fresh < same * (1 - MARGIN) ? "fresh" : "same";
}

interface Shape {
  /** Tokens by which the prompt grows with each turn, and of an answer. */
  readonly growth: number;
  readonly output: number;
  /** Whether the provider has read anything from its cache. */
  readonly caches: boolean;
  readonly diffTokens: number;
}

function shapeOf(recent: readonly TurnRecord[], { turns, totals }: RunState): Shape {
  const inputs = recent.map((turn) => inputTokens(turn.usage));
  const steps = Math.max(1, inputs.length - 1);
  const changes = turns.flatMap((turn) => turn.calls).flatMap((call) => call.changes);
  return {
    growth: Math.max(0, ((inputs.at(-1) ?? 0) - (inputs[0] ?? 0)) / steps),
    output: recent.reduce((sum, turn) => sum + turn.usage.output, 0) / recent.length,
    caches: totals.usage.cacheRead > 0,
    diffTokens: changes.reduce((sum, change) => sum + change.added + change.removed, 0) * TOKENS_PER_LINE,
  };
}

function findingTurns({ turns }: RunState): number {
  const firstEdit = turns.findIndex((turn) => turn.calls.some((call) => call.changes.length > 0));
  const before = firstEdit < 0 ? turns.length : firstEdit;
  return Math.min(FINDING.most, Math.max(FINDING.least, Math.ceil(before / 2)));
}

function costOfTurns(
  prompt: number,
  isCached: boolean,
  turns: number,
  { growth, output, caches }: Shape,
  rates: (input: number) => PriceTier,
): NanoUsd {
  let sum = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const input = prompt + growth * turn;
    const tier = rates(input);
    const old = turn === 0 ? (isCached ? input : 0) : caches ? input - growth : 0;
    const write = caches ? Math.max(tier.freshInput, tier.cacheWrite5m) : tier.freshInput;
    sum += old * tier.cacheRead + (input - old) * write + output * tier.output;
  }
  return nano(Math.ceil(sum / 1e6));
}

/** The first message of a fresh segment: the task, what was left of it in order, and the work so far. */
export function freshStart(task: string, note: HandOff | null, diff: string, message: string): string {
  const facts = [
    note?.text ? `Hand-off note:\n${note.text}` : null,
    note?.lastCheck ? `Last check: ${note.lastCheck.command} (${note.lastCheck.passed ? "passed" : "failed"})` : null,
    note && note.open.length > 0 ? `Open in the plan:\n${note.open.map((item) => `- ${item}`).join("\n")}` : null,
    diff === "" ? "No file has changed so far." : `Changes so far, which the files hold already:\n${diff}`,
  ].filter((part) => part !== null);
  return [task, "[This task was begun in an earlier conversation.]", ...facts, message].join("\n\n");
}
