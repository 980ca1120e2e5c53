import * as v from "valibot";
import type { Outcome } from "../core/agentEvent";
import type { ImportedRun, ImportedTurn, TurnKnowledge } from "../core/imports";
import { type NanoUsd, nano, usd } from "../core/money";
import { normaliseUsage } from "../core/normaliseUsage";
import { costOf, type PriceRow } from "../core/pricing";
import type { TurnAction } from "../core/recordedRun";
import { NO_USAGE, type Usage } from "../core/usage";

/** A model call as a reader finds it; what comes of its tools is added as it is read. */
export interface FoundCall {
  readonly key: string | null;
  readonly at: number | null;
  /** `null` = the record does not say. */
  readonly model: string | null;
  usage: Usage | null;
  /** What the record says it cost. */
  usd: NanoUsd | null;
  /** Of all its tools, the one that says most. */
  action: TurnAction;
  failed: boolean;
  /** `null` = the record does not say; a call whose results were all seen and empty has 0. */
  result: number | null;
}

/** A run as a reader finds it, not yet priced. */
export interface FoundRun extends Omit<ImportedRun, "turns" | "model" | "lastEditTurn"> {
  readonly calls: readonly FoundCall[];
  /** The model where calls do not say; `null` = not known either. */
  readonly model: string | null;
  /** What the record says of the run as a whole; used where calls do not tell. */
  readonly whole: { readonly usage: Usage | null; readonly usd: NanoUsd | null };
}

export type PriceLookUp = (model: string) => Promise<PriceRow | null>;

export const UNKNOWN_MODEL = "unknown";
export const NOTHING_WHOLE = { usage: null, usd: null } as const;

/** Priced and summed: what the record says of costs stands; the rest is priced from the table, or not known. */
export async function importedRun(found: FoundRun, priceOf: PriceLookUp): Promise<ImportedRun> {
  const { calls, whole, model: runModel, ...run } = found;
  const prices = new Map<string, PriceRow | null>();
  for (const name of new Set(calls.map((call) => call.model ?? runModel)))
    if (name !== null) prices.set(name, await priceOf(name));
  const costOfCall = costsOf(found, prices);
  const turns = calls.map((call, index) => turnOf(call, costOfCall(call, index)));
  return {
    ...run,
    model: mostUsed(calls.map((call) => call.model)) ?? runModel ?? UNKNOWN_MODEL,
    lastEditTurn: turns.findLastIndex(({ action, failed }) => action === "edit" && !failed) + 1 || null,
    turns: withWhole(turns, whole),
  };
}

/** What a call cost and how that is known; `null` = only told for the run as a whole. */
type Cost = Pick<ImportedTurn, "usd" | "provenance"> | null;

function costsOf(
  { calls, whole, model }: FoundRun,
  prices: ReadonlyMap<string, PriceRow | null>,
): (call: FoundCall, index: number) => Cost {
  const listUsd = (call: FoundCall) => {
    const price = prices.get(call.model ?? model ?? "") ?? null;
    return price && call.usage && costOf(call.usage, price);
  };
  if (whole.usd === null || calls.some((call) => call.usd !== null)) {
    return (call) => {
      if (call.usd !== null) return { usd: call.usd, provenance: "reported" };
      const usd = listUsd(call);
      return { usd, provenance: usd === null ? "unknown" : "priced" };
    };
  }
  const shares = calls.flatMap((call) => listUsd(call) ?? []);
  if (shares.length < calls.length) return () => null;
  const parts = shared(whole.usd, shares);
  return (_, index) => ({ usd: parts[index] ?? null, provenance: "reported" });
}

/** A sum that is told, over the calls in the proportion of their list prices; to the last nano-dollar. */
function shared(sum: NanoUsd, shares: readonly NanoUsd[]): readonly NanoUsd[] {
  const all = shares.reduce((total, share) => total + share, 0);
  let before = 0;
  let given = 0;
  return shares.map((share, index) => {
    before += all === 0 ? 1 : share;
    const upTo = index === shares.length - 1 ? sum : Math.floor((sum * before) / (all || shares.length));
    const own = nano(Math.max(0, upTo - given));
    given = Math.max(given, upTo);
    return own;
  });
}

