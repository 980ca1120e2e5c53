import { type ChildProcess, execFile, spawn } from "node:child_process";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { SearchEnd, SearchFound, SearchQuery, TextSearch } from "../tools/ports";
import type { Guard, Located } from "./filesGuard";
import { ALWAYS_LEFT_OUT, createGlob, createWalkTest, type WalkTest } from "./filesWalk";
import { searchInJavaScript } from "./ripgrepFallback";
import { createHitList, LONG_LINE_BYTES } from "./ripgrepHits";
import { findProgram, isRunnable } from "./shellPrograms";

const PROBE_MS = 3_000;
/** A line of ripgrep's own output never gets longer; if one does, it is dropped. */
const MAX_RECORD_CHARS = 1024 * 1024;

export interface SearchOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Most time a search takes by ripgrep, and in JavaScript. */
  readonly ripgrepMs?: number;
  readonly javaScriptMs?: number;
}

/**
 * Searches by the first ripgrep of `candidates` that runs, else in JavaScript: a missing one makes searches slower, never
 * impossible. A bare name among the candidates is looked up on the PATH.
 */
export function createTextSearch(
  guard: Guard,
  candidates: readonly string[],
  { env = process.env, ripgrepMs = 20_000, javaScriptMs = 30_000 }: SearchOptions = {},
): TextSearch {
  let ripgrep: Promise<string | null> | null = null;
  return {
    async search(query, signal) {
      const located = await guard.locate(query.path);
      if (located.kind === "refused") return located;
      if (!located.stats) return { kind: "refused", complaint: `There is no ${located.relative}.` };
      ripgrep ??= findRipgrep(candidates, guard.root, env);
      const program = await ripgrep;
      const found = program === null ? null : await searchByRipgrep(program, guard.root, located, query, ripgrepMs, signal);
      return found ?? searchInJavaScript(guard, located, query, javaScriptMs, signal);
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

/** `null` = ripgrep could not do it: it did not start, broke down, or does not take the pattern. */
async function searchByRipgrep(
  program: string,
  root: string,
  located: Located,
  query: SearchQuery,
  maxMs: number,
  signal: AbortSignal,
): Promise<SearchFound | null> {
  const list = createHitList(query.limit);
  const isMeant = query.glob === null ? () => true : createGlob(query.glob);
  // Ripgrep knows the .gitignore files in the folder it searches; of those above, the test knows.
  const walkTest = await createWalkTest(root, located.relative);
  const isShown = memoised(async (path) => isMeant(path) && (await walkTest.shows(path)));
  const child = spawnRipgrep(program, root, located.relative, query, walkTest);
  if (!child) return null;
  /** Why it was ended by us; `null` = it was not. */
  const stopped: { why: Exclude<SearchEnd, "whole"> | "cancelled" | null } = { why: null };
  const stop = (why: typeof stopped.why) => {
    stopped.why = why;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => stop("timeLimit"), maxMs);
  const onAbort = () => stop("cancelled");
  signal.addEventListener("abort", onAbort, { once: true });
  const ended = exitOf(child);
  for await (const record of recordsOf(child)) {
    const hit = readHit(record);
    if (!hit || !(await isShown(hit.path)) || list.add(hit.path, hit.line, hit.text, hit.column)) continue;
    stop("enough");
    break;
  }
  const exitCode = await ended;
  clearTimeout(timer);
  signal.removeEventListener("abort", onAbort);
  const found = { kind: "found", hits: list.hits, total: list.total(), asPlainText: false, skipped: 0, slow: [] } as const;
  if (stopped.why !== null) return { ...found, end: stopped.why === "enough" ? "enough" : "timeLimit" };
  // 1 = no match; 2 = an error, perhaps only with one file: what was found then still counts.
  const isWhole = exitCode === 0 || exitCode === 1 || (exitCode === 2 && found.total > 0);
  return isWhole ? { ...found, end: "whole" } : null;
}

function spawnRipgrep(
  program: string,
  root: string,
  start: string,
  query: SearchQuery,
  { usesRootRules }: WalkTest,
): ChildProcess | null {
  const isDeep = start !== ".";
  const rules = isDeep && usesRootRules ? ["--ignore-file=.gitignore"] : [];
  const args = [...argumentsOf(query), ...rules, "-e", query.pattern, "--", isDeep ? `./${start}` : "./"];
  try {
    return spawn(program, args, { cwd: root, stdio: ["ignore", "pipe", "ignore"], windowsHide: true });
  } catch {
    return null;
  }
}

/** `null` = it died of a signal. */
function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(2));
    child.once("close", (code) => resolve(code));
  });
}

/** What it prints, line by line, until it ends in whatever way. */
async function* recordsOf({ stdout }: ChildProcess): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  try {
    for await (const bytes of stdout ?? []) {
      const lines: string[] = (rest + decoder.write(bytes)).split("\n");
      rest = lines.pop() ?? "";
      if (rest.length > MAX_RECORD_CHARS) rest = "";
      yield* lines;
    }
  } catch {
    // How it ended is told by its exit code.
  }
}

/** Such that it searches what `walk` shows, and nothing depends on the user's own settings. */
function argumentsOf(query: SearchQuery): readonly string[] {
  return [
    ..."--no-config --no-messages --color=never --no-heading --with-filename --null --line-number --column --crlf --engine=auto".split(
      " ",
    ),
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

function memoised<T>(test: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const answer = known.get(path) ?? test(path);
    known.set(path, answer);
    return answer;
  };
}
