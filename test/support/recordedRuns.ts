import { nano } from "../../src/core/money";
import type { RecordedRun, RecordedTurn, TurnAction } from "../../src/core/recordedRun";

/** A recorded run of so many turns, or of these actions; turn n costs n micro-dollars. */
export function recordedRun(turns: number | readonly TurnAction[], change: Partial<RecordedRun> = {}): RecordedRun {
  const actions = typeof turns === "number" ? Array.from({ length: turns }, (): TurnAction => "other") : turns;
  const turn = (action: TurnAction, index: number): RecordedTurn => ({
    ...{ input: 1_000 * (index + 1), cacheRead: 0, output: 100, usd: nano(1_000 * (index + 1)), action, failed: false },
    ...{ result: 50, failures: null },
  });
  return {
    ...{ id: "r", source: "s", model: "m", task: "t", project: null, resolved: null, ended: true, lastEditTurn: 1 },
    startedAt: null,
    turns: actions.map(turn),
    ...change,
  };
}
