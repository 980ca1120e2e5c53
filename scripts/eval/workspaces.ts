import { execFile } from "node:child_process";
import { cpSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { filesIn, type Task } from "./tasks";

const execute = promisify(execFile);

/** Git for us alone: no settings, hooks or signatures of the user, and the same author everywhere. */
const GIT_ENV = {
  GIT_CONFIG_GLOBAL: os.devNull,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
  GIT_AUTHOR_NAME: "Task",
  GIT_AUTHOR_EMAIL: "task@localhost",
  GIT_COMMITTER_NAME: "Task",
  GIT_COMMITTER_EMAIL: "task@localhost",
} as const;

/** A throw-away copy of a task for one try. */
export interface Workspace {
  /** Where the agent works: a git repository with one commit. */
  readonly folder: string;
  /** Our own repository of the same files, out of the workspace: what the agent does to its own does not touch it. */
  readonly gitDir: string;
}

/** Copies the task's files below `dir`, which exists and is ours alone. */
export async function prepareWorkspace(task: Task, dir: string): Promise<Workspace> {
  const folder = path.join(dir, task.name);
  const gitDir = path.join(dir, "before.git");
  cpSync(path.join(task.dir, "files"), folder, { recursive: true });
  for (const place of [path.join(folder, ".git"), gitDir]) {
    await git(folder, place, "init", "--quiet", "--template=", "--initial-branch=main");
    await git(folder, place, "add", "--all");
    await git(folder, place, "commit", "--quiet", "--no-verify", "--message=Start");
  }
  return { folder, gitDir };
}

/** Files that are not as they were at the start, ignored ones apart; paths from the workspace. */
export async function changedFiles({ folder, gitDir }: Workspace): Promise<readonly string[]> {
  // An agent may have deleted all of it.
  mkdirSync(folder, { recursive: true });
  await git(folder, gitDir, "add", "--all");
  const names = await git(folder, gitDir, "diff", "--cached", "--name-only", "--no-renames", "-z", "HEAD");
  return names.split("\0").filter((name) => name !== "");
}

async function git(folder: string, gitDir: string, ...args: readonly string[]): Promise<string> {
  const config = ["-c", "core.hooksPath=", "-c", "core.autocrlf=false", "-c", "core.fsmonitor=false", "-c", "gc.auto=0"];
  const { PATH, Path, SystemRoot } = process.env;
  const env = { ...(PATH ? { PATH } : {}), ...(Path ? { Path } : {}), ...(SystemRoot ? { SystemRoot } : {}), ...GIT_ENV };
  const where = [`--git-dir=${gitDir}`, `--work-tree=${folder}`];
  const { stdout } = await execute("git", [...config, ...where, ...args], { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** The workspace as the agent left it, copied to `to` without its repository, with the task's `over` folders laid upon it. */
export function copyForCheck(from: string, to: string, task: Task, over: readonly ("hidden" | "solution")[]): void {
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => path.basename(source) !== ".git" && isCopied(source),
  });
  for (const folder of over) layOver(task.dir, folder, to);
}

/** Pipes and sockets are nothing to copy. */
function isCopied(source: string): boolean {
  const there = lstatSync(source);
  return there.isFile() || there.isDirectory() || there.isSymbolicLink();
}

/** Files of `dir/folder` put into `to` in place of whatever stands there: never through a link that leads elsewhere. */
export function layOver(dir: string, folder: string, to: string): void {
  for (const file of filesIn(dir, folder)) {
    const parts = file.split("/").slice(1);
    for (let depth = 1; depth < parts.length; depth += 1) makeFolder(path.join(to, ...parts.slice(0, depth)));
    const target = path.join(to, ...parts);
    rmSync(target, { recursive: true, force: true });
    cpSync(path.join(dir, file), target);
  }
}

function makeFolder(folder: string): void {
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (there?.isDirectory()) return;
  if (there) rmSync(folder, { force: true });
  mkdirSync(folder);
}
