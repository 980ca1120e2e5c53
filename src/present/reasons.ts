import { toolWords } from "./tools";

/** Reasons as people read them, and how many more there are than can be shown. */

/** Of more reasons than `most` the first are kept, and the others counted. */
export function reasonLines(reasons: readonly string[], most: number): readonly string[] {
  const lines = reasons.map(reasonWords);
  return lines.length > most ? [...lines.slice(0, most), `and ${lines.length - most} more`] : lines;
}

/** The same in one line. */
export function reasonsInLine(reasons: readonly string[], most: number): string {
  return reasonLines(reasons, most)
    .join(", ")
    .replace(/, (and \d+ more)$/, " $1");
}

/** The tool that a reason begins with, by the name that people know it by: `run npm test gave …`. */
function reasonWords(reason: string): string {
  return reason.replace(/^[a-z]+(?:_[a-z]+)+(?= )/, (tool) => toolWords(tool).verb);
}
