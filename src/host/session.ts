import { type Engine, isRefusal, type Refusal, type ResumeRequest, type RunHandle, type StartRequest } from "../core/engine";
import type { Approver } from "../core/ports";
import type { RunState } from "../core/runState";
import type { Extension } from "../protocol/sidebar";
import type { Log } from "./log";
import { loadRun, type PastRun } from "./pastRun";
import { extendedLimits } from "./runRequest";

/**
 * The run this window shows: one in progress, one of the past, or none. It starts and steers runs and remembers nothing
 * else; what it shows is the state that the run's events fold to.
 */
export class Session {
  #state: RunState | null = null;
  #elsewhere = false;
  #handle: RunHandle | null = null;
  #detach: (() => void) | null = null;
  #starting = false;
  #closing = false;
  #refusal: Refusal | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly approver: Approver,
    private readonly log: Log,
  ) {}

  get state(): RunState | null {
    return this.#state;
  }

  /** The run shown goes on in another window; what is known of it is as old as the last reading. */
  get elsewhere(): boolean {
    return this.#elsewhere;
  }

  /** A run of this window is in progress, or about to be. */
  get busy(): boolean {
    return this.#starting || this.#handle !== null;
  }

  get running(): boolean {
    return this.#handle !== null;
  }

  /** Why the last attempt to start or go on was turned down, until the next attempt or `forgive`. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Answers whether the run began; if not, `refusal` says why. Rejects when the engine fails. */
  async start(request: StartRequest): Promise<boolean> {
    return this.#begin((engine) => engine.start(request, this.approver));
  }

  async resume(request: ResumeRequest): Promise<boolean> {
    return this.#begin((engine) => engine.resume(request, this.approver));
  }

  stop(): void {
    this.#handle?.stop();
  }

  /** Ends a run in progress because its window goes away, and waits until what it sent is settled. */
  async interrupt(): Promise<void> {
    this.#closing = true;
    const handle = this.#handle;
    handle?.stop("interrupt");
    await handle?.ended;
  }

  land(): void {
    this.#handle?.land();
  }

  /** Raises the limits of the run in progress. False when there is none. */
  extend(by: Extension): boolean {
    if (!this.#handle || !this.#state) return false;
    const { caps, extraTurns } = extendedLimits(this.#state, by);
    this.#handle.extend(caps, extraTurns);
    return true;
  }

  /** Shows a run of the past. False when it is unknown or of a store no longer in use, or would hide one in progress. */
  async open(runId: string): Promise<boolean> {
    const { store } = await this.engine();
    const past = await loadRun(store, runId);
    if (!past || this.busy || (await this.engine()).store !== store) return false;
    this.#show(past);
    this.forgive();
    return true;
  }

  /** Reads a shown run of another window anew. */
  async reread(): Promise<void> {
    const runId = this.#state?.config.runId;
    if (!this.#elsewhere || runId === undefined) return;
    const past = await loadRun((await this.engine()).store, runId);
    if (!past || !this.#elsewhere || this.#state?.config.runId !== runId) return;
    this.#show(past);
    this.#tell();
  }

  /** Shows no run. A run in progress stays. */
  clear(): void {
    if (this.busy) return;
    this.#state = null;
    this.#elsewhere = false;
    this.forgive();
  }

  /** Forgets a refusal, because what it complained of may have changed. */
  forgive(): void {
    this.#refusal = null;
    this.#tell();
  }

  dispose(): void {
    this.#detach?.();
    this.#listeners.clear();
  }

  async #begin(ask: (engine: Engine) => Promise<RunHandle | Refusal>): Promise<boolean> {
    if (this.busy || this.#closing) return false;
    this.#starting = true;
    this.forgive();
    try {
      const result = await ask(await this.engine());
      if (isRefusal(result)) {
        this.#refusal = result;
        return false;
      }
      this.#attach(result);
      if (this.#closing) result.stop("interrupt");
      return true;
    } finally {
      this.#starting = false;
      this.#tell();
    }
  }

  #show({ state, elsewhere }: PastRun): void {
    this.#state = state;
    this.#elsewhere = elsewhere;
  }

  #attach(handle: RunHandle): void {
    this.#handle = handle;
    this.#show({ state: handle.state, elsewhere: false });
    this.#detach = handle.onEvent((_event, state) => {
      this.#state = state;
      this.#tell();
    });
    const ended = () => {
      if (this.#handle !== handle) return;
      this.#detach?.();
      this.#detach = null;
      this.#handle = null;
      this.#state = handle.state;
      this.#tell();
    };
    this.log.track("a run", handle.ended.finally(ended));
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (cause) {
        this.log.error("telling of a change in the run", cause);
      }
    }
  }
}
