import type { AgentEvent, Outcome, StampedEvent } from "../../../src/core/agentEvent";
import type {
  Engine,
  Refusal,
  ResumeRequest,
  RunHandle,
  RunListener,
  SetBackResult,
  StartRequest,
} from "../../../src/core/engine";
import type { Forecast } from "../../../src/core/forecast/forecast";
import type { RecordingQuery, RunStore, RunSummary } from "../../../src/core/history";
import type { FileStamp, ImportCounts, ImportFind, ImportPlace, ImportReport, ImportRequest } from "../../../src/core/imports";
import type { Approver } from "../../../src/core/ports";
import { type PriceRow, ratePerMillion } from "../../../src/core/pricing";
import type { PastLength, RecordedRun } from "../../../src/core/recordedRun";
import { foldRun, reduceRun } from "../../../src/core/reduceRun";
import type { Caps, RunConfig } from "../../../src/core/runConfig";
import type { RunState } from "../../../src/core/runState";

/** $1 in, $10 out. */
export const PRICE: PriceRow = {
  model: "gpt-5",
  source: "override",
  asOf: "2026-11-01",
  tiers: [
    {
      aboveInputTokens: 0,
      freshInput: ratePerMillion(1),
      cacheRead: ratePerMillion(0.1),
      cacheWrite5m: ratePerMillion(1),
      cacheWrite1h: ratePerMillion(1),
      output: ratePerMillion(10),
    },
  ],
};

/** A run that does only what the test makes it do. */
export class FakeRun implements RunHandle {
  readonly ended: Promise<Outcome>;
  readonly extensions: { readonly caps: Caps; readonly extraTurns: number }[] = [];
  readonly aborted = new AbortController();
  stoppedBy: string | null = null;
  landed = false;
  #finish: (outcome: Outcome) => void = () => {};
  readonly #listeners = new Set<RunListener>();

