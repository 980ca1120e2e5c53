/** A line for a terminal: names that come from files of others must not move its cursor or change its colours. */
export function printable(line: string): string {
  return line.replace(/\p{Cc}/gu, "�");
}
