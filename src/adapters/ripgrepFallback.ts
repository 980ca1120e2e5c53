import path from "node:path";
import vm from "node:vm";
import type { Refused, SearchFound, SearchQuery } from "../tools/ports";
import type { Guard, Located } from "./filesGuard";
import { createDecoder, SNIFF_BYTES, sniff } from "./filesText";
import { createGlob, walk } from "./filesWalk";
import { createHitList } from "./ripgrepHits";

/** Larger texts are left out: a log of a gigabyte is no place for this. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Files read at once. */
const AT_ONCE = 8;
const SEARCH_MS = 30_000;
/** A pattern that takes longer on one file is one that never ends. */
const FILE_MS = 1_000;

/**
 * The search without ripgrep. JavaScript's own regular expressions: `\w` and `\b` know ASCII only. Runs on this thread,
 * file by file, and gives up on patterns that run away.
 */
export async function searchInJavaScript(
  guard: Guard,
  located: Located,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<SearchFound | Refused> {
  const list = createHitList(query.limit);
  const { find, asPlainText } = createFinder(query);
  const isMeant = query.glob === null ? () => true : createGlob(query.glob);
  const deadline = performance.now() + SEARCH_MS;
  let skipped = 0;
  let more = false;
  for await (const { relative, text } of textsAt(guard, located, isMeant, signal)) {
    if (text === "tooLarge") skipped += 1;
    if (text === null || text === "tooLarge") continue;
    try {
      more = !find(text.content).every(({ line, column, at }) => list.add(relative, line, lineAt(text.content, at), column));
    } catch {
      return { kind: "refused", complaint: "The pattern takes too long to match. Use a simpler one." };
    }
    more ||= performance.now() > deadline;
    if (more || signal.aborted) break;
  }
  return { kind: "found", hits: list.hits, total: list.total(), more, asPlainText, skipped };
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

/** Run in a context of its own, since only there can a regular expression be stopped. `given` is slow to reach: once. */
const FIND = `(() => {
  const text = given;
  const found = [];
  for (let at = 0, line = 1; at < text.length; line += 1) {
    const newline = text.indexOf("\\n", at);
    const end = newline < 0 ? text.length : newline;
    const match = pattern.exec(text.slice(at, text[end - 1] === "\\r" ? end - 1 : end));
    if (match) found.push(line, match.index, at);
    at = end + 1;
  }
  return found;
})()`;

function createFinder(query: SearchQuery): { find: (text: string) => readonly Found[]; asPlainText: boolean } {
  const { source, flags, asPlainText } = readPattern(query);
  const context = vm.createContext({ given: "" });
  vm.runInContext(`const pattern = new RegExp(${JSON.stringify(source)}, ${JSON.stringify(flags)})`, context);
  const script = new vm.Script(FIND);
  return {
    asPlainText,
    find(text) {
      context.given = text;
      const numbers: unknown = script.runInContext(context, { timeout: FILE_MS });
      return inThrees(numbers);
    },
  };
}

function inThrees(given: unknown): readonly Found[] {
  const numbers = Array.isArray(given) ? given.map(Number) : [];
  return Array.from({ length: numbers.length / 3 }, (_, i) => {
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
