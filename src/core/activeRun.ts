import type { AgentEvent, Ending, Outcome, StampedEvent } from "./agentEvent";
import type { Conversation } from "./conversation";
import { conversationOf, converse } from "./converse";
import type { RunHandle, RunListener } from "./engine";
import { messageOf } from "./errors";
import type { Forecast } from "./forecast/forecast";
import { InputBound } from "./inputBound";
import type { ToolSpec } from "./ports";
import { recordedTurn } from "./recordOf";
import { foldRun, reduceRun } from "./reduceRun";
import { type Caps, isDemo } from "./runConfig";
import type { RunPorts } from "./runPorts";
import { elapsedMs, landingMs, presumedSpent, type RunState } from "./runState";

/** Events that only matter while they happen. */
const LIVE_ONLY: ReadonlySet<AgentEvent["kind"]> = new Set(["delta", "toolOutput", "ending"]);

/**
 * A run in progress: its state, its conversation and the levers on it. The loop writes events through `emit`; everything
 * else reads them. State changes nowhere but in `reduceRun`, the conversation nowhere but in `converse`.
 */
export class ActiveRun implements RunHandle {
  readonly ports: RunPorts;
  readonly specs: readonly ToolSpec[];
  readonly bound: InputBound;
  ended: Promise<Outcome>;
  #state: RunState;
  #conversation: Conversation;
  #seq: number;
  #listeners = new Set<RunListener>();
  #recorded: Promise<void> = Promise.resolve();
  #fault: Error | null = null;
  #stop = new AbortController();
  #capsMoved = new AbortController();
  #landAsked = false;
  #interrupted = false;
  #forecast: { readonly turns: RunState["turns"]; readonly forecast: Forecast | null } | null = null;

  /** `past`: what is recorded already, from `started` on. The model, and its learned factor, may be another from here on. */
  constructor(ports: RunPorts, past: readonly StampedEvent[], learnedFactor: number | null, modelId?: string) {
    this.ports = ports;
    this.specs = ports.tools.map((tool) => tool.spec);
    this.#state = foldRun(past);
    this.#conversation = conversationOf(past);
    this.#seq = (past.at(-1)?.seq ?? 0) + 1;
    this.bound = new InputBound(ports.counter, modelId ?? this.#state.config.model.id, learnedFactor);
    this.ended = Promise.resolve({ kind: "interrupted", reason: "not started" });
  }

  get runId(): string {
    return this.#state.config.runId;
  }

  get state(): RunState {
    return this.#state;
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  /** Aborts when the user stops the run. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  get landAsked(): boolean {
    return this.#landAsked;
  }

  /** Id of the run's own budget in the books; play money has books of its own. */
  get scopeId(): string {
    return `${isDemo(this.#state.config) ? "demo-run" : "run"}:${this.runId}`;
  }

  elapsedMs(): number {
    return elapsedMs(this.#state, this.ports.clock.now());
  }

  /** Milliseconds to the cap in minutes; `null` = no cap. */
  timeLeftMs(): number | null {
    const { minutes } = this.#state.caps;
    return minutes === null ? null : Math.max(0, minutes * 60_000 - this.elapsedMs());
  }

  /** Time held back for landing. */
  landingMs(): number {
    return landingMs(this.#state.caps.minutes);
  }

  /** Whether only the time for landing is left. */
  outOfTime(): boolean {
    const left = this.timeLeftMs();
    return left !== null && left <= this.landingMs();
  }

  /** Does `work` with a signal that aborts when, `reserveMs` before the cap, its time is up. */
  async withDeadline<T>(reserveMs: number, work: (deadline: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new AbortController();
    const done = new AbortController();
    void this.#timeIsUp(reserveMs, done.signal).then((isUp) => {
      if (isUp) deadline.abort(new Error("the time of the run is nearly up"));
    });
    try {
      return await work(deadline.signal);
    } finally {
      done.abort();
    }
  }

  /** By past runs, of this one as it stands; `null` = too few of them. */
  forecast(): Forecast | null {
    const { turns, config } = this.#state;
    if (this.#forecast?.turns !== turns) {
      const soFar = { model: config.model.id, turns: turns.map(recordedTurn) };
      this.#forecast = { turns, forecast: this.ports.forecaster?.forecast(soFar) ?? null };
    }
    return this.#forecast.forecast;
  }

  onEvent(listener: RunListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits until the time is up by the cap of the moment, which may be set, moved or taken away meanwhile; false when `done`. */
  async #timeIsUp(reserveMs: number, done: AbortSignal): Promise<boolean> {
    for (;;) {
      const left = this.timeLeftMs();
      if (done.aborted) return false;
      if (left !== null && left <= reserveMs) return true;
      const woken = AbortSignal.any([done, this.#capsMoved.signal]);
      await (left === null ? aborted(woken) : this.ports.clock.sleep(left - reserveMs, woken));
    }
  }

  /** Takes an event into the state, tells the listeners, and records it in order. */
  emit(event: AgentEvent): void {
    const stamped: StampedEvent = { ...event, seq: this.#seq, at: this.ports.clock.now() };
    this.#state = reduceRun(this.#state, stamped);
    this.#conversation = converse(this.#conversation, stamped);
    if (!LIVE_ONLY.has(event.kind)) {
      this.#seq += 1;
      const recorded = this.ports.record(stamped).catch((error: unknown) => this.#fail(error));
      this.#recorded = this.#recorded.then(() => recorded);
    }
    this.tell(stamped);
  }

  /** Waits until everything emitted is recorded. Throws the first fault of the store, so that the run fails closed. */
  async flush(): Promise<void> {
    await this.#recorded;
    if (this.#fault) throw this.#fault;
  }

  stop(by: "user" | "interrupt" = "user"): void {
    this.#interrupted ||= by === "interrupt";
    this.#announce("stopping");
    this.#stop.abort(new Error("the run was stopped"));
  }

  /** Whether the process, not the user, is what ends the run. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  land(): void {
    this.#landAsked = true;
    this.#announce("landing");
  }

  extend(caps: Caps, extraTurns: number): void {
    if (this.#state.phase === "ended") return;
    this.emit({ kind: "capsChanged", caps });
    this.#capsMoved.abort();
    this.#capsMoved = new AbortController();
    this.openScope().catch((error: unknown) => this.#fail(error));
    const { limit, turns, question } = this.#state;
    // An open question about the limit has an answer of its own.
    if (limit === null || question?.kind === "extension") return;
    const to = Math.min(limit + extraTurns, caps.turns ?? Number.POSITIVE_INFINITY);
    if (to <= limit) return;
    const evidence = { progress: [], against: [], chunkUsd: null, chance: null, wish: null };
    this.emit({ kind: "extended", turn: turns.length, from: limit, to, by: "user", evidence });
  }

  /** Tells the books what this run may spend. */
  async openScope(): Promise<void> {
    const { caps, totals } = this.#state;
    const settled = presumedSpent(totals);
    await this.ports.books.openScope({ id: this.scopeId, kind: "run", capUsd: caps.usd, capTokens: caps.tokens, settled });
  }

  #announce(how: Ending): void {
    const { phase, ending } = this.#state;
    if (phase !== "ended" && ending !== how) this.emit({ kind: "ending", how });
  }

  #fail(error: unknown): void {
    this.#fault ??= error instanceof Error ? error : new Error(messageOf(error));
  }

  /** Listeners that throw break neither the run nor each other. */
  tell(event: StampedEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event, this.#state);
      } catch {
        // The run and the other views go on.
      }
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
