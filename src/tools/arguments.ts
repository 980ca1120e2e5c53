import * as v from "valibot";
import type { LineRange } from "./lines";

const WHOLE_NUMBER = "must be a whole number from 1";

/** Models also send numbers as text. */
const wholeNumber = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^-?\d+$/), v.transform(Number))], WHOLE_NUMBER),
  v.integer(WHOLE_NUMBER),
);
export const optionalCount = v.nullish(v.pipe(wholeNumber, v.minValue(1, WHOLE_NUMBER)));
/** 0 and -1 stand for the beginning or the end, as they do in other agents' tools: as if left out. */
export const optionalLine = v.nullish(
  v.pipe(
    wholeNumber,
    v.minValue(-1, WHOLE_NUMBER),
    v.transform((line) => (line < 1 ? null : line)),
  ),
);
export const text = v.string("must be a string");
export const path = v.pipe(text, v.minLength(1, "must not be empty"));
export const optionalPath = v.nullish(v.pipe(text, v.transform(emptyToNull)));
export const optionalFlag = v.nullish(
  v.union(
    [
      v.boolean(),
      v.pipe(
        v.picklist(["true", "false"]),
        v.transform((given) => given === "true"),
      ),
    ],
    "must be true or false",
  ),
);

function emptyToNull(given: string): string | null {
  return given === "" ? null : given;
}

/** Named arguments and no others: one that is silently dropped would make a call do something else than was meant. */
export function object<const E extends v.ObjectEntries>(entries: E) {
  const known = Object.keys(entries).join(", ");
  return v.strictObject(entries, ({ expected }) =>
    expected === "never" ? `is unknown; known: ${known}` : `is wrong: expected ${expected ?? "something else"}`,
  );
}

export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly complaint: string };

/** The border where a model's arguments come in: they are typed after it, or there is one line on what to send. */
export function checkArguments<S extends v.GenericSchema>(schema: S, args: unknown): Checked<v.InferOutput<S>> {
  const result = v.safeParse(schema, args);
  if (result.success) return { ok: true, value: result.output };
  const complaints = result.issues.slice(0, 3).map((issue) => `\`${v.getDotPath(issue) ?? "arguments"}\` ${wording(issue)}`);
  return { ok: false, complaint: `${[...new Set(complaints)].join("; ")}. Send the call again.` };
}

function wording(issue: v.BaseIssue<unknown>): string {
  if (issue.received === "undefined" && issue.input === undefined) return "is missing";
  return issue.message.startsWith("Invalid") ? `is wrong: expected ${issue.expected ?? "something else"}` : issue.message;
}

/** The lines asked for by two `optionalLine`s. */
export function lineRange(from: number | null | undefined, to: number | null | undefined): Checked<LineRange> {
  const range = { from: from ?? 1, to: to ?? null };
  return range.to !== null && range.to < range.from
    ? { ok: false, complaint: `\`to\` (${range.to}) is before \`from\` (${range.from}).` }
    : { ok: true, value: range };
}
