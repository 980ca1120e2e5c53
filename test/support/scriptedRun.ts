import { createMemoryBooks } from "../../src/adapters/memoryBooks";
import type { AgentEvent, Outcome, StampedEvent } from "../../src/core/agentEvent";
import { fullText, type Message, type ToolCall } from "../../src/core/conversation";
import type { Forecaster } from "../../src/core/forecast/forecast";
import { usd } from "../../src/core/money";
import type {
  Approver,
  Books,
  Clock,
  Model,
  ModelRequest,
  ModelResult,
  TokenCounter,
  Tool,
  ToolResult,
} from "../../src/core/ports";
import { type PriceRow, ratePerMillion } from "../../src/core/pricing";
import { NO_CAPS, type RunConfig } from "../../src/core/runConfig";
import type { RunPorts } from "../../src/core/runPorts";
import { startRun } from "../../src/core/session";

/** $3 fresh, $0.30 cached, $3.75 written, $15 out. */
export const PRICE: PriceRow = priceRow(3, 0.3, 3.75, 15);

export function priceRow(input: number, cacheRead: number, cacheWrite: number, output: number): PriceRow {
  const tier = {
    aboveInputTokens: 0,
    freshInput: ratePerMillion(input),
    cacheRead: ratePerMillion(cacheRead),
    cacheWrite5m: ratePerMillion(cacheWrite),
    cacheWrite1h: ratePerMillion(cacheWrite),
    output: ratePerMillion(output),
  };
  return { model: "test-model", source: "user", asOf: null, tiers: [tier] };
}

export function config(change: Partial<RunConfig> = {}): RunConfig {
  return {
    runId: "run-1",
    task: "Fix the rounding bug",
    project: { name: "invoice", path: "/work/invoice" },
    model: { id: "gpt-test", baseUrl: null, reasoning: false, maxOutput: null, contextWindow: null },
    price: PRICE,
    policy: { kind: "unrestricted", cadence: { kind: "every" } },
    caps: NO_CAPS,
    warn: { turns: 0.8, usd: 0.8, tokens: 0.8, minutes: 0.8 },
    approval: "all",
    requestedOutput: 8_000,
    ...change,
  };
}

export const dollars = usd;

/** Time that moves only when somebody sleeps, or when a test says so. */
export class FakeClock implements Clock {
  at = 1_700_000_000_000;
  readonly slept: number[] = [];
  #waiting: { until: number; wake: () => void }[] = [];

  now(): number {
    return this.at;
  }

  advance(ms: number): void {
    this.at += ms;
    const due = this.#waiting.filter((sleeper) => sleeper.until <= this.at);
    this.#waiting = this.#waiting.filter((sleeper) => sleeper.until > this.at);
    for (const sleeper of due) sleeper.wake();
  }

  /** A sleep of a retry passes at once; longer ones (deadlines) wait for `advance`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    this.slept.push(ms);
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      signal?.addEventListener("abort", () => resolve(), { once: true });
      this.#waiting.push({ until: this.at + ms, wake: resolve });
      if (ms <= 10_000) queueMicrotask(() => this.advance(ms));
    });
  }
}

/** A quarter of a token per character, always ready. */
export const quarterCounter: TokenCounter = {
  ready: true,
  count: async (texts) => texts.map((text) => Math.ceil(text.length / 4)),
  bound: (text) => Buffer.byteLength(text),
};

/** What the scripted model does at a call; `request` and the number of calls so far are at hand. */
export type Play = (
  request: ModelRequest,
  index: number,
  emit: (text: string) => void,
  signal: AbortSignal,
) => ModelResult | Promise<ModelResult>;

export function answered(
  change: { text?: string; toolCalls?: ToolCall[]; usage?: unknown; finish?: "stop" | "toolCalls" | "length" } = {},
): ModelResult {
  const { text = "", toolCalls = [], finish = toolCalls.length > 0 ? "toolCalls" : "stop" } = change;
  const usage = "usage" in change ? change.usage : { prompt_tokens: 1_000, completion_tokens: 50, total_tokens: 1_050 };
  return { kind: "answered", answer: { text, toolCalls, finish }, bill: usage === null ? null : { usage, cost: undefined } };
}

export function call(name: string, args: object, id = `call_${name}`): ToolCall {
  return { id, name, arguments: JSON.stringify(args) };
}

/** A tool that answers whatever `result` says, for tests of the loop. */
export function fakeTool(
  name: string,
  result: (args: unknown) => ToolResult,
  access: "read" | "edit" | "command" = "read",
): Tool {
  return {
    spec: { name, description: name, parameters: { type: "object" } },
    prepare: async (args) => ({ access, subject: JSON.stringify(args), run: async () => result(args) }),
  };
}

export const echo = fakeTool("echo", (args) => ({ ok: true, text: JSON.stringify(args) }));
export const finish = fakeTool("finish", (args) => {
  const summary = typeof args === "object" && args !== null && "summary" in args ? String(args.summary) : "";
  return { ok: true, text: "finished", finished: { summary, infeasible: summary.startsWith("infeasible") } };
});

export interface Rig {
  readonly outcome: Outcome;
  readonly events: readonly StampedEvent[];
  readonly requests: readonly ModelRequest[];
  readonly clock: FakeClock;
  readonly books: Books;
  of<K extends AgentEvent["kind"]>(kind: K): Extract<StampedEvent, { kind: K }>[];
}

export interface RigOptions {
  readonly config?: Partial<RunConfig>;
  readonly tools?: readonly Tool[];
  readonly approver?: Approver;
  readonly forecaster?: Forecaster;
  readonly books?: Books;
  readonly clock?: FakeClock;
  readonly counter?: TokenCounter;
  /** Called once the run is under way. */
  readonly during?: (run: Awaited<ReturnType<typeof startRun>>) => void;
}

export function testPorts(play: Play, options: RigOptions, requests: ModelRequest[], events: StampedEvent[]): RunPorts {
  const clock = options.clock ?? new FakeClock();
  const model: Model = {
    stream: async (request, onDelta, signal) => {
      requests.push(request);
      return play(request, requests.length - 1, (text) => onDelta("text", text), signal);
    },
  };
  let ids = 0;
  return {
    clock,
    model,
    counter: options.counter ?? quarterCounter,
    books: options.books ?? createMemoryBooks(),
    tools: options.tools ?? [echo, finish],
    outputs: { save: (id) => id },
    forecaster: options.forecaster ?? null,
    approver: options.approver ?? { approve: async () => ({ allowed: false }), extend: async () => ({ kind: "land" }) },
    record: async (event) => void events.push(event),
    newId: () => {
      ids += 1;
      return `r${ids}`;
    },
  };
}

/** Runs a whole session against a scripted model and gives back all that happened. */
export async function runScript(play: Play, options: RigOptions = {}): Promise<Rig> {
  const requests: ModelRequest[] = [];
  const events: StampedEvent[] = [];
  const clock = options.clock ?? new FakeClock();
  const ports = testPorts(play, { ...options, clock }, requests, events);
  const run = await startRun(config(options.config), ports);
  options.during?.(run);
  const outcome = await run.ended;
  type Of = Rig["of"];
  const of: Of = (kind) => events.filter((event): event is never => event.kind === kind);
  return { outcome, events, requests, clock, books: ports.books, of };
}

export function lastText(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last ? fullText(last) : "";
}
