const ESCAPE = "\u001b";
const BELL = "\u0007";
const MAX_STRING = 4_096;

/** Colours and cursor movements; titles and links up to their end; the rest of the two- and three-character codes. */
const CODES = new RegExp(
  [
    `${ESCAPE}\\[[0-?]*[ -/]*[@-~]`,
    `${ESCAPE}[\\]PX^_][^${BELL}${ESCAPE}]{0,${MAX_STRING}}(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}[ -/]*[0-~]`,
  ].join("|"),
  "g",
);
/** A code whose end has not come yet. */
const UNFINISHED = new RegExp(`${ESCAPE}(?:\\[[0-?]*[ -/]*|[\\]PX^_][^${BELL}${ESCAPE}]{0,${MAX_STRING}}${ESCAPE}?|[ -/]*)$`);
/** Control characters but tab, line feed and carriage return. */
const CONTROLS = /[^\P{Cc}\t\n\r]/gu;

/** Takes the control codes of a terminal out of a text that comes in pieces. */
export function createCodeFilter(): { push(piece: string): string; end(): string } {
  let held = "";
  return {
    push(piece) {
      const all = held + piece;
      if (!all.includes(ESCAPE)) {
        held = "";
        return all;
      }
      held = UNFINISHED.exec(all)?.[0] ?? "";
      return all.slice(0, all.length - held.length).replace(CODES, "");
    },
    end: () => held.replace(CODES, "").replaceAll(ESCAPE, ""),
  };
}

/** What would be seen in the end: lines that were overwritten by a carriage return, and erased characters, are gone. */
export function settle(text: string): string {
  const lines = text.includes("\r") ? text.replaceAll("\r\n", "\n").split("\n").map(lastWritten).join("\n") : text;
  return eraseBack(lines).replace(CONTROLS, "");
}

function lastWritten(line: string): string {
  const trimmed = line.replace(/\r+$/, "");
  return trimmed.slice(trimmed.lastIndexOf("\r") + 1);
}

/** Each backspace takes the character before it. */
function eraseBack(text: string): string {
  if (!text.includes("\b")) return text;
  const kept: string[] = [];
  for (const character of text) {
    if (character !== "\b") kept.push(character);
    else if (kept.length > 0 && kept.at(-1) !== "\n") kept.pop();
  }
  return kept.join("");
}
