import { randomUUID } from "node:crypto";
import path from "node:path";
import { changedSince } from "./adapters/changedSince";
import { systemClock } from "./adapters/clock";
import { createWorkspaceFiles } from "./adapters/files";
import { createGuard } from "./adapters/filesGuard";
import { createWorkspaceState } from "./adapters/filesSnapshot";
import { createUnsavedTest } from "./adapters/filesUnsaved";
import { shownUrl } from "./adapters/openaiErrors";
import { createOpenAiModel } from "./adapters/openaiModel";
import { openStore, type Store } from "./adapters/openStore";
import { createFileOutputs } from "./adapters/outputs";
import { dropOldOutputs } from "./adapters/outputsSweep";
import { createPriceCatalog, type PriceCatalog } from "./adapters/priceCatalog";
import { readRecordedRuns } from "./adapters/recordedFile";
import { createTextSearch } from "./adapters/ripgrep";
import { setFilesBack } from "./adapters/setBack";
import { createShell, type DisposableShell } from "./adapters/shell";
import { findProgram } from "./adapters/shellPrograms";
import { defaultStoreFile } from "./adapters/storeFile";
import { createTokenCounter, type WorkerTokenCounter } from "./adapters/tokenCounter";
import { encodingFor } from "./adapters/tokenCounterEncoding";
import { workDiff } from "./adapters/workDiff";
import type { ActiveRun } from "./core/activeRun";
import { bestCheckpoint } from "./core/checkpoint";
import type {
  Connection,
  Engine,
  Refusal,
  ResumeRequest,
  RunHandle,
  RunListener,
  SetBackResult,
  StartRequest,
} from "./core/engine";
import type { Forecast } from "./core/forecast/forecast";
import { FittedForecasters, lateForecaster } from "./core/forecast/lateForecaster";
import { type ImportFind, type ImportPlace, type ImportReport, type ImportRequest, OWN_SOURCE } from "./core/imports";
import { modelTraits } from "./core/modelTraits";
import type { Approver } from "./core/ports";
import type { PriceRow } from "./core/pricing";
import type { RecordedRun } from "./core/recordedRun";
import { foldRun } from "./core/reduceRun";
import { isDemo, type ModelRef, type RunConfig } from "./core/runConfig";
import type { RunPorts } from "./core/runPorts";
import type { RunState } from "./core/runState";
import { cheaperSegment, segmentPrices } from "./core/segment";
import { resumedLimit, resumeRun, startRun } from "./core/session";
import { inputTokens } from "./core/usage";
import type { EngineNeeds } from "./host/engineSource";
import { createTools } from "./tools/registry";
import { asksForChange } from "./tools/task";

export interface EngineOptions extends EngineNeeds {
  /** Environment variables that hold keys under unusual names; commands do not get them. */
  readonly secretEnv?: readonly string[];
  /** Saves memory in a process that does nothing else; what need not be counted exactly is not. */
  readonly lean?: boolean;
}

/** Runs looked through for one that may still go on. */
const RECENT_RUNS = 200;
const OPENAI = "https://api.openai.com/v1";
/** Most past runs that a forecast is fitted on: the newest say most, and it is done in a quarter of a second. */
const FORECAST_RUNS = 200;
/** Output tokens asked for in one call when nobody says otherwise. */
const DEFAULT_OUTPUT = 16_384;

/** Builds the parts and hands them to each other. */
export async function createEngine(needs: EngineOptions): Promise<Engine> {
  const file = needs.storeFile ?? defaultStoreFile();
  const store = await openStore({ file, clock: systemClock, say: needs.log });
  if (store.degraded) needs.log(store.degraded);
  void dropOldOutputs(needs.outputsDir, systemClock.now());
  return new TurnpikeEngine(needs, store);
}

class TurnpikeEngine implements Engine {
  readonly #needs: EngineOptions;
  readonly #store: Store;
  readonly #prices: PriceCatalog;
  readonly #running = new Set<ActiveRun>();
  /** What is still to be done for runs that have ended: their background processes end. */
  readonly #endings = new Set<Promise<void>>();
  readonly #counters = new Map<string, WorkerTokenCounter>();
  readonly #forecasters: FittedForecasters;

  constructor(needs: EngineOptions, store: Store) {
    this.#needs = needs;
    this.#store = store;
    this.#prices = createPriceCatalog(() => new Date());
    this.#forecasters = new FittedForecasters((modelId) => this.#pastRuns(modelId), systemClock);
  }

  get store() {
    return this.#store.runs;
  }

  priceOf(modelId: string, baseUrl: string | null): Promise<PriceRow | null> {
    return this.#prices.priceOf(modelId, baseUrl);
  }

  inputFactor(modelId: string): Promise<number | null> {
    return this.#store.books.inputFactor(modelId);
  }

