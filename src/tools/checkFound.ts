/** What a line, or a few that belong together, say about tests or errors. */
export interface Found {
  /** The line, by its place in the stream. */
  readonly at: number;
  /** `null` = not told. */
  readonly passes: number | null;
  /** `null` = some fail, but how many is not told. */
  readonly failures: number | null;
  /**
   * Where the counts come from. `total`: the runner's own for all it ran. `part`: its own for one package, binary or
   * module. `lines`: made here from a line each. `alone`: a total without the lines that stand around it in a whole output.
   */
  readonly by: "total" | "part" | "lines" | "alone";
}

/** Reads one runner's lines. Looks at each line a bounded number of times and never across more than a few. */
export type Reader = (lines: readonly string[]) => readonly Found[];

/** `3 failed, 41 passed` as numbers by their words, the last one where a word comes twice. */
export function wordCounts(line: string): (word: string) => number {
  const counts = new Map<string, number>();
  for (const [, count, word] of line.matchAll(/(?<![\w.])(\d{1,9}) ([a-z]{1,20})/gi)) counts.set(word ?? "", Number(count));
  return (word) => counts.get(word) ?? 0;
}

/** `failures=3` or `Failures: 3` as numbers by their words. */
export function namedCounts(line: string): (word: string) => number {
  const counts = new Map<string, number>();
  for (const [, word, count] of line.matchAll(/([a-z]{1,20})(?:=|:[ \t]{0,20})"?(\d{1,9})\b/gi)) {
    counts.set((word ?? "").toLowerCase(), Number(count));
  }
  return (word) => counts.get(word) ?? 0;
}

/** Every line that matches, as what `read` makes of it. */
export function each(
  lines: readonly string[],
  pattern: RegExp,
  read: (match: RegExpExecArray, at: number) => Found | null,
): readonly Found[] {
  return lines.flatMap((line, at) => {
    const match = pattern.exec(line);
    return (match && read(match, at)) ?? [];
  });
}

/**
 * Totals that stand under the line which comes before them in a whole output. A test may print a line like a total; it
 * seldom prints both. Where no total has that line, the one with which the output begins counts, as `alone`: `tail` or
 * `grep` took away what was before it.
 */
export function underHeading(found: readonly Found[], lines: readonly string[], heading: RegExp): readonly Found[] {
  const under = found.filter(({ at }) => heading.test(lines[at - 1] ?? ""));
  if (under.length > 0) return under;
  const first = lines.findIndex((line) => line !== "");
  return found.filter(({ at }) => at === first).map((one) => ({ ...one, by: "alone" as const }));
}

/** How many of `all` passed, given those that did not: never below 0. */
export function rest(all: number, ...others: readonly number[]): number {
  return Math.max(
    0,
    others.reduce((left, other) => left - other, all),
  );
}
