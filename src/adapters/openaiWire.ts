import { type Fields, isFields } from "../core/fields";

/** Readers for values that came over the wire: each gives a typed value or a harmless one, never throws. */

/** The fields of `value[key]`; `null` if that is not an object. */
export function fieldsAt(value: Fields, key: string): Fields | null {
  const found = value[key];
  return isFields(found) ? found : null;
}

/** The list at `value[key]`; empty if there is none. */
export function listAt(value: Fields, key: string): readonly unknown[] {
  const found = value[key];
  return Array.isArray(found) ? found : [];
}

/** The text at `value[key]`; `null` if it is not text. An empty text is text. */
export function textAt(value: Fields, key: string): string | null {
  const found = value[key];
  return typeof found === "string" ? found : null;
}

export function numberAt(value: Fields, key: string): number | null {
  const found = value[key];
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** `text` parsed as JSON, or `undefined` (which JSON cannot say) if it is not JSON or is nested past the stack. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What is there of the text at `key` in JSON of which only the beginning, `head`, is at hand. */
export function textBegun(head: string, key: string): string {
  const written = new RegExp(`"${key}"\\s*:\\s*"((?:[^"\\\\]|\\\\u[0-9a-fA-F]{4}|\\\\[^u])*)`).exec(head)?.[1];
  const text = parseJson(`"${written ?? ""}"`);
  return typeof text === "string" ? text : "";
}

export function isJsonObject(text: string): boolean {
  return isFields(parseJson(text));
}

/** Half a surrogate pair is no Unicode text, and Python servers answer 500 to it: replaced as a decoder would. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, "\uFFFD") : text;
}
