/** So much of the end of an output is read, and no line beyond so many characters: the summaries of runners are short. */
const MAX_CHARS = 400_000;
const MAX_LINES = 20_000;
const MAX_LINE_CHARS = 400;

const ESCAPE = "\u001b";
const BELL = "\u0007";
/** Colours, cursor movements and titles, where they were not taken out before. */
const CODES = new RegExp(
  `${ESCAPE}\\[[0-?]{0,64}[ -/]{0,4}[@-~]|${ESCAPE}\\][^${BELL}${ESCAPE}]{0,256}(?:${BELL}|${ESCAPE}\\\\)?|${ESCAPE}[ -/]{0,4}[0-~]`,
  "g",
);
/** The mark of an output whose middle was left out. */
const LEFT_OUT = /^\[\d+ characters left out here\]$/;

export interface CheckText {
  /** The lines of each package that printed beside others, without its name before them; one list where none did. */
  readonly streams: readonly (readonly string[])[];
  /** How many lines there are, and whether there were more. */
  readonly lines: number;
  readonly isCut: boolean;
}

/** The lines of an output as its runners wrote them. The work is bounded by the constants above, whatever the output is. */
export function checkText(output: string): CheckText {
  const text = output.slice(-MAX_CHARS).replace(CODES, "");
  const all = text.split(/\r?\n|\r/);
  if (all.at(-1) === "") all.pop();
  const lines = all.slice(-MAX_LINES).map((line) => line.slice(0, MAX_LINE_CHARS).trimEnd());
  const isCut = output.length > MAX_CHARS || all.length > MAX_LINES || lines.some((line) => LEFT_OUT.test(line));
  return { streams: streamsOf(lines), lines: lines.length, isCut };
}

/** `packages/one test$ mocha` of pnpm and `one:test: cache miss` of turbo say that lines with that name before them follow. */
const DECLARES = /^(?:(\S{1,120} [\w:.-]{1,60})\$ |([\w@/.-]{1,120}:[\w.-]{1,60}): cache (?:hit|miss|bypass))/;
/** `[one] ` of concurrently and yarn; not the levels of Maven. */
const BRACKETED = /^(\[(?!INFO\b|ERROR\b|WARN|DEBUG\b|FATAL\b)[\w:./@-]{1,60}\]:?) (.*)$/;
const NAMED = /^([\w@./-]{1,120}(?: [\w:.-]{1,60}|:[\w.-]{1,60})):(?: (.*))?$/;

function streamsOf(lines: readonly string[]): readonly (readonly string[])[] {
  const declared = new Set(
    lines.flatMap((line) => {
      const match = DECLARES.exec(line);
      return match?.[1] ?? match?.[2] ?? [];
    }),
  );
  const streams = new Map<string, string[]>();
  for (const line of lines) {
    const named = NAMED.exec(line);
    const isNamed = named?.[1] !== undefined && declared.has(named[1]);
    const match = isNamed ? named : BRACKETED.exec(line);
    const name = match?.[1] ?? "";
    const stream = streams.get(name) ?? [];
    stream.push(match ? (match[2] ?? "") : line);
    streams.set(name, stream);
  }
  return [...streams.values()];
}
