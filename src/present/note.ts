import type { HandOff } from "../core/agentEvent";
import { type HandOffSections, handOffSections } from "../core/handOff";
import type { NoteModel } from "../protocol/sidebar";
import { checkWords } from "./calls";

const MOST_FILES = 8;

const TITLES: readonly (readonly [keyof HandOffSections, string])[] = [
  ["changed", "Changed"],
  ["verified", "Verified"],
  ["open", "Open"],
  ["next", "Next step"],
];

/** The hand-off note as it is shown: the model's words by sections where it kept to them, and the facts beside. */
export function noteModel({ text, changed, lastCheck, open, commands }: HandOff): NoteModel {
  const sections = handOffSections(text);
  const named = sections ? namedCommands(sections.check) : [];
  const all = [...new Set([...named, ...commands])];
  return {
    sections: sections ? sectionModels(sections, all) : plainSection(text),
    files: changed.slice(0, MOST_FILES),
    moreFiles: changed.length > MOST_FILES ? `and ${changed.length - MOST_FILES} more` : "",
    check: lastCheck && { text: `${lastCheck.command}: ${checkWords(lastCheck)}`, passed: lastCheck.passed },
    open,
    commands: all,
  };
}

function plainSection(text: string): NoteModel["sections"] {
  const words = text.trim();
  return words === "" ? [] : [{ title: "", text: words }];
}

/** What is said about commands beyond naming them stays as words. */
function sectionModels(sections: HandOffSections, commands: readonly string[]): NoteModel["sections"] {
  const rest = sections.check.split("\n").filter((line) => !isNoMore(line, commands));
  const parts = [...TITLES.map(([key, title]) => [title, sections[key]] as const), ["Check by", rest.join("\n")] as const];
  return parts.map(([title, text]) => ({ title, text: text.trim() })).filter(({ text }) => text !== "");
}

/** What stands in backticks. */
function namedCommands(section: string): readonly string[] {
  return [...section.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]?.trim() ?? "").filter((command) => command !== "");
}

/** Whether a line holds nothing but commands that are listed anyway. */
function isNoMore(line: string, commands: readonly string[]): boolean {
  const bare = line.replace(/^\s*(?:[-*]|\d+[.)])\s+/, "").trim();
  return commands.includes(bare) || bare.replace(/`[^`]*`/g, "").replace(/[\s,.;]|\band\b/g, "") === "";
}
