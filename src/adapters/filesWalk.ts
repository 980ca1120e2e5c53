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
  yield* walkFolder(root, await startFolder(root, start), depth, signal);
}

async function* walkFolder(root: string, folder: WalkFolder, depth: number, signal: AbortSignal): AsyncGenerator<WalkEntry> {
  for (const entry of await entriesOf(root, folder)) {
    if (signal.aborted) return;
    yield entry;
    if (entry.kind === "folder" && depth > 1)
      yield* walkFolder(root, await below(root, folder, entry.relative), depth - 1, signal);
  }
}

/** The same, nearest first: all of one depth before what is deeper. What a walk that is cut has seen is then the upper part. */
export async function* walkLevels(root: string, start: string, depth: number, signal: AbortSignal): AsyncGenerator<WalkEntry> {
  let level = [await startFolder(root, start)];
  for (let left = depth; left > 0 && level.length > 0; left -= 1) {
    const next: WalkFolder[] = [];
    for (const folder of level) {
      for (const entry of await entriesOf(root, folder)) {
        if (signal.aborted) return;
        yield entry;
        if (entry.kind === "folder" && left > 1) next.push(await below(root, folder, entry.relative));
      }
    }
    level = next;
  }
}

export interface WalkTest {
  /** Whether the .gitignore of the workspace itself has a say in the walk. */
  readonly usesRootRules: boolean;
  /** Whether the walk would come to a path under its start. */
  shows(relative: string): Promise<boolean>;
}

/** Answers for a walk from `start` without walking. Each .gitignore is read once. */
export async function createWalkTest(root: string, start: string): Promise<WalkTest> {
  const first = await startFolder(root, start);
  const folders = new Map<string, Promise<WalkFolder | null>>([[start, Promise.resolve(first)]]);
  const folderAt = (relative: string): Promise<WalkFolder | null> => {
    const found = folders.get(relative) ?? enter(relative);
    folders.set(relative, found);
    return found;
  };
  const enter = async (relative: string) => {
    const above = await folderAt(parentOf(relative));
    return above && !isLeftOut(above, relative, true) ? below(root, above, relative) : null;
  };
  return {
    usesRootRules: first.rules.some(({ base }) => base === ""),
    async shows(relative) {
      if (relative === start) return true;
      const folder = await folderAt(parentOf(relative));
      return folder !== null && !isLeftOut(folder, relative, false);
    },
  };
}

function parentOf(relative: string): string {
  return relative.includes("/") ? relative.slice(0, relative.lastIndexOf("/")) : ".";
}

/** A folder to walk. */
interface WalkFolder {
  /** From the workspace, with a trailing slash; empty for the workspace. */
  readonly base: string;
  /** The rules for what is in it, outermost first. */
  readonly rules: readonly Rules[];
}

async function startFolder(root: string, start: string): Promise<WalkFolder> {
  const base = start === "." ? "" : `${start}/`;
  const above = await rulesAbove(root, base);
  return withOwnRules(root, base, base !== "" && isIgnored(above, base) ? [] : above);
}

function below(root: string, { rules }: WalkFolder, relative: string): Promise<WalkFolder> {
  return withOwnRules(root, `${relative}/`, rules);
}

async function withOwnRules(root: string, base: string, above: readonly Rules[]): Promise<WalkFolder> {
  const own = await rulesOf(root, base);
  return { base, rules: own ? [...above, own] : above };
}

/** What is in a folder, sorted, without what is left out. One that may not be read, or is gone by now, has nothing to show. */
async function entriesOf(root: string, folder: WalkFolder): Promise<readonly WalkEntry[]> {
  const entries = await readdir(path.join(root, folder.base), { withFileTypes: true }).catch((): Dirent[] => []);
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): readonly WalkEntry[] => {
      const relative = folder.base + entry.name;
      const kind = kindOf(entry);
      return kind === null || isLeftOut(folder, relative, kind === "folder") ? [] : [{ relative, kind }];
    });
}

function kindOf(entry: Dirent): WalkEntry["kind"] | null {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  return entry.isSymbolicLink() ? "link" : null;
}

function isLeftOut({ rules }: WalkFolder, relative: string, isFolder: boolean): boolean {
  const name = relative.slice(relative.lastIndexOf("/") + 1);
  return ALWAYS_LEFT_OUT.includes(name) || isIgnored(rules, isFolder ? `${relative}/` : relative);
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
