import { createHash } from "node:crypto";

/** Longest text kept, in bytes of UTF-8. */
export const MAX_TEXT_BYTES = 1024 * 1024;

/** The bytes of a text and their hash, by which it is found again; `null` if it is too long to keep. */
export function keyedText(text: string): { readonly key: string; readonly bytes: Buffer } | null {
  // A text has at least as many bytes as it has code units.
  if (text.length > MAX_TEXT_BYTES) return null;
  const bytes = Buffer.from(text);
  if (bytes.length > MAX_TEXT_BYTES) return null;
  return { key: createHash("sha256").update(bytes).digest("hex"), bytes };
}
