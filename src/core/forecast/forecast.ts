import type { NanoUsd } from "../money";
import type { RecordedTurn } from "../recordedRun";

/** A run as far as it has come. */
export interface RunSoFar {
  readonly model: string;
  readonly turns: readonly RecordedTurn[];
}

export interface Quantiles<T extends number = number> {
  readonly p10: T;
  readonly p50: T;
  readonly p90: T;
}

/** What is likely still to come of a run, by past runs that had come as far. */
export interface Forecast {
  /** Turns still to come until the run ends by itself. */
  readonly turnsLeft: Quantiles;
  /** Their cost; `null` when nothing says what a turn costs. */
  readonly usdLeft: Quantiles<NanoUsd> | null;
  /** Past runs it rests on. */
  readonly n: number;
  /** Probability, 0..1, that the run ends by itself within so many more turns. */
  within(turns: number): number;
}

/** Fitted on past runs alone, never on what the model says of itself. Pure. */
export interface Forecaster {
  /** `null` while there is too little to go by. */
  forecast(soFar: RunSoFar): Forecast | null;
}