function turnOf(call: FoundCall, cost: Cost): ImportedTurn {
  return {
    ...{ key: call.key, at: call.at, usage: call.usage ?? NO_USAGE },
    known: knowledge(call.usage !== null, cost !== null && cost.usd !== null),
    ...{ usd: cost?.usd ?? null, provenance: cost?.provenance ?? null },
    ...{ action: call.action, failed: call.failed, result: call.result, failures: null },
  };
}

/** Runs may have very many turns: there is one object for each of the four kinds. */
const KNOWLEDGE = [false, true].map((tokens) =>
  [false, true].map((usd): TurnKnowledge => ({ input: tokens, cacheRead: tokens, output: tokens, usd })),
);
const NO_KNOWLEDGE: TurnKnowledge = { input: false, cacheRead: false, output: false, usd: false };

function knowledge(tokens: boolean, usd: boolean): TurnKnowledge {
  return KNOWLEDGE[Number(tokens)]?.[Number(usd)] ?? NO_KNOWLEDGE;
}

/** What is only known of the run as a whole is kept with its last turn, which does not make it that turn's own. */
function withWhole(turns: readonly ImportedTurn[], whole: FoundRun["whole"]): readonly ImportedTurn[] {
  const last = turns.at(-1);
  if (!last) return turns;
  const noCost = whole.usd !== null && turns.every(({ provenance }) => provenance === null);
  const noUsage = whole.usage !== null && turns.every(({ known }) => !known.input);
  return [
    ...turns.slice(0, -1),
    {
      ...last,
      ...(noCost ? { usd: whole.usd, provenance: "reported" as const } : {}),
      ...(noUsage && whole.usage ? { usage: whole.usage } : {}),
    },
  ];
}

function mostUsed(names: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>();
  for (const name of names) if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/** Usage as any provider writes it; `null` if there is none. */
export function usageFrom(raw: unknown): Usage | null {
  return normaliseUsage({ usage: raw, cost: null })?.usage ?? null;
}

/** No run costs more than this, in dollars. */
const MOST_USD = 1_000_000;

/** Dollars of a record; `null` for what is no amount. 0 is what an agent writes that knows no price. */
export function moneyFrom(dollars: unknown): NanoUsd | null {
  return typeof dollars === "number" && dollars > 0 && dollars < MOST_USD ? usd(dollars) : null;
}

export function timeFrom(text: unknown): number | null {
  const at = typeof text === "string" ? Date.parse(text) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}

/** A count of tokens as agents write it; what is none, or nonsense, is nothing. */
export const count = v.fallback(v.nullish(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0), 0);

/** A field that may be absent or of another type than expected: then it is `null`, and the rest is good. */
export function soft<const S extends v.GenericSchema>(schema: S) {
  return v.fallback(v.nullish(schema, null), null);
}

export function newCall(part: Partial<FoundCall>): FoundCall {
  return {
    ...{ key: null, at: null, model: null, usage: null, usd: null, action: "none" as const, failed: false, result: null },
    ...part,
  };
}

/** The newest of many named things: what has not been heard of for so long is not heard of again. */
export class Recent<T> {
  readonly #byName = new Map<string, T>();

  constructor(private readonly most: number) {}

  get(name: string): T | undefined {
    return this.#byName.get(name);
  }

  set(name: string, value: T): void {
    this.#byName.set(name, value);
    const [oldest] = this.#byName.size > this.most ? this.#byName.keys() : [];
    if (oldest !== undefined) this.#byName.delete(oldest);
  }
}

/** Longer tasks are cut: they name a run, nobody sends them again. */
const MAX_TASK = 2_000;

export function taskText(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > MAX_TASK ? `${trimmed.slice(0, MAX_TASK)}…` : trimmed;
}

export const DONE: Outcome = { kind: "done", reason: "" };

/** Of a run that does not say how it ended, or was left before it had. */
export function left(why: string): Outcome {
  return { kind: "interrupted", reason: why };
}
