import path from "node:path";
import vm from "node:vm";
import type { SearchEnd, SearchFound, SearchQuery } from "../tools/ports";
import type { Guard, Located } from "./filesGuard";
import { createDecoder, SNIFF_BYTES, sniff } from "./filesText";
import { createGlob, walk } from "./filesWalk";
import { createHitList, MAX_COUNTED } from "./ripgrepHits";

/** Larger texts are left out: a log of a gigabyte is no place for this. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Files read at once. */
const AT_ONCE = 8;
/** A pattern that takes longer on one file is one that never ends there; one that does so again and again is given up. */
const FILE_MS = 1_000;
const MAX_SLOW = 5;

/**
 * The search without ripgrep. JavaScript's own regular expressions: `\w` and `\b` know ASCII only. Runs on this thread,
 * file by file, and gives up on patterns that run away.
 */
export async function searchInJavaScript(
  guard: Guard,
  located: Located,
  query: SearchQuery,
  maxMs: number,
  signal: AbortSignal,
): Promise<SearchFound> {
  const list = createHitList(query.limit);
  const { find, asPlainText } = createFinder(query);
  const isMeant = query.glob === null ? () => true : createGlob(query.glob);
  const timeLimit = AbortSignal.timeout(maxMs);
  const slow: string[] = [];
  let skipped = 0;
  let end: SearchEnd = "whole";
  for await (const { relative, text } of textsAt(guard, located, isMeant, AbortSignal.any([signal, timeLimit]))) {
    if (text === "tooLarge") skipped += 1;
    if (text !== null && text !== "tooLarge") {
      const { found, isWhole } = find(text.content);
      if (!isWhole) slow.push(relative);
      if (!found.every(({ line, column, at }) => list.add(relative, line, lineAt(text.content, at), column))) end = "enough";
    }
    if (timeLimit.aborted || slow.length >= MAX_SLOW) end = "timeLimit";
    if (end !== "whole" || signal.aborted) break;
  }
  if (timeLimit.aborted && end === "whole") end = "timeLimit";
  return { kind: "found", hits: list.hits, total: list.total(), end, asPlainText, skipped, slow };
}

type FileText = { readonly content: string } | "tooLarge" | null;

/** The texts to search, in order, read some at a time. */
async function* textsAt(
  guard: Guard,
  located: Located,
  isMeant: (relative: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<{ readonly relative: string; readonly text: FileText }> {
  const read = async (relative: string) => ({ relative, text: await readText(guard, relative) });
  let batch: string[] = [];
  for await (const relative of filesAt(guard, located, signal)) {
    if (isMeant(relative)) batch.push(relative);
    if (batch.length < AT_ONCE) continue;
    yield* await Promise.all(batch.map(read));
    batch = [];
  }
  yield* await Promise.all(batch.map(read));
}

async function* filesAt(guard: Guard, located: Located, signal: AbortSignal): AsyncGenerator<string> {
  if (located.stats?.isFile()) {
    yield located.relative;
    return;
  }
  for await (const entry of walk(guard.root, located.relative, Number.POSITIVE_INFINITY, signal)) {
    if (entry.kind === "file") yield entry.relative;
  }
}

/** `null` = no text, or not to be read. The path comes from a walk of real folders; `open` checks what it opens. */
async function readText(guard: Guard, relative: string): Promise<FileText> {
  const handle = await guard.open({ real: path.join(guard.root, relative) }).catch(() => null);
  if (!handle) return null;
  try {
    const isLarge = (await handle.stat()).size > MAX_FILE_BYTES;
    const bytes = isLarge ? (await handle.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0)).buffer : await handle.readFile();
    const sniffed = sniff(bytes, !isLarge);
    if (sniffed.kind === "binary") return null;
    if (isLarge) return "tooLarge";
    const decoder = createDecoder(sniffed.form);
    return { content: decoder.write(bytes) + decoder.end() };
  } catch {
    return null;
  } finally {
    await handle.close().catch(() => {});
  }
}

interface Found {
  /** From 1. */
  readonly line: number;
  /** From 0, within the line. */
  readonly column: number;
  /** Offset of the line in the text. */
  readonly at: number;
}

/**
 * Run in a context of its own, since only there can a regular expression be stopped: what it has found until then is kept.
 * `given` is slow to reach: once.
 */
const FIND = `(() => {
  const text = given;
  found.length = 0;
  for (let at = 0, line = 1; at < text.length && found.length < ${3 * MAX_COUNTED}; line += 1) {
    const newline = text.indexOf("\\n", at);
    const end = newline < 0 ? text.length : newline;
    const match = pattern.exec(text.slice(at, text[end - 1] === "\\r" ? end - 1 : end));
    if (match) found.push(line, match.index, at);
    at = end + 1;
  }
})()`;

interface Finder {
  readonly asPlainText: boolean;
  /** `isWhole` false = the pattern took too long: these are the lines before. */
  find(text: string): { readonly found: readonly Found[]; readonly isWhole: boolean };
}

function createFinder(query: SearchQuery): Finder {
  const { source, flags, asPlainText } = readPattern(query);
  const found: number[] = [];
  const context = vm.createContext({ given: "", found });
  vm.runInContext(`const pattern = new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)})`, context);
  const script = new vm.Script(FIND);
  return {
    asPlainText,
    find(text) {
      context.given = text;
      let isWhole = true;
      try {
        script.runInContext(context, { timeout: FILE_MS });
      } catch {
        isWhole = false;
      }
      context.given = "";
      return { found: inThrees(found), isWhole };
    },
  };
}

function inThrees(numbers: readonly number[]): readonly Found[] {
  return Array.from({ length: Math.floor(numbers.length / 3) }, (_, i) => {
    const [line = 0, column = 0, at = 0] = numbers.slice(i * 3, i * 3 + 3);
    return { line, column, at };
  });
}

/** `(?i)` in front is the one flag of the other dialect worth knowing. What is no pattern at all is taken as text. */
function readPattern({ pattern, ignoreCase }: SearchQuery): { source: string; flags: string; asPlainText: boolean } {
  const inline = pattern.startsWith("(?i)");
  const source = inline ? pattern.slice(4) : pattern;
  const flags = ignoreCase || inline ? "i" : "";
  for (const tried of [`${flags}u`, flags]) if (isPattern(source, tried)) return { source, flags: tried, asPlainText: false };
  return { source: pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), flags: `${ignoreCase ? "i" : ""}u`, asPlainText: true };
}

function isPattern(source: string, flags: string): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}

function lineAt(text: string, at: number): string {
  const newline = text.indexOf("\n", at);
  return text.slice(at, newline < 0 ? text.length : newline);
}