  constructor(
    private readonly store: FakeStore,
    public state: RunState,
    readonly approver: Approver,
    private seq: number,
  ) {
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get runId(): string {
    return this.state.config.runId;
  }

  onEvent(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  emit(event: AgentEvent): void {
    const stamped: StampedEvent = { ...event, seq: this.seq++, at: 1_000 + this.seq };
    this.state = reduceRun(this.state, stamped);
    this.store.keep(this.runId, stamped);
    for (const listener of this.#listeners) listener(stamped, this.state);
  }

  async end(outcome: Outcome): Promise<void> {
    this.emit({ kind: "ended", outcome });
    this.#finish(outcome);
    await this.ended;
    await new Promise((resolve) => setImmediate(resolve));
  }

  stop(by: "user" | "interrupt" = "user"): void {
    this.stoppedBy = by;
    this.aborted.abort();
    const outcome: Outcome =
      by === "user" ? { kind: "stopped", reason: "user" } : { kind: "interrupted", reason: "window closed" };
    this.emit({ kind: "ended", outcome });
    this.#finish(outcome);
  }

  land(): void {
    this.landed = true;
  }

  extend(caps: Caps, extraTurns: number): void {
    this.extensions.push({ caps, extraTurns });
    this.emit({ kind: "capsChanged", caps });
  }
}

export class FakeStore implements RunStore {
  degraded: string | null = null;
  readonly texts = new Map<string, string>();
  readonly all = new Map<string, StampedEvent[]>();
  counts: readonly number[] = [];
  /** Runs whose process is gone: listing the runs ends them, as the real store does. */
  readonly dead = new Set<string>();
  /** How often the runs were listed. */
  listed = 0;
  failure: Error | null = null;
  closed = false;

  keep(runId: string, event: StampedEvent): void {
    const events = this.all.get(runId) ?? [];
    this.all.set(runId, [...events, event]);
  }

  async append(runId: string, event: StampedEvent): Promise<void> {
    this.keep(runId, event);
  }

  async events(runId: string): Promise<readonly StampedEvent[]> {
    return this.all.get(runId) ?? [];
  }

  async runs({ limit, projectPath }: { limit: number; projectPath?: string }): Promise<readonly RunSummary[]> {
    this.listed += 1;
    if (this.failure) throw this.failure;
    for (const runId of this.dead) this.#interrupt(runId);
    const states = [...this.all.values()].map((events) => foldRun(events)).reverse();
    return states
      .filter((state) => projectPath === undefined || state.config.project.path === projectPath)
      .slice(0, limit)
      .map(summaryOf);
  }

  /** The processes that had runs in progress are gone. */
  kill(): void {
    for (const runId of this.all.keys()) this.dead.add(runId);
  }

  #interrupt(runId: string): void {
    const events = this.all.get(runId) ?? [];
    if (foldRun(events).phase === "ended") return;
    const outcome = { kind: "interrupted", reason: "the process that ran it is gone" } as const;
    this.keep(runId, { kind: "ended", outcome, seq: events.length, at: events.at(-1)?.at ?? 0 });
  }

  async spend(): Promise<readonly never[]> {
    return [];
  }

  async lengths({ model }: { readonly model: string }): Promise<readonly PastLength[]> {
    return this.counts.map((turns) => ({ turns, ended: true, model, here: true, imported: false }));
  }

  recorded: readonly RecordedRun[] = [];

  async recordings(_query?: Partial<RecordingQuery>): Promise<readonly RecordedRun[]> {
    return this.recorded;
  }

  async importRuns(): Promise<ImportCounts> {
    return { added: 0, replaced: 0, unchanged: 0 };
  }

  async importedFiles(): Promise<readonly FileStamp[]> {
    return [];
  }

  async saveText(text: string): Promise<string> {
    this.texts.set(text, text);
    return text;
  }

  async loadText(key: string): Promise<string | null> {
    return this.texts.get(key) ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
  }
}

function summaryOf(state: RunState): RunSummary {
  const { config, totals } = state;
  return {
    ...{
      runId: config.runId,
      source: "turnpike",
      task: config.task,
      project: config.project,
      model: config.model.id,
      policy: config.policy.kind,
    },
    ...{ outcome: state.outcome, turns: state.turns.length, limit: state.limit, caps: state.caps, usd: totals.usd },
    ...{ estimatedCharges: 0, unknownCharges: 0, usage: totals.usage, demo: false, startedAt: 1_000, dated: true, endedAt: null },
  };
}

/** An engine without a model: it keeps what it was asked for, and hands out runs that the test drives. */
export class FakeEngine implements Engine {
  readonly starts: StartRequest[] = [];
  readonly resumes: ResumeRequest[] = [];
  readonly setBacks: string[] = [];
  readonly recordedFiles: string[] = [];
  recorded: readonly RecordedRun[] = [];
  readonly runs: FakeRun[] = [];
  readonly prices = new Map<string, PriceRow>([["gpt-5", PRICE]]);
  readonly factors = new Map<string, number>();
  readonly forecasts: string[] = [];
  expected: Forecast | null = null;
  histories: readonly ImportFind[] = [];
  readonly imports: ImportRequest[] = [];
  onImport: (request: ImportRequest) => void = () => {};
  importTroubles: Partial<ImportReport> = {};
  setBackResult: SetBackResult = { done: ["src/a.ts"], left: [] };
  refusal: Refusal | null = null;
  closed = false;

  constructor(readonly store = new FakeStore()) {}

  async priceOf(modelId: string): Promise<PriceRow | null> {
    return this.prices.get(modelId) ?? null;
  }

  async inputFactor(modelId: string): Promise<number | null> {
    return this.factors.get(modelId) ?? null;
  }

  async forecastStart(modelId: string): Promise<Forecast | null> {
    this.forecasts.push(modelId);
    return this.expected;
  }

  async start(request: StartRequest, approver: Approver): Promise<RunHandle | Refusal> {
    this.starts.push(request);
    if (this.refusal) return this.refusal;
    const runId = `run-${this.starts.length}`;
    const config = configOf(runId, request);
    const started: StampedEvent = { kind: "started", config, system: "", tools: "[]", seq: 0, at: 1_000 };
    this.store.keep(runId, started);
    return this.#add(new FakeRun(this.store, reduceRun(null, started), approver, 1));
  }

  async resume(request: ResumeRequest, approver: Approver): Promise<RunHandle | Refusal> {
    this.resumes.push(request);
    if (this.refusal) return this.refusal;
    const events = await this.store.events(request.runId);
    const run = new FakeRun(this.store, foldRun(events), approver, events.length);
    const { limit } = run.state;
    run.emit({ kind: "resumed", caps: request.caps, limit: limit === null ? null : limit + request.extraTurns });
    return this.#add(run);
  }

  async readRecorded(files: readonly string[]): Promise<readonly RecordedRun[]> {
    this.recordedFiles.push(...files);
    return this.recorded;
  }

  async setBack(runId: string): Promise<SetBackResult | Refusal> {
    this.setBacks.push(runId);
    return this.refusal ?? this.setBackResult;
  }

  async findHistories(places: readonly ImportPlace[] | null): Promise<readonly ImportFind[]> {
    return places?.map((place) => ({ ...place, files: 1, bytes: 10 })) ?? this.histories;
  }

  async importHistory(request: ImportRequest): Promise<ImportReport> {
    this.imports.push(request);
    this.onImport(request);
    return {
      ...{ added: 2, replaced: 0, unchanged: 1, files: 3, skippedFiles: 0, bytes: 30, unknownKinds: {} },
      ...{ badLines: 0, longLines: 0, broken: [], cancelled: request.signal.aborted },
      ...this.importTroubles,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  get run(): FakeRun {
    const run = this.runs.at(-1);
    if (!run) throw new Error("no run was started");
    return run;
  }

  #add(run: FakeRun): FakeRun {
    this.runs.push(run);
    return run;
  }
}

function configOf(runId: string, request: StartRequest): RunConfig {
  const { task, project, connection, policy, caps, warn, approval } = request;
  const model = { id: connection.modelId, baseUrl: connection.baseUrl, reasoning: true, maxOutput: null, contextWindow: null };
  const price = connection.price ?? PRICE;
  return { runId, task, project, model, price, policy, caps, warn, approval, requestedOutput: request.requestedOutput ?? 1 };
}