  async forecastStart(modelId: string): Promise<Forecast | null> {
    const forecaster = await this.#forecasters.of(modelId);
    return forecaster?.forecast({ model: modelId, turns: [] }) ?? null;
  }

  async start(request: StartRequest, approver: Approver, listener?: RunListener): Promise<RunHandle | Refusal> {
    if (request.task.trim() === "") return { refused: "badRequest", text: "Say what is to be done: the task is empty." };
    const { connection, caps } = request;
    const price = await this.#priceFor(connection);
    if (!price && caps.usd !== null) return noPrice(connection.modelId);
    const { task, project, policy, warn, approval } = request;
    const config: RunConfig = {
      runId: randomUUID(),
      task,
      project,
      model: modelRef(connection),
      price,
      policy,
      caps,
      warn,
      approval,
      requestedOutput: request.requestedOutput ?? DEFAULT_OUTPUT,
    };
    const world = await this.#world(config, connection, approver, approval !== "readOnly" && asksForChange(task));
    return this.#keep(await startRun(config, world.ports, listener), world);
  }

  async resume(request: ResumeRequest, approver: Approver, listener?: RunListener): Promise<RunHandle | Refusal> {
    const { runId, connection, caps, message, extraTurns, approval } = request;
    if (await this.#goesOn(runId)) {
      return { refused: "badRequest", text: "This run goes on in another window: stop it there first." };
    }
    const events = await this.store.events(runId);
    if (events.length === 0) return { refused: "notFound", text: "This run is not in the store any more." };
    const price = await this.#priceFor(connection);
    if (!price && caps.usd !== null) return noPrice(connection.modelId);
    const past = foldRun(events);
    if (isDemo(past.config) !== isDemo({ price })) {
      return { refused: "badRequest", text: "Demo money and real money do not mix: start a new task to change between them." };
    }
    if (caps.usd !== null && hasUnpricedSpend(past)) {
      return {
        refused: "badRequest",
        text: "Part of this run was made without a price, so a dollar cap cannot be kept: go on without one, or start a new task.",
      };
    }
    const limit = resumedLimit(past, { caps, extraTurns });
    if (limit !== null && past.turns.length >= limit) {
      return { refused: "nothingLeft", text: `All ${limit} turns are used: add some to go on.` };
    }
    const chosen = { approval, price, model: modelRef(connection) };
    const config: RunConfig = { ...past.config, ...chosen };
    const changed = past.turns.some((turn) => turn.calls.some((call) => call.changes.length > 0));
    const wantsChange = !changed && approval !== "readOnly" && asksForChange(message ?? config.task);
    const world = await this.#world(config, connection, approver, wantsChange);
    const loadText = (key: string) => this.store.loadText(key);
    const prices = segmentPrices({ ...past, config }, systemClock.now());
    const segment = request.segment ?? (message === null && past.outcome?.kind !== "done" ? cheaperSegment(prices) : "same");
    const others = await changedSince(past, createWorkspaceFiles(await createGuard(past.config.project.path)));
    const diff = segment === "fresh" ? await workDiff(past, loadText, others) : "";
    const next = { message, caps, extraTurns, config: chosen, segment, prices, diff, changedSince: others };
    return this.#keep(await resumeRun(events, next, world.ports, listener), world);
  }

  readRecorded(files: readonly string[]): Promise<readonly RecordedRun[]> {
    return readRecordedRuns(files);
  }

