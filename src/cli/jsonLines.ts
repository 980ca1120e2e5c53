import type { Evidence, Outlook, Plan, StampedEvent } from "../core/agentEvent";
import { type NanoUsd, toDollars } from "../core/money";
import type { PriceRow } from "../core/pricing";
import { type Caps, isDemo } from "../core/runConfig";
import { knownUsd, type RunState, type Totals } from "../core/runState";
import { cacheWrites, type Usage } from "../core/usage";

/** Token parts as the command line names them. */
export function usageFields(usage: Usage) {
  const { freshInput, cacheRead, output, reasoning } = usage;
  return { freshInput, cacheRead, cacheWrite: cacheWrites(usage), output, reasoning };
}

/** Totals of a run; `usd` is `null` when nothing of it could be priced. */
export function totalsFields(totals: Totals, turns: number) {
  const { estimatedCharges, unknownCharges } = totals;
  return { turns, usd: dollars(knownUsd(totals)), ...usageFields(totals.usage), estimatedCharges, unknownCharges };
}

/**
 * One event as a line of JSON, amounts in dollars; `null` for events that are only for live views. The constant prompt,
 * price rows and what only the provider can read are left out: they are in the store.
 */
export function jsonLine(event: StampedEvent, state: RunState): string | null {
  const fields = eventFields(event, state);
  return fields && JSON.stringify(fields);
}

function eventFields(event: StampedEvent, { totals, turns, config }: RunState): object | null {
  switch (event.kind) {
    case "delta":
    case "toolOutput":
    case "ending":
      return null;
    case "started": {
      const { system, tools, config, ...rest } = event;
      return { ...rest, config: { ...config, caps: capFields(config.caps), price: priceFields(config.price) } };
    }
    case "resumed": {
      const { config, prices, ...rest } = event;
      const chosen = config && { ...config, price: priceFields(config.price) };
      const costs = prices && { same: dollars(prices.same), fresh: dollars(prices.fresh) };
      return { ...rest, caps: capFields(event.caps), config: chosen, ...(costs ? { prices: costs } : {}) };
    }
    case "forecast":
      return { ...event, outlook: outlookFields(event.outlook) };
    case "capsChanged":
      return { ...event, caps: capFields(event.caps) };
    case "reserved":
      return { ...event, plan: planFields(event.plan) };
    case "charged": {
      const { charge, overrun, ...rest } = event;
      const { usd, provenance, usage, price } = charge;
      const over = overrun && { ...overrun, usd: dollars(overrun.usd) };
      return { ...rest, usd: dollars(usd), provenance, ...usageFields(usage), price: priceFields(price), overrun: over };
    }
    case "assistant": {
      const { extra, toolCalls, ...rest } = event;
      return { ...rest, toolCalls: toolCalls.map(({ id, name, arguments: written }) => ({ id, name, arguments: written })) };
    }
    case "extended":
    case "extensionAsked":
    case "extensionRefused":
      return { ...event, evidence: evidenceFields(event.evidence) };
    case "warning":
      return event.unit === "usd" ? { ...event, cap: event.cap / 1e9 } : event;
    case "ended": {
      const { kind, outcome, at } = event;
      return { kind, outcome, totals: totalsFields(totals, turns.length), demo: isDemo(config), at };
    }
    case "userMessage":
    case "nudged":
    case "turnStarted":
    case "released":
    case "retrying":
    case "approvalAsked":
    case "approvalAnswered":
    case "toolStarted":
    case "toolEnded":
    case "planned":
    case "extensionWished":
    case "hinted":
    case "landing":
    case "noted":
      return event;
  }
}

function capFields(caps: Caps) {
  return { ...caps, usd: dollars(caps.usd) };
}

function planFields(plan: Plan) {
  return { ...plan, worstUsd: dollars(plan.worstUsd) };
}

function evidenceFields(evidence: Evidence) {
  return { ...evidence, chunkUsd: dollars(evidence.chunkUsd) };
}

function outlookFields(outlook: Outlook) {
  const { usdLeft } = outlook;
  const dollarsLeft = usdLeft && { p10: toDollars(usdLeft.p10), p50: toDollars(usdLeft.p50), p90: toDollars(usdLeft.p90) };
  return { ...outlook, usdLeft: dollarsLeft };
}

function priceFields(price: PriceRow | null) {
  return price && { source: price.source, asOf: price.asOf };
}

function dollars(amount: NanoUsd | null): number | null {
  return amount === null ? null : toDollars(amount);
}
