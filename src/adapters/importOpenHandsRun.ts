import * as v from "valibot";
import type { Outcome } from "../core/agentEvent";
import { strongest } from "../core/recordedAction";
import type { Usage } from "../core/usage";
import { type Event, isAnswer, isCall, OpenHandsEvent } from "./importOpenHandsEvent";
import {
  count,
  DONE,
  type FoundCall,
  type FoundRun,
  left,
  moneyFrom,
  newCall,
  soft,
  taskText,
  timeFrom,
  usageFrom,
} from "./importRun";
import type { ImportTally } from "./importTally";

const Tokens = v.object({
  prompt_tokens: count,
  completion_tokens: count,
  cache_read_tokens: count,
  cache_write_tokens: count,
});
type Tokens = v.InferOutput<typeof Tokens>;

const Metrics = v.object({
  accumulated_cost: soft(v.number()),
  accumulated_token_usage: soft(Tokens),
  model_name: soft(v.string()),
  costs: soft(v.array(v.object({ cost: soft(v.number()) }))),
  token_usages: soft(v.array(v.object({ ...Tokens.entries, response_id: soft(v.string()), model: soft(v.string()) }))),
});

const Record = v.object({
  history: v.array(v.unknown()),
  metrics: soft(Metrics),
  instruction: soft(v.string()),
  error: soft(v.string()),
  metadata: soft(v.object({ llm_config: soft(v.object({ model: soft(v.string()) })) })),
  report: soft(v.object({ resolved: soft(v.boolean()) })),
  resolved: soft(v.boolean()),
});
type Record = v.InferOutput<typeof Record>;

/** A run of its record; `null` if it holds no events. `name` tells tries of one task, where the record has no word of it. */
export function foundRun(raw: unknown, sourceId: string, name: string, tally: ImportTally): FoundRun | null {
  const parsed = v.safeParse(Record, recordOf(raw));
  if (!parsed.success) return null;
  const { history, metrics, metadata, report, resolved, error } = parsed.output;
  const run = new EventRun(tally);
  // Older versions keep pairs of an action and what it brought.
  for (const event of history.flat()) run.take(event);
  run.fillFrom(metrics);
  const { calls } = run;
  return {
    ...{
      source: "openhands",
      sourceId,
      isPiece: false,
      task: taskText(run.isNamed(name) ? name : (run.task ?? name)),
      project: null,
    },
    outcome: error ? errorOutcome(error) : run.outcome,
    resolved: report?.resolved ?? resolved,
    model: metadata?.llm_config?.model ?? metrics?.model_name ?? null,
    ...{ startedAt: run.startedAt, endedAt: run.endedAt, calls },
    whole: {
      usage: usageOf(metrics?.accumulated_token_usage ?? run.lastTokens),
      usd: moneyFrom(metrics?.accumulated_cost ?? run.lastCost),
    },
  };
}

function recordOf(raw: unknown): unknown {
  if (Array.isArray(raw)) return { history: raw };
  if (typeof raw !== "object" || raw === null || "history" in raw) return raw;
  const events = "events" in raw ? raw.events : "trajectory" in raw ? raw.trajectory : null;
  return { ...raw, history: events };
}

class EventRun {
  readonly calls: FoundCall[] = [];
  task: string | null = null;
  startedAt: number | null = null;
  endedAt: number | null = null;
  outcome: Outcome = left("the record does not say how it ended");
  lastCost: number | null = null;
  lastTokens: Tokens | null = null;
  /** By the provider's name of the answer: several actions may have come in one. */
  readonly #byResponse = new Map<string, FoundCall>();

  constructor(private readonly tally: ImportTally) {}

  /** Names of benchmark tasks are better than their texts: they are the same for every try. */
  isNamed(name: string): boolean {
    return /^[\w.-]+__[\w.-]+-\d+$/.test(name);
  }

