import type { CallRecord, PlanLine, TurnRecord } from "../runState";
import { differingPaths, isChange, isScratch, workspaceDiff } from "./workspaceDiff";

/** What progress is judged by. */
export interface Work {
  readonly turns: readonly TurnRecord[];
  readonly plan: readonly PlanLine[];
  /** What the user said: files named in it are relevant. */
  readonly words: readonly string[];
}

/**
 * What came of the turns after `sinceTurn`, in words with figures: a workspace that is in another state, fewer failing
 * checks, relevant files read for the first time, items of the plan done. Only what the record shows counts; an item that
 * was first planned after `sinceTurn` is no more than words.
 */
export function progressSince({ turns, plan, words }: Work, sinceTurn: number): readonly string[] {
  const before = turns.filter((turn) => turn.turn <= sinceTurn);
  const recent = turns.filter((turn) => turn.turn > sinceTurn);
  return [
    ...changedFiles(before, turns),
    ...fewerFailures(before, recent),
    ...firstReads(before, recent, words),
    ...closedItems(plan, sinceTurn),
  ];
}

/** Files that hold something they did not hold at the mark, nor ever before it: going back and forth is no progress. */
function changedFiles(before: readonly TurnRecord[], turns: readonly TurnRecord[]): string[] {
  const changed = differingPaths(workspaceDiff(before), workspaceDiff(turns));
  const lastKeys = new Map(turns.flatMap(changesOf).map(({ path, after }) => [path, after]));
  const seen = new Set(
    before.flatMap(changesOf).flatMap((change) => [change.before, change.after].map((text) => `${change.path}\n${text}`)),
  );
  const lastTurn = new Map(turns.flatMap((turn) => changesOf(turn).map(({ path }) => [path, turn.turn])));
  return changed
    .filter((path) => !lastKeys.get(path) || !seen.has(`${path}\n${lastKeys.get(path)}`))
    .map((path) => `${path} changed in turn ${lastTurn.get(path) ?? 0}`);
}

/** By the command that checked: another one that passes says nothing of those that failed. The newest that got better is told. */
function fewerFailures(before: readonly TurnRecord[], recent: readonly TurnRecord[]): string[] {
  const known = countedChecks(before);
  const fresh = countedChecks(recent);
  const better = fresh.findLast(({ command, failures }, at) => {
    const isLast = !fresh.slice(at + 1).some((later) => later.command === command);
    const then = thenOf(command, known, fresh);
    return isLast && then !== null && failures < then;
  });
  return better ? [`failing checks ${thenOf(better.command, known, fresh)} → ${better.failures}`] : [];
}

interface Counted {
  readonly command: string;
  readonly failures: number;
}

/** What there is to compare with: as last counted before the mark, else as first counted after it. */
function thenOf(command: string, before: readonly Counted[], recent: readonly Counted[]): number | null {
  const is = (one: Counted) => one.command === command;
  return (before.findLast(is) ?? recent.find(is))?.failures ?? null;
}

/** Checks that passed, or whose failures were counted, in order. */
function countedChecks(turns: readonly TurnRecord[]): readonly Counted[] {
  const checks = turns.flatMap((turn) => turn.calls).flatMap((call) => call.check ?? []);
  return checks.flatMap(({ command, passed, failures }) => {
    const counted = passed ? 0 : failures;
    return counted === null ? [] : [{ command, failures: counted }];
  });
}

/**
 * Files read that were not read before. Until something is changed every file may be the one; from then on only those that
 * the task or a failed check names, or that lie beside a changed one.
 */
function firstReads(before: readonly TurnRecord[], recent: readonly TurnRecord[], words: readonly string[]): string[] {
  const known = new Set(before.flatMap(filesRead));
  const fresh = new Set(recent.flatMap(filesRead).filter((path) => !known.has(path) && !isScratch(path)));
  const changes = [...before, ...recent].flatMap(changesOf);
  const relevant = changes.length === 0 ? [...fresh] : [...fresh].filter(isNear([...before, ...recent], words));
  return relevant.length === 0 ? [] : [`${relevant.length} ${relevant.length === 1 ? "file" : "files"} read for the first time`];
}

function isNear(turns: readonly TurnRecord[], words: readonly string[]): (path: string) => boolean {
  const folders = new Set(turns.flatMap(changesOf).map(({ path }) => folderOf(path)));
  const named = [...words, ...turns.flatMap((turn) => turn.calls.filter(isFailedCheck).map((call) => call.text))];
  return (path) => folders.has(folderOf(path)) || named.some((text) => text.includes(nameOf(path)));
}

function isFailedCheck(call: CallRecord): boolean {
  return call.check !== null && !call.check.passed;
}

function closedItems(plan: readonly PlanLine[], sinceTurn: number): string[] {
  return plan
    .filter(({ sinceTurn: planned, doneTurn }) => doneTurn !== null && doneTurn > sinceTurn && planned <= sinceTurn)
    .map(({ text }) => `plan: ${text} done`);
}

function changesOf(turn: TurnRecord) {
  return turn.calls.flatMap((call) => call.changes).filter((change) => isChange(change) && !isScratch(change.path));
}

function filesRead(turn: TurnRecord): string[] {
  const reads = turn.calls.filter((call) => call.tool === "read_file" && call.state === "ok");
  return reads.map((call) => call.subject.replace(/^(?:\.\/)+/, ""));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
