import { Buffer } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import type { Binary, Folder, Listing, LoadedText, Missing, Refused, TextForm, WorkspaceFiles } from "../tools/ports";
import { faultText } from "./filesFaults";
import type { Guard, Located } from "./filesGuard";
import { removeFile, replaceFile, whyNotWritten } from "./filesReplace";
import { createDecoder, decode, encode, sniff } from "./filesText";
import { walkLevels } from "./filesWalk";

const CHUNK_BYTES = 256 * 1024;
/** Largest file that is loaded whole, be it to be edited or read: so both see the same text. */
const MAX_LOAD_BYTES = 16 * 1024 * 1024;
/** Most entries of a listing. */
const MAX_LISTED = 20_000;

/** The files of the workspace behind `guard`. */
export function createWorkspaceFiles(guard: Guard): WorkspaceFiles {
  return {
    scan: (given, take, signal) =>
      withFile(guard, given, async (handle, path, bytes) => {
        if (bytes <= MAX_LOAD_BYTES) {
          const loaded = await wholeText(handle, path, bytes);
          if (loaded.kind === "text") take(loaded.text);
          return loaded;
        }
        const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
        let filled = await fill(handle, buffer);
        const sniffed = sniff(buffer.subarray(0, filled), filled < buffer.length);
        if (sniffed.kind === "binary") return { kind: "binary", path, bytes, type: sniffed.type };
        const decoder = createDecoder(sniffed.form);
        while (filled > 0 && !signal.aborted && take(decoder.write(buffer.subarray(0, filled))))
          filled = await fill(handle, buffer);
        if (filled === 0) take(decoder.end());
        return { kind: "text", path, bytes };
      }),

    load: (given) =>
      withFile(guard, given, async (handle, path, bytes) => {
        if (bytes > MAX_LOAD_BYTES) return refuse(path, "is too large to edit as text; use a command");
        return wholeText(handle, path, bytes);
      }),

    async store(given, text, form) {
      const located = await guard.locate(given);
      if (located.kind === "refused") return located;
      const { relative } = located;
      const wrong = whyNotWritten(located);
      if (wrong) return refuse(relative, wrong);
      const bytes = encode(text, form);
      if (!bytes) return refuse(relative, `its encoding (${encodingText(form)}) lacks a character of the new text`);
      try {
        await replaceFile(guard, located, bytes);
        return { kind: "stored", path: relative };
      } catch (error) {
        return refuse(relative, faultText(error));
      }
    },

    async remove(given) {
      const located = await guard.locate(given);
      if (located.kind === "refused") return located;
      const { relative, stats } = located;
      const wrong = stats ? whyNotWritten(located) : "is not there";
      if (wrong) return refuse(relative, wrong);
      try {
        await removeFile(guard, located);
        return { kind: "removed", path: relative };
      } catch (error) {
        return refuse(relative, faultText(error));
      }
    },

    async list(given, depth, signal) {
      const located = await guard.locate(given);
      if (located.kind === "refused") return located;
      const { relative: path, stats } = located;
      if (!stats) return { kind: "missing", path };
      return stats.isFile() ? { kind: "text", path, bytes: stats.size } : listing(guard.root, path, depth, signal);
    },
  };
}

function refuse(path: string, why: string): Refused {
  return { kind: "refused", complaint: `${path}: ${why}` };
}

function encodingText({ encoding }: TextForm): string {
  return encoding === "latin1" ? "one byte per character" : encoding;
}

/** Opens a plain file for the length of `use`. */
async function withFile<T>(
  guard: Guard,
  given: string,
  use: (handle: FileHandle, path: string, bytes: number) => Promise<T>,
): Promise<T | Folder | Missing | Refused> {
  const located: Located | Refused = await guard.locate(given);
  if (located.kind === "refused") return located;
  const { relative, stats } = located;
  if (!stats) return { kind: "missing", path: relative };
  if (stats.isDirectory()) return { kind: "folder", path: relative };
  let handle: FileHandle | null = null;
  try {
    handle = await guard.open(located);
    return await use(handle, relative, stats.size);
  } catch (error) {
    return refuse(relative, faultText(error));
  } finally {
    await handle?.close().catch(() => {});
  }
}

async function wholeText(handle: FileHandle, path: string, bytes: number): Promise<LoadedText | Binary> {
  const content = await handle.readFile();
  const sniffed = sniff(content, true);
  return sniffed.kind === "binary"
    ? { kind: "binary", path, bytes, type: sniffed.type }
    : { kind: "text", path, bytes, ...decode(content, sniffed.form) };
}

/** Reads until the buffer is full or the file ends; answers how much it holds. */
async function fill(handle: FileHandle, buffer: Buffer): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

async function listing(root: string, path: string, depth: number, signal: AbortSignal): Promise<Listing> {
  const entries: string[] = [];
  let more = false;
  for await (const { relative, kind } of walkLevels(root, path, depth, signal)) {
    more = entries.length >= MAX_LISTED;
    if (more) break;
    entries.push(kind === "folder" ? `${relative}/` : relative);
  }
  return { kind: "listing", path, entries: entries.sort(byName), more };
}

/** Name by name, so that a folder and all in it come before a longer name that begins like it. */
function byName(a: string, b: string): number {
  return a.replaceAll("/", "\0") < b.replaceAll("/", "\0") ? -1 : 1;
}
