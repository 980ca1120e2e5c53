import type { HandOff } from "./agentEvent";
import type { RunState } from "./runState";

/** Most commands a note names. */
const MOST_COMMANDS = 5;

/** What can be said of a run without asking a model, with its closing words, if there are any. */
export function handOff(state: RunState, text: string): HandOff {
  const calls = state.turns.flatMap((turn) => turn.calls);
  const changed = [...new Set(calls.flatMap((call) => call.changes).map((change) => change.path))];
  const checks = calls.flatMap((call) => call.check ?? []).reverse();
  return {
    text,
    changed,
    lastCheck: checks[0] ?? null,
    commands: [...new Set(checks.map((check) => check.command))].slice(0, MOST_COMMANDS),
    open: state.plan.filter((line) => line.doneTurn === null).map((line) => line.text),
  };
}

/** What a hand-off note speaks of; empty where it says nothing of it. */
export interface HandOffSections {
  readonly changed: string;
  readonly verified: string;
  readonly open: string;
  readonly next: string;
  readonly check: string;
}

const HEADINGS: readonly (readonly [keyof HandOffSections, RegExp])[] = [
  ["changed", /^(?:what (?:was |i )?)?changed$|^changes(?: made)?$/i],
  ["verified", /^(?:what (?:was |i )?)?verified$|^verification$/i],
  ["open", /^(?:what is |still )?open(?: points| issues)?$|^remaining(?: work)?$/i],
  ["next", /^next(?: steps?)?$/i],
  ["check", /^(?:commands?(?: to (?:check|run|verify))?|checks?|to check)$/i],
];
/** A line that may be a heading: in marks of Markdown, or with a colon after a few words. */
const HEADING_LINE =
  /^\s*(?:#{1,6}\s+|[-*]\s+|\d+[.)]\s+)?(?:\*\*|__)?([A-Za-z][A-Za-z ]{2,30}?)(?:\*\*|__)?\s*(?::(?:\*\*|__)?\s*(.*))?$/;

/** The sections of a note as the model wrote it; `null` when it kept to no form, and is one text. */
export function handOffSections(text: string): HandOffSections | null {
  const found = new Map<keyof HandOffSections, string[]>();
  let lines: string[] | null = null;
  for (const line of text.split("\n")) {
    const heading = readHeading(line);
    if (heading) {
      lines = found.get(heading.section) ?? [];
      found.set(heading.section, lines);
      if (heading.rest !== "") lines.push(heading.rest);
    } else {
      lines?.push(line);
    }
  }
  if (found.size < 2) return null;
  const of = (section: keyof HandOffSections) => (found.get(section) ?? []).join("\n").trim();
  return { changed: of("changed"), verified: of("verified"), open: of("open"), next: of("next"), check: of("check") };
}

function readHeading(line: string): { readonly section: keyof HandOffSections; readonly rest: string } | null {
  const match = HEADING_LINE.exec(line);
  const words = match?.[1];
  if (words === undefined) return null;
  // Without a colon or a mark it is a sentence that begins like one.
  const isMarked = line.includes(":") || /^\s*(?:#|\*\*|__)/.test(line) || line.trim() === words;
  const section = isMarked && HEADINGS.find(([, pattern]) => pattern.test(words))?.[0];
  return section ? { section, rest: match?.[2]?.trim() ?? "" } : null;
}
