import { readFile, stat } from "node:fs/promises";
import type { ReadWatch } from "./importTally";

/** Files that must be read as a whole are not read above this size. */
export const MAX_WHOLE_BYTES = 64 * 1024 * 1024;

/** A file that is one JSON text. Throws, in words for people, if it is none or too large. */
export async function readWhole(file: string, watch: ReadWatch): Promise<unknown> {
  const { size } = await stat(file);
  if (size > MAX_WHOLE_BYTES) throw new Error(`it has ${size} bytes, and not more than ${MAX_WHOLE_BYTES} are read of one run`);
  const text = await readFile(file, { encoding: "utf8", signal: watch.signal });
  watch.onBytes(size);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new Error("it is not JSON; if its writer is still at it, import it again later");
  }
}

/** When a file was last written: when a run ended whose record tells no times. */
export async function writtenAt(file: string): Promise<number> {
  return Math.round((await stat(file)).mtimeMs);
}
