const ESCAPE = "\u001b";
const BELL = "\u0007";
const MAX_STRING = 4_096;
/** Longest line that waits for its end, so that what overwrites it is known. */
const MAX_HELD_LINE = 16 * 1024;

/** Colours and cursor movements; titles and links up to their end; the rest of the two- and three-character codes. */
const CODES = new RegExp(
  [
    `${ESCAPE}\\[[0-?]{0,256}[ -/]{0,16}[@-~]`,
    `${ESCAPE}[\\]PX^_][^${BELL}${ESCAPE}]{0,${MAX_STRING}}(?:${BELL}|${ESCAPE}\\\\)?`,
    `${ESCAPE}[ -/]{0,16}[0-~]`,
  ].join("|"),
  "g",
);
/** A code whose end has not come yet; one without end is not waited for. */
const UNFINISHED = new RegExp(
  `${ESCAPE}(?:\\[[0-?]{0,256}[ -/]{0,16}|[\\]PX^_][^${BELL}${ESCAPE}]{0,${MAX_STRING}}${ESCAPE}?|[ -/]{0,16})$`,
);
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

/**
 * What would be seen in the end: lines that were overwritten by a carriage return, and erased characters, are gone. For a
 * text that comes in pieces: whole lines are given at once, the last one when it has ended. A very long line is given
 * before, and no longer overwritten.
 */
export function createSettler(): { push(piece: string): string; end(): string } {
  let held = "";
  return {
    push(piece) {
      const all = held + piece;
      const lineStart = all.lastIndexOf("\n") + 1;
      const line = all.slice(lineStart);
      // A return at the very end may belong to a line end, or let the next piece overwrite the line.
      const returned = line.endsWith("\r") ? "\r" : "";
      const visible = line.includes("\r") ? lastWritten(line) : line;
      const isLong = visible.length > MAX_HELD_LINE;
      held = isLong ? returned : visible + returned;
      return settle(all.slice(0, lineStart)) + (isLong ? settle(visible) : "");
    },
    end: () => settle(held),
  };
}

function settle(text: string): string {
  const lines = text.includes("\r") ? text.replaceAll("\r\n", "\n").split("\n").map(lastWritten).join("\n") : text;
  return eraseBack(lines).replace(CONTROLS, "");
}

function lastWritten(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
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
