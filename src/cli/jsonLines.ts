import type { StampedEvent } from "../core/agentEvent";
import { nano, toDollars } from "../core/money";
import { isDemo } from "../core/runConfig";
import type { RunState, Totals } from "../core/runState";
import { cacheWrites, type Usage } from "../core/usage";

/** Token parts as the command line names them. */
export function usageFields(usage: Usage) {
  const { freshInput, cacheRead, output, reasoning } = usage;
  return { freshInput, cacheRead, cacheWrite: cacheWrites(usage), output, reasoning };
}

/** Totals of a run; `usd` is `null` when nothing of it could be priced: unknown is never zero. */
export function totalsFields(totals: Totals, turns: number) {
  const { charges, estimatedCharges, unknownCharges } = totals;
  const usd = charges > 0 && unknownCharges === charges ? null : totals.usd;
  return { turns, usd, ...usageFields(totals.usage), estimatedCharges, unknownCharges };
}

/**
 * One event as a line of JSON, amounts in dollars; `null` for events that are only for live views. The constant prompt
 * and price rows are left out: they are in the store.
 */
export function jsonLine(event: StampedEvent, { totals, turns, config }: RunState): string | null {
  switch (event.kind) {
    case "delta":
    case "toolOutput":
      return null;
    case "charged": {
      const { charge, ...rest } = event;
      const { usd, provenance, usage, price } = charge;
      const source = price && { source: price.source, asOf: price.asOf };
      return line({ ...rest, usd, provenance, ...usageFields(usage), price: source });
    }
    case "started": {
      const { system, tools, config, ...rest } = event;
      const { price, warn, ...plain } = config;
      return line({ ...rest, config: { ...plain, price: price && { source: price.source, asOf: price.asOf } } });
    }
    case "ended":
      return line({
        kind: "ended",
        outcome: event.outcome,
        totals: totalsFields(totals, turns.length),
        demo: isDemo(config),
        at: event.at,
      });
    default:
      return line(event);
  }
}

/** JSON with every amount, which all code keeps in nano-dollars, in dollars. */
export function line(value: object): string {
  return JSON.stringify(value, (key, part: unknown) =>
    /^usd$|Usd$/.test(key) && typeof part === "number" ? toDollars(nano(part)) : part,
  );
}
