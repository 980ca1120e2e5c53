import { type NanoUsd, nano } from "./money";
import type { RunState, TurnRecord } from "./runState";

/** Turns looked back at for what the next ones may cost: the present shape of the run, not its beginning. */
const RECENT = 10;

/**
 * Likely price of so many more turns: the trend of the last ones goes on, for the prompt grows. A trend downwards is not
 * counted on. `null` while no turn has a price.
 */
export function priceOfTurns(state: RunState, turns: number): NanoUsd | null {
  const priced = workingTurns(state).flatMap((turn) => turn.usd ?? []);
  const recent = priced.slice(-RECENT);
  if (recent.length === 0) return null;
  const { level, slope } = trend(recent);
  const sum = turns * level + (slope * turns * (turns + 1)) / 2;
  return nano(Math.ceil(Math.max(0, sum)));
}

/** The landing turn is short and unlike the others. */
function workingTurns({ turns }: RunState): readonly TurnRecord[] {
  return turns.filter((turn) => turn.purpose === "turn");
}

/** Where the values stand at the end by a straight line through them, and by how much they rise each time, at least 0. */
function trend(values: readonly number[]): { readonly level: number; readonly slope: number } {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const middle = (n - 1) / 2;
  const spread = values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0);
  const rise = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0);
  const slope = spread === 0 ? 0 : Math.max(0, rise / spread);
  return { level: mean + slope * (n - 1 - middle), slope };
}
