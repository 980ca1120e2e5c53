import type { RecordedTurn, TurnAction } from "../recordedRun";

/** Windows of turns over which the recent shape of a run is taken. */
const SHORT = 5;
const LONG = 10;
const SHARES: readonly TurnAction[] = ["edit", "check", "command", "read", "search"];
const LAST: readonly TurnAction[] = ["edit", "check", "command", "read", "search", "none", "other", "plan", "finish"];

/**
 * What a run has shown by the end of each of its turns, as numbers that may tell how much is still to come: edits and how
 * long ago they were, checks since, the mix of what was done, failures, the lengths of answers, prompts and results, and
 * cost. One row per turn, all of one length; `NaN` = the record does not say. Row t rests on turns 1 to t alone.
 */
export function featureRows(turns: readonly RecordedTurn[]): readonly (readonly number[])[] {
  const seen = startState();
  return turns.map((turn, index) => {
    look(seen, turn, index + 1);
    return rowOf(turns, seen, index);
  });
}

/** The last of those rows; there is at least one turn. A live run asks for it after every turn. */
export function lastFeatureRow(turns: readonly RecordedTurn[]): readonly number[] {
  const seen = startState();
  for (const [index, turn] of turns.entries()) look(seen, turn, index + 1);
  return rowOf(turns, seen, turns.length - 1);
}

function rowOf(turns: readonly RecordedTurn[], seen: Seen, index: number): readonly number[] {
  return [...editFeatures(seen), ...mixFeatures(turns, seen, index), ...sizeFeatures(turns, seen, index)];
}

interface Seen {
  turn: number;
  firstEdit: number | null;
  lastEdit: number | null;
  checksSinceEdit: number;
  /** Failing checks as last counted. */
  failures: number | null;
  counts: Map<TurnAction, number>;
  action: TurnAction;
  sameAction: number;
  failedInRow: number;
  /** Sums over the turns that have the figure, of its logarithm. */
  output: Mean;
  result: Mean;
  usd: number;
}

interface Mean {
  sum: number;
  n: number;
}

function startState(): Seen {
  return {
    ...{ turn: 0, firstEdit: null, lastEdit: null, checksSinceEdit: 0, failures: null, counts: new Map() },
    ...{ action: "none", sameAction: 0, failedInRow: 0, output: { sum: 0, n: 0 }, result: { sum: 0, n: 0 }, usd: 0 },
  };
}

function look(seen: Seen, turn: RecordedTurn, number: number): void {
  const { action, failed } = turn;
  seen.turn = number;
  if (action === "edit" && !failed) {
    seen.firstEdit ??= number;
    seen.lastEdit = number;
    seen.checksSinceEdit = 0;
  }
  if (action === "check" && seen.lastEdit !== null) seen.checksSinceEdit += 1;
  if (turn.failures !== null) seen.failures = turn.failures;
  seen.counts.set(action, (seen.counts.get(action) ?? 0) + 1);
  seen.sameAction = action === seen.action ? seen.sameAction + 1 : 1;
  seen.action = action;
  seen.failedInRow = failed ? seen.failedInRow + 1 : 0;
  add(seen.output, log(turn.output));
  add(seen.result, log(turn.result));
  seen.usd += turn.usd ?? Number.NaN;
}

function editFeatures({ turn, firstEdit, lastEdit, checksSinceEdit, failures }: Seen): readonly number[] {
  const sinceFirst = firstEdit === null ? 0 : turn - firstEdit;
  return [
    firstEdit === null ? 0 : 1,
    Math.log1p(sinceFirst),
    sinceFirst / turn,
    lastEdit === null ? 0 : Math.log1p(turn - lastEdit),
    Math.log1p(checksSinceEdit),
    failures === null ? Number.NaN : Number(failures === 0),
    failures === null ? Number.NaN : Math.log1p(failures),
  ];
}

function mixFeatures(turns: readonly RecordedTurn[], seen: Seen, index: number): readonly number[] {
  const share = (action: TurnAction, window: number) => {
    const recent = turns.slice(Math.max(0, index + 1 - window), index + 1);
    return recent.filter((turn) => turn.action === action).length / recent.length;
  };
  const failedShare = turns.slice(Math.max(0, index + 1 - LONG), index + 1).filter((turn) => turn.failed).length;
  return [
    ...SHARES.map((action) => (seen.counts.get(action) ?? 0) / seen.turn),
    ...SHARES.map((action) => share(action, SHORT)),
    share("edit", LONG),
    share("check", LONG),
    ...LAST.map((action) => Number(seen.action === action)),
    Math.log(seen.sameAction),
    Math.log1p(seen.failedInRow),
    failedShare / Math.min(LONG, seen.turn),
  ];
}

function sizeFeatures(turns: readonly RecordedTurn[], seen: Seen, index: number): readonly number[] {
  const input = (at: number) => log(turns[Math.max(0, at)]?.input ?? null);
  const recent = turns.slice(Math.max(0, index + 1 - SHORT), index + 1);
  const turn = turns[index];
  return [
    log(turn?.output ?? null),
    mean(seen.output),
    meanOf(recent.map((one) => log(one.output))),
    input(index),
    input(index) - input(0),
    input(index) - input(index - SHORT),
    log(turn?.result ?? null),
    mean(seen.result),
    logUsd(turn?.usd ?? Number.NaN),
    logUsd(seen.usd),
    logUsd(meanUsd(recent)),
  ];
}

/** Cost of a turn at the run's present pace, in nano-dollars; `NaN` = not known. */
export function meanUsd(recent: readonly RecordedTurn[]): number {
  return recent.reduce((sum, turn) => sum + (turn.usd ?? Number.NaN), 0) / recent.length;
}

export function recentTurns(turns: readonly RecordedTurn[], taken: number): readonly RecordedTurn[] {
  return turns.slice(Math.max(0, taken - SHORT), taken);
}

function log(value: number | null): number {
  return value === null ? Number.NaN : Math.log1p(value);
}

/** In tenths of a thousandth of a dollar, so that what is free has a logarithm too. */
function logUsd(nanoUsd: number): number {
  return Math.log(Math.max(nanoUsd, 100));
}

function add(to: Mean, value: number): void {
  if (Number.isNaN(value)) return;
  to.sum += value;
  to.n += 1;
}

function mean({ sum, n }: Mean): number {
  return n === 0 ? Number.NaN : sum / n;
}

function meanOf(values: readonly number[]): number {
  const known: Mean = { sum: 0, n: 0 };
  for (const value of values) add(known, value);
  return mean(known);
}