  take(raw: unknown): void {
    const parsed = v.safeParse(OpenHandsEvent, raw);
    const event = parsed.success ? parsed.output : null;
    if (!event?.known) this.tally.unknown(event?.kind ?? "(no kind)");
    if (!event?.known) return;
    const at = timeFrom(event.timestamp);
    if (at !== null) {
      this.startedAt = Math.min(this.startedAt ?? at, at);
      this.endedAt = Math.max(this.endedAt ?? at, at);
    }
    if (isCall(event)) this.#call(event, at);
    else if (isAnswer(event)) this.#answer(event);
    else if (event.source === "user" && event.text) this.task ??= event.text;
  }

  #call(event: Event, at: number | null): void {
    const known = event.response === null ? undefined : this.#byResponse.get(event.response);
    const call = known ?? newCall({ at, model: event.model, usage: usageFrom(event.usage), result: 0 });
    if (!known) this.calls.push(call);
    if (event.response !== null) this.#byResponse.set(event.response, call);
    if (event.action !== null) call.action = strongest([call.action, event.action]);
    this.#meter(event, call);
    this.outcome = event.action === "finish" || event.action === null ? DONE : left("the run was left before its end");
  }

  /** Sums so far stand with each event: what they have grown by is the call's. */
  #meter({ metrics }: Event, call: FoundCall): void {
    const parsed = v.safeParse(Metrics, metrics);
    if (!parsed.success) return;
    const { accumulated_cost: cost, accumulated_token_usage: tokens } = parsed.output;
    if (cost !== null) {
      call.usd ??= moneyFrom(cost - (this.lastCost ?? 0));
      this.lastCost = cost;
    }
    if (tokens) {
      call.usage ??= usageOf(grownBy(tokens, this.lastTokens));
      this.lastTokens = tokens;
    }
  }

  #answer({ failed, resultTokens }: Event): void {
    const call = this.calls.at(-1);
    if (!call) return;
    call.failed ||= failed;
    call.result = (call.result ?? 0) + resultTokens;
  }

  /** Figures that a record of a whole run keeps call by call. */
  fillFrom(metrics: Record["metrics"]): void {
    for (const told of metrics?.token_usages ?? []) {
      const call = told.response_id === null ? undefined : this.#byResponse.get(told.response_id);
      if (call) call.usage ??= usageOf(told);
    }
    const costs = metrics?.costs ?? [];
    if (costs.length !== this.calls.length || this.calls.some((call) => call.usd !== null)) return;
    for (const [index, call] of this.calls.entries()) call.usd = moneyFrom(costs[index]?.cost);
  }
}

function grownBy(now: Tokens, before: Tokens | null): Tokens {
  const grown = (of: (tokens: Tokens) => number) => Math.max(0, of(now) - (before ? of(before) : 0));
  return {
    prompt_tokens: grown((tokens) => tokens.prompt_tokens),
    completion_tokens: grown((tokens) => tokens.completion_tokens),
    cache_read_tokens: grown((tokens) => tokens.cache_read_tokens),
    cache_write_tokens: grown((tokens) => tokens.cache_write_tokens),
  };
}

/** Its prompts include what was cached. */
function usageOf(tokens: Tokens | null): Usage | null {
  if (tokens === null) return null;
  return usageFrom({
    prompt_tokens: tokens.prompt_tokens,
    completion_tokens: tokens.completion_tokens,
    prompt_tokens_details: { cached_tokens: tokens.cache_read_tokens, cache_creation_tokens: tokens.cache_write_tokens },
  });
}

function errorOutcome(error: string): Outcome {
  if (/iteration/i.test(error)) return { kind: "stopped", reason: "turns" };
  if (/budget/i.test(error)) return { kind: "stopped", reason: "dollars" };
  if (/stuck|loop/i.test(error)) return { kind: "stopped", reason: "stuck" };
  return { kind: "failed", reason: error.slice(0, 200) };
}
