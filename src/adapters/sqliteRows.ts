import * as v from "valibot";
import type { Provenance } from "../core/agentEvent";
import { messageOf } from "../core/errors";
import { nano } from "../core/money";
import type { PriceRow } from "../core/pricing";
import type { Usage } from "../core/usage";
import type { Say } from "./storeErrors";

/** Guards for what comes out of the database. A row that does not pass throws: the file was changed by other hands. */

/** What `read` makes of the rows, without those it throws at, so that one damaged row does not hide the others. */
export function readable<T>(rows: readonly unknown[], read: (row: unknown) => T, say: Say): readonly T[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      say(`the store holds a row that cannot be read, which is left out: ${messageOf(error)}`);
      return [];
    }
  });
}

export const Text = v.string();
export const Whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const WholeOrNull = v.nullable(Whole);
export const Nano = v.pipe(Whole, v.transform(nano));
export const NanoOrNull = v.nullable(Nano);
export const Flag = v.pipe(
  v.number(),
  v.transform((value) => value !== 0),
);
export const Purpose = v.picklist(["turn", "landing"]);
export const Provenances = v.picklist(["reported", "priced", "estimated", "unknown"]);

export const USAGE_GUARDS = {
  fresh_input: Whole,
  cache_read: Whole,
  cache_write_5m: Whole,
  cache_write_1h: Whole,
  output: Whole,
  reasoning: Whole,
};

/** The columns of a `Usage`, in the order of `usageValues`. */
export const USAGE_COLUMNS = Object.keys(USAGE_GUARDS);

export function usageValues(usage: Usage): readonly number[] {
  return [usage.freshInput, usage.cacheRead, usage.cacheWrite5m, usage.cacheWrite1h, usage.output, usage.reasoning];
}

export function usageOf(row: { readonly [column in keyof typeof USAGE_GUARDS]: number }): Usage {
  return {
    freshInput: row.fresh_input,
    cacheRead: row.cache_read,
    cacheWrite5m: row.cache_write_5m,
    cacheWrite1h: row.cache_write_1h,
    output: row.output,
    reasoning: row.reasoning,
  };
}

export const OwnerRow = v.object({
  instance: Text,
  pid: v.number(),
  host: Text,
  processStart: v.nullable(Text),
  heartbeatAt: v.number(),
  closedAt: v.nullable(v.number()),
});

export const BalanceRow = v.object({
  id: Text,
  kind: v.picklist(["run", "day", "week", "month"]),
  capUsd: NanoOrNull,
  capTokens: WholeOrNull,
  settledUsd: Nano,
  settledTokens: Whole,
  reservedUsd: Nano,
  reservedTokens: Whole,
});

export const ReservationRow = v.object({
  id: Text,
  state: v.picklist(["open", "settled", "released", "orphaned"]),
  run_id: Text,
  turn: v.number(),
  attempt: v.number(),
  purpose: Purpose,
  worst_usd: NanoOrNull,
  worst_tokens: Whole,
  opened_at: v.number(),
  closed_at: v.nullable(v.number()),
  usd: NanoOrNull,
  provenance: v.nullable(Text),
  price: v.nullable(Text),
  ...USAGE_GUARDS,
});
export type ReservationRow = v.InferOutput<typeof ReservationRow>;

export function provenanceOf(text: string | null): Provenance {
  return v.is(Provenances, text) ? text : "unknown";
}

const Tier = v.object({
  aboveInputTokens: Whole,
  freshInput: Whole,
  cacheRead: Whole,
  cacheWrite5m: Whole,
  cacheWrite1h: Whole,
  output: Whole,
});

const Price = v.pipe(
  Text,
  v.parseJson(),
  v.object({
    model: Text,
    source: v.picklist(["user", "override", "genai-prices", "demo"]),
    asOf: v.nullable(Text),
    tiers: v.tupleWithRest([Tier], Tier),
  }),
);

/** The price row a settlement was stored with; `null` if there was none or it cannot be read. */
export function priceOf(text: string | null): PriceRow | null {
  const parsed = v.safeParse(Price, text);
  return parsed.success ? parsed.output : null;
}
