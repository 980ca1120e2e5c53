import type { CallRecord, TurnRecord } from "../runState";
import { isChange } from "./workspaceDiff";

/** Times the same call may give the same result, with nothing changed in between, before something is done about it. */
export const HINT_AT = 3;
export const STRONG_HINT_AT = 5;
export const STOP_AT = 8;
/** Turns in a row in which nothing new was tried or found. */
export const STALE_TURNS = 6;

export interface Stuck {
  readonly level: "none" | "hint" | "strong" | "stop";
  /** What repeats, for people and for the model. */
  readonly why: string;
  /** Whether the newest turn made it so: then it is time to say so, once. */
  readonly fresh: boolean;
}

const FREE: Stuck = { level: "none", why: "", fresh: false };
/** Older turns than this say nothing about being stuck now. */
const WINDOW = 40;

/**
 * The same tool, arguments and result over and over, in a row or by turns with others, across messages. A change to
 * the workspace starts the count anew, and so does a word from the user, before turn `fromTurn`; a poll whose result
 * changes is no repetition.
 */
export function findStuck(turns: readonly TurnRecord[], fromTurn = 1): Stuck {
  const known = found.get(turns);
  if (known?.fromTurn === fromTurn) return known.stuck;
  const stuck = search(turns.filter((turn) => turn.turn >= fromTurn));
  found.set(turns, { fromTurn, stuck });
  return stuck;
}

/** Several readers ask in one turn; a list of turns is never altered. */
const found = new WeakMap<readonly TurnRecord[], { readonly fromTurn: number; readonly stuck: Stuck }>();

function search(turns: readonly TurnRecord[]): Stuck {
  const seen = new Map<string, Repetition>();
  const lastSeen = new Map<string, string>();
  const complaints = new Set<string>();
  let staleTurns = 0;
  const window = turns.slice(-WINDOW);

  for (const turn of window) {
    let isNew = turn.calls.length === 0;
    const countedNow = new Set<string>();
    for (const call of turn.calls) {
      if (ABOUT_THE_RUN.has(call.tool)) continue;
      if (call.changes.some(isChange)) {
        seen.clear();
        complaints.clear();
        isNew = true;
        continue;
      }
      const subject = subjectOf(call);
      const same = sameAsBefore(call) ? (lastSeen.get(subject) ?? fingerprint(call)) : fingerprint(call);
      lastSeen.set(subject, same);
      // The model has not seen the first result yet when it asks twice in one turn.
      if (countedNow.has(same)) continue;
      countedNow.add(same);
      const before = seen.get(same);
      const count = (before?.count ?? 0) + 1;
      seen.set(same, { count, call, since: before?.since ?? turn.turn, turn: turn.turn });
      // The same complaint about other arguments is nothing new.
      if (count === 1 && !(call.state === "failed" && complaints.has(complaintOf(call)))) isNew = true;
      if (call.state === "failed") complaints.add(complaintOf(call));
    }
    staleTurns = isNew ? 0 : staleTurns + 1;
  }
  const newest = window.at(-1)?.turn ?? 0;
  return judge(worstOf([...seen.values()], newest), staleTurns, newest);
}

/** What repeated itself and was then left behind, for long or for another repetition, says nothing about now. */
function worstOf(seen: readonly Repetition[], newest: number): Repetition {
  const repeated = seen.filter(({ count }) => count >= HINT_AT);
  const latestStart = repeated.reduce((latest, { since }) => Math.max(latest, since), 0);
  const present = repeated.filter(({ turn }) => newest - turn < STALE_TURNS && turn >= latestStart);
  return present.reduce((worst, one) => (one.count > worst.count ? one : worst), NO_REPETITION);
}

interface Repetition {
  readonly count: number;
  readonly call: CallRecord | null;
  /** The turns in which it began, and in which it came to this count. */
  readonly since: number;
  readonly turn: number;
}

const NO_REPETITION: Repetition = { count: 0, call: null, since: 0, turn: 0 };

function judge({ count, call, turn }: Repetition, staleTurns: number, newest: number): Stuck {
  const why = call ? `${`${call.tool} ${call.subject}`.trim().slice(0, 120)} gave the same result ${count} times` : "";
  const crossed = (at: number) => turn === newest && count === at;
  if (count >= STOP_AT) return { level: "stop", why, fresh: turn === newest };
  if (count >= STRONG_HINT_AT) return { level: "strong", why, fresh: crossed(STRONG_HINT_AT) };
  if (count >= HINT_AT) return { level: "hint", why, fresh: crossed(HINT_AT) };
  if (staleTurns < STALE_TURNS) return FREE;
  return { level: "hint", why: `nothing new in ${staleTurns} turns`, fresh: staleTurns % STALE_TURNS === 0 };
}

/** The line told to the model. */
export function stuckHint(stuck: Stuck): string {
  return stuck.level === "strong"
    ? `[hint] ${stuck.why}. Stop repeating it: say what you know, then try a different approach or finish.`
    : `[hint] ${stuck.why}. Try something else.`;
}

/** Blanks between the words of a command make no other command. */
function subjectOf(call: CallRecord): string {
  return `${call.tool}\n${call.subject.replace(/\s+/g, " ").trim()}`;
}

function complaintOf(call: CallRecord): string {
  return `${call.tool}\n${call.text.replaceAll(call.subject, "…").slice(0, COMPLAINT_CHARS)}`;
}

const COMPLAINT_CHARS = 400;

/** Tools that speak of the run, not of the work: neither news nor repetition. */
const ABOUT_THE_RUN: ReadonlySet<string> = new Set(["update_plan", "ask_for_turns"]);

/** A re-read of an unchanged file answers with a note instead of the text: that is the same result as before. */
function sameAsBefore(call: CallRecord): boolean {
  return call.text.startsWith("unchanged since turn ");
}

/** Tool, subject and result in one text. Durations and process ids differ from run to run and mean nothing. */
function fingerprint(call: CallRecord): string {
  const known = fingerprints.get(call);
  if (known !== undefined) return known;
  const result = call.text.replace(/\b\d+(\.\d+)?\s?(ms|s|min)\b/g, "#").replace(/\bpid \d+/gi, "pid #");
  const made = `${subjectOf(call)}\n${result}`;
  fingerprints.set(call, made);
  return made;
}

const fingerprints = new WeakMap<CallRecord, string>();
