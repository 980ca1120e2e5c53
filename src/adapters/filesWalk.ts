import type { Dirent } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import ignore, { type Ignore } from "ignore";

/** Never shown, searched or watched, whatever .gitignore says. */
export const ALWAYS_LEFT_OUT: readonly string[] = [".git", "node_modules"];
const MAX_IGNORE_FILE_BYTES = 1024 * 1024;

export interface WalkEntry {
  /** From the workspace, with forward slashes. */
  readonly relative: string;
  readonly kind: "file" | "folder" | "link";
}

/** The rules of one .gitignore, for paths under its folder. */
interface Rules {
  /** Folder of the file from the workspace, with a trailing slash; empty for the workspace. */
  readonly base: string;
  readonly matcher: Ignore;
}

/**
 * Everything under a folder, sorted by name, folders before what is in them. Leaves out what the .gitignore files of the
 * workspace do; a folder that is itself left out may be walked by name. Links are named, never followed.
 * @param start from the workspace, with forward slashes; `.` is the workspace
 */
export async function* walk(root: string, start: string, depth: number, signal: AbortSignal): AsyncGenerator<WalkEntry> {
  const base = start === "." ? "" : `${start}/`;
  const above = await rulesAbove(root, base);
  const rules = base !== "" && isIgnored(above, base) ? [] : above;
  yield* walkFolder(root, base, rules, depth, signal);
}

async function* walkFolder(
  root: string,
  base: string,
  above: readonly Rules[],
  depth: number,
  signal: AbortSignal,
): AsyncGenerator<WalkEntry> {
  const own = await rulesOf(root, base);
  const rules = own ? [...above, own] : above;
  for (const entry of await entriesOf(path.join(root, base))) {
    if (signal.aborted) return;
    const relative = base + entry.name;
    const isFolder = entry.isDirectory();
    if (ALWAYS_LEFT_OUT.includes(entry.name) || isIgnored(rules, isFolder ? `${relative}/` : relative)) continue;
    if (isFolder) {
      yield { relative, kind: "folder" };
      if (depth > 1) yield* walkFolder(root, `${relative}/`, rules, depth - 1, signal);
    } else if (entry.isFile() || entry.isSymbolicLink()) {
      yield { relative, kind: entry.isFile() ? "file" : "link" };
    }
  }
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // A folder that may not be read, or is gone by now, has nothing to show.
    return [];
  }
}

/** The deepest .gitignore that has a rule for a path decides. */
function isIgnored(rules: readonly Rules[], relative: string): boolean {
  for (const { base, matcher } of rules.toReversed()) {
    const { ignored, unignored } = matcher.test(relative.slice(base.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** Rules of the folders above `base`, outermost first. */
async function rulesAbove(root: string, base: string): Promise<readonly Rules[]> {
  const found: Rules[] = [];
  for (let slash = 0; slash < base.length; slash = base.indexOf("/", slash) + 1) {
    const rules = await rulesOf(root, base.slice(0, slash));
    if (rules) found.push(rules);
  }
  return found;
}

async function rulesOf(root: string, base: string): Promise<Rules | null> {
  const file = path.join(root, base, ".gitignore");
  try {
    // A link might lead outside.
    const info = await lstat(file);
    if (!info.isFile() || info.size > MAX_IGNORE_FILE_BYTES) return null;
    return { base, matcher: ignore({ ignorecase: false }).add(await readFile(file, "utf8")) };
  } catch {
    return null;
  }
}

/** Whether a path is meant by a glob as in .gitignore, with braces; `!` in front turns it round. */
export function createGlob(glob: string): (relative: string) => boolean {
  const isNegative = glob.startsWith("!");
  const matcher = ignore({ ignorecase: false }).add(expandBraces(isNegative ? glob.slice(1) : glob));
  return (relative) => matcher.ignores(relative) !== isNegative;
}

const MAX_EXPANSIONS = 256;

/** `*.{ts,tsx}` to `*.ts` and `*.tsx`; braces may stand within braces. */
export function expandBraces(glob: string): string[] {
  const done: string[] = [];
  const open = [glob];
  for (let next = open.pop(); next !== undefined && done.length + open.length < MAX_EXPANSIONS; next = open.pop()) {
    const innermost = /\{([^{}]*,[^{}]*)\}/.exec(next);
    if (!innermost?.[1]) {
      done.push(next);
      continue;
    }
    const [before, after] = [next.slice(0, innermost.index), next.slice(innermost.index + innermost[0].length)];
    for (const choice of innermost[1].split(",")) open.push(before + choice + after);
  }
  return done;
}
