import * as v from "valibot";

/** Whole numbers from 1; models also send them as text. */
const lineNumber = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))], "must be a whole number from 1"),
  v.integer("must be a whole number from 1"),
  v.minValue(1, "must be a whole number from 1"),
);
export const optionalLine = v.nullish(lineNumber);
export const optionalCount = optionalLine;
export const text = v.string("must be a string");
export const optionalText = v.nullish(text);
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