  async setBack(runId: string): Promise<SetBackResult | Refusal> {
    if (await this.#goesOn(runId)) return { refused: "badRequest", text: "This run goes on: stop it first." };
    const events = await this.store.events(runId);
    if (events.length === 0) return { refused: "notFound", text: "This run is not in the store any more." };
    const state = foldRun(events);
    const best = bestCheckpoint(state);
    if (!best) return { refused: "nothingLeft", text: "The files are in the best state this run has seen." };
    const guard = await createGuard(state.config.project.path);
    const isUnsaved = createUnsavedTest(guard, this.#needs.unsavedFiles ?? (() => []));
    return setFilesBack(best.files, createWorkspaceFiles(guard), (key) => this.store.loadText(key), isUnsaved);
  }

  async findHistories(places: readonly ImportPlace[] | null, signal: AbortSignal): Promise<readonly ImportFind[]> {
    const { findHistories } = await import("./adapters/importHistory");
    return findHistories(places, signal);
  }

  async importHistory(request: ImportRequest): Promise<ImportReport> {
    const { importHistory } = await import("./adapters/importHistory");
    return importHistory(request, this.store, this.#prices).finally(() => this.#forecasters.forget());
  }

  /** Interrupts what still runs, settles it, and closes the store. */
  async close(): Promise<void> {
    const running = [...this.#running];
    for (const run of running) run.stop("interrupt");
    await Promise.all(running.map((run) => run.ended));
    await Promise.all(this.#endings);
    await Promise.all([...this.#counters.values()].map((counter) => counter.dispose()));
    await this.#store.close();
  }

  /** Whether a living process has this run. Listing the runs ends those whose process is gone, so ask before reading one. */
  async #goesOn(runId: string): Promise<boolean> {
    if ([...this.#running].some((run) => run.runId === runId)) return true;
    const runs = await this.store.runs({ limit: RECENT_RUNS, source: OWN_SOURCE });
    return runs.some((run) => run.runId === runId && run.outcome === null);
  }

  async #priceFor({ modelId, baseUrl, price }: Connection): Promise<PriceRow | null> {
    return price ?? (await this.#prices.priceOf(modelId, baseUrl));
  }

  #keep(run: ActiveRun, world: World): RunHandle {
    this.#running.add(run);
    const ending = run.ended.then(async (outcome) => {
      this.#running.delete(run);
      this.#forecasters.forget();
      this.#needs.log(`run ${run.runId} ended: ${outcome.kind} (${outcome.reason.slice(0, 200)})`);
      await world.shell.dispose();
      this.#endings.delete(ending);
    });
    this.#endings.add(ending);
    return run;
  }

  /** The parts of one run. */
  async #world(config: RunConfig, connection: Connection, approver: Approver, wantsChange: boolean): Promise<World> {
    const { runs, books } = this.#store;
    const { path: folder } = config.project;
    const { id: modelId, reasoning } = config.model;
    const guard = await createGuard(folder);
    const shell = createShell({
      cwd: guard.root,
      env: process.env,
      envRules: { drop: this.#needs.secretEnv ?? [], keep: [] },
    });
    const outputs = createFileOutputs(path.join(this.#needs.outputsDir, config.runId));
    const tools = createTools({
      files: createWorkspaceFiles(guard),
      state: createWorkspaceState(guard.root, await findProgram("git", guard.root)),
      search: createTextSearch(guard, this.#needs.ripgrepCandidates),
      ...{ shell, outputs, saveText: (text: string) => runs.saveText(text) },
      isUnsaved: createUnsavedTest(guard, this.#needs.unsavedFiles ?? (() => [])),
      asksForChange: wantsChange,
      mayAskForTurns: config.policy.kind === "dynamic" && config.policy.preset === "evidence",
    });
    const { apiKey } = connection;
    const model = createOpenAiModel({ baseUrl: connection.baseUrl ?? OPENAI, apiKey, modelId, reasoning, clock: systemClock });
    const counter = this.#counter(modelId);
    // In an editor counting starts while the first answer is awaited; a lean process starts it only if a bound is tight.
    if (!this.#needs.lean) counter.warm();
    const record: RunPorts["record"] = (event) => runs.append(config.runId, event);
    const forecaster = lateForecaster(() => this.#forecasters.of(modelId));
    const ports = { clock: systemClock, model, counter, books, tools, outputs, approver, forecaster, record, newId: randomUUID };
    return { shell, ports };
  }

  /** What a forecast rests on: runs of the model, our own before those of other agents. */
  async #pastRuns(modelId: string): Promise<readonly RecordedRun[]> {
    const query = { models: [modelId], limit: FORECAST_RUNS };
    const own = await this.store.recordings({ ...query, sources: [OWN_SOURCE] });
    if (own.length >= FORECAST_RUNS) return own;
    const imported = (await this.store.recordings(query)).filter((run) => run.source !== OWN_SOURCE);
    return [...own, ...imported].slice(0, FORECAST_RUNS);
  }

  #counter(modelId: string): WorkerTokenCounter {
    const encoding = encodingFor(modelId);
    const known = this.#counters.get(encoding);
    if (known) return known;
    const { assetsDir, lean = false } = this.#needs;
    const counter = createTokenCounter({ assetsDir, encoding, lean });
    this.#counters.set(encoding, counter);
    return counter;
  }
}

interface World {
  readonly ports: RunPorts;
  readonly shell: DisposableShell;
}

/** Tokens that were billed at no known price. A call lost with its process is another matter: the books hold its worst case. */
function hasUnpricedSpend({ turns, config, totals }: RunState): boolean {
  if (config.price === null && totals.unknownCharges > 0) return true;
  const charges = turns.flatMap((turn) => turn.charges);
  return charges.some(({ usd, usage }) => usd === null && inputTokens(usage) + usage.output > 0);
}

function modelRef({ modelId, baseUrl }: Connection): ModelRef {
  return { id: modelId, baseUrl: baseUrl && shownUrl(baseUrl), ...modelTraits(modelId) };
}

function noPrice(modelId: string): Refusal {
  return {
    refused: "noPrice",
    text: `There is no price for ${modelId}, so a dollar cap cannot be kept: set one (setting turnpike.prices, or --price), or run without a dollar cap.`,
  };
}
