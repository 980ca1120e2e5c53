import type { StampedEvent } from "./agentEvent";
import type { Forecaster } from "./forecast/forecast";
import type { Approver, Books, Clock, Model, OutputStore, TokenCounter, Tool } from "./ports";

/** All of the world that a run touches. */
export interface RunPorts {
  readonly clock: Clock;
  readonly model: Model;
  readonly counter: TokenCounter;
  readonly books: Books;
  readonly tools: readonly Tool[];
  readonly outputs: OutputStore;
  readonly approver: Approver;
  /** By past runs; `null` = there are none to go by. */
  readonly forecaster: Forecaster | null;
  /** Keeps an event; called in order, once each, without waiting for the one before. Events for live views alone do not come here. */
  readonly record: (event: StampedEvent) => Promise<void>;
  /** A fresh id for a reservation. */
  readonly newId: () => string;
}
