import { type ChildProcess, execFile, spawn } from "node:child_process";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { Refused, SearchFound, SearchQuery, TextSearch } from "../tools/ports";
import type { Guard, Located } from "./filesGuard";
import { ALWAYS_LEFT_OUT, createGlob } from "./filesWalk";
import { searchInJavaScript } from "./ripgrepFallback";
import { createHitList, LONG_LINE_BYTES } from "./ripgrepHits";
import { findProgram, isRunnable } from "./shellPrograms";

const SEARCH_MS = 20_000;
const PROBE_MS = 3_000;
/** A line of ripgrep's own output never gets longer; if one does, it is dropped. */
const MAX_RECORD_CHARS = 1024 * 1024;

/**
 * Searches by the first ripgrep of `candidates` that runs, else in JavaScript: a missing one makes searches slower, never
 * impossible. A bare name among the candidates is looked up on the PATH.
 */
export function createTextSearch(guard: Guard, candidates: readonly string[], env: NodeJS.ProcessEnv = process.env): TextSearch {
  let ripgrep: Promise<string | null> | null = null;
  return {
    async search(query, signal) {
      const located = await guard.locate(query.path);
      if (located.kind === "refused") return located;
      if (!located.stats) return { kind: "refused", complaint: `There is no ${located.relative}.` };
      ripgrep ??= findRipgrep(candidates, guard.root, env);
      const program = await ripgrep;
      const found = program === null ? null : await searchByRipgrep(program, guard.root, located, query, signal);
      return found ?? searchInJavaScript(guard, located, query, signal);
    },
  };
}

/** The first candidate that runs, as an absolute path. */
export async function findRipgrep(
  candidates: readonly string[],
  workspace: string,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  for (const candidate of candidates) {
    const isName = path.basename(candidate) === candidate;
    const file = isName ? await findProgram(candidate, workspace, env) : candidate;
    if (file !== null && path.isAbsolute(file) && (await isRunnable(file)) && (await answers(file))) return file;
  }
  return null;
}

function answers(program: string): Promise<boolean> {
  return new Promise((resolve) => {
    execFile(program, ["--version"], { timeout: PROBE_MS, windowsHide: true }, (error, stdout) =>
      resolve(!error && String(stdout).startsWith("ripgrep")),
    );
  });
}

/** `null` = ripgrep could not do it: it did not start, or does not take the pattern. */
async function searchByRipgrep(
  program: string,
  root: string,
  located: Located,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<SearchFound | Refused | null> {
  const list = createHitList(query.limit);
  const isMeant = query.glob === null ? () => true : memoised(createGlob(query.glob));
  const args = [...argumentsOf(query), "-e", query.pattern, "--", located.relative === "." ? "./" : `./${located.relative}`];
  let child: ChildProcess;
  try {
    child = spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
  } catch {
    return null;
  }
  let enough = false;
  const stop = () => child.kill("SIGKILL");
  const lines = createLineReader((line) => {
    const hit = readHit(line);
    if (enough || !hit || !isMeant(hit.path)) return;
    enough = !list.add(hit.path, hit.line, hit.text, hit.column);
    if (enough) stop();
  });
  child.stdout?.on("data", (bytes: Buffer) => lines.push(bytes));
  child.stderr?.resume();
  const timer = setTimeout(() => {
    enough = true;
    stop();
  }, SEARCH_MS);
  signal.addEventListener("abort", stop, { once: true });
  const exitCode = await new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(2));
    child.once("close", (code) => resolve(code));
  });
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
  // 1 = no match; 2 = an error, perhaps only with one file: what was found then still counts.
  if (exitCode === 2 && list.total() === 0) return null;
  return { kind: "found", hits: list.hits, total: list.total(), more: enough, asPlainText: false, skipped: 0 };
}

/** Such that it searches what `walk` shows, and nothing depends on the user's own settings. */
function argumentsOf(query: SearchQuery): readonly string[] {
  return [
    ..."--no-config --no-messages --color=never --no-heading --with-filename --null --line-number --column --crlf".split(" "),
    ..."--hidden --no-require-git --no-ignore-parent --no-ignore-global --no-ignore-exclude --no-ignore-dot --sort=path".split(
      " ",
    ),
    ...[`--max-columns=${LONG_LINE_BYTES}`, "--max-columns-preview"],
    ...(query.ignoreCase ? ["--ignore-case"] : ["--case-sensitive"]),
    ...ALWAYS_LEFT_OUT.map((name) => `--glob=!${name}`),
    // A --glob would bring back what .gitignore leaves out, so the glob is applied to what is found; a type only saves work.
    ...(query.glob !== null && /^[\w*.{},-]+$/.test(query.glob) ? [`--type-add=turnpike:${query.glob}`, "--type=turnpike"] : []),
  ];
}

interface RipgrepHit {
  readonly path: string;
  readonly line: number;
  /** From 0, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
}

/** `./src/a.ts␀12:5:text`, the column in bytes from 1. Warnings have no NUL. */
function readHit(record: string): RipgrepHit | null {
  const [, file, line, column, text] = /^([^\0]+)\0(\d+):(\d+):([\s\S]*)$/.exec(record) ?? [];
  if (file === undefined || text === undefined) return null;
  const path = (process.platform === "win32" ? file.replaceAll("\\", "/") : file).replace(/^\.\//, "");
  const before = Buffer.from(text, "utf8").subarray(0, Number(column) - 1);
  return { path, line: Number(line), column: before.toString("utf8").length, text };
}

function memoised(test: (path: string) => boolean): (path: string) => boolean {
  const known = new Map<string, boolean>();
  return (path) => {
    const answer = known.get(path) ?? test(path);
    known.set(path, answer);
    return answer;
  };
}

function createLineReader(onLine: (line: string) => void) {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  return {
    push(bytes: Buffer) {
      const lines = (rest + decoder.write(bytes)).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MAX_RECORD_CHARS) rest = "";
      for (const line of lines) onLine(line);
    },
  };
}
