import { mkdirSync, readdirSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ReadableOutputs } from "../tools/ports";

/** Most characters kept in memory, and most bytes on disk; the oldest outputs go first. */
const MAX_CHARS = 32 * 1024 * 1024;
const MAX_BYTES = 256 * 1024 * 1024;
const ID = /^o([1-9]\d*)$/;

/** Keeps outputs for as long as the process lives. */
export function createMemoryOutputs(maxChars = MAX_CHARS): ReadableOutputs {
  const texts = new Map<string, string>();
  let chars = 0;
  let count = 0;
  return {
    save(_callId, text) {
      count += 1;
      const id = `o${count}`;
      texts.set(id, text);
      chars += text.length;
      for (const [oldest, { length }] of texts) {
        if (chars <= maxChars || oldest === id) break;
        texts.delete(oldest);
        chars -= length;
      }
      return id;
    },
    load: async (id) => texts.get(id) ?? null,
  };
}

/**
 * Keeps outputs as files `o1.txt`, `o2.txt`, … in a folder, made when first needed: they survive the process, and a run
 * that goes on there counts on. Where the folder cannot be written, memory has to do. Whoever names the folder removes it.
 */
export function createFileOutputs(folder: string, maxBytes = MAX_BYTES): ReadableOutputs {
  const memory = createMemoryOutputs();
  const inMemory = new Map<string, string>();
  let last: number | null = null;
  return {
    save(callId, text) {
      last ??= lastNumber(folder);
      last += 1;
      const id = `o${last}`;
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(fileOf(folder, id), text, { flag: "wx", mode: 0o600 });
        dropOldest(folder, maxBytes, id);
      } catch {
        inMemory.set(id, memory.save(callId, text));
      }
      return id;
    },
    async load(id) {
      if (!ID.test(id)) return null;
      const kept = inMemory.get(id);
      if (kept !== undefined) return memory.load(kept);
      return readFile(fileOf(folder, id), "utf8").catch(() => null);
    },
  };
}

function fileOf(folder: string, id: string): string {
  return path.join(folder, `${id}.txt`);
}

function numbersIn(folder: string): readonly number[] {
  try {
    const numbers = readdirSync(folder).map((name) => Number(ID.exec(path.basename(name, ".txt"))?.[1]));
    return numbers.filter((number) => number > 0).sort((a, b) => a - b);
  } catch {
    return [];
  }
}

function lastNumber(folder: string): number {
  return numbersIn(folder).at(-1) ?? 0;
}

function dropOldest(folder: string, maxBytes: number, newest: string): void {
  const sizes = numbersIn(folder).map((number) => ({ id: `o${number}`, bytes: statSync(fileOf(folder, `o${number}`)).size }));
  let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { id, bytes } of sizes) {
    if (total <= maxBytes || id === newest) break;
    unlinkSync(fileOf(folder, id));
    total -= bytes;
  }
}
