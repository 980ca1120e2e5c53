import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { messageOf } from "../../src/core/errors";
import { BadUse } from "./badUse";

const TASK_FILE = v.strictObject({
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]*$/, "is small letters, digits and dashes")),
  language: v.pipe(v.string(), v.minLength(1)),
  /** Programs, each perhaps with its least version: `node>=22.18`. */
  needs: v.array(v.pipe(v.string(), v.regex(/^[\w.+-]+(>=\d+(\.\d+)*)?$/, "is a program, or program>=version"))),
  check: v.pipe(v.string(), v.minLength(1)),
  timeoutSeconds: v.pipe(v.number(), v.minValue(1)),
});

/** A task on disk: `task.json`, `prompt.md`, the workspace `files/`, the check `hidden/`, and a `solution/` of changed files. */
export interface Task {
  readonly name: string;
  readonly language: string;
  readonly needs: readonly string[];
  /** Command line of the check, for the shell, run in a copy of the workspace with `hidden/` laid over it. */
  readonly check: string;
  /** Time the check may take. */
  readonly timeoutSeconds: number;
  readonly dir: string;
  /** Changes with anything that makes the task what it is, the solution apart. */
  readonly digest: string;
}

/** The tasks of a folder, by name. Throws `BadUse` when one of them is not as it should be. */
export function loadTasks(tasksDir: string, only: readonly string[] | null): readonly Task[] {
  if (!isFolder(tasksDir)) throw new BadUse(`--tasks: there is no folder ${tasksDir}`);
  const found = readdirSync(tasksDir)
    .sort()
    .map((name) => path.resolve(tasksDir, name))
    .filter((dir) => existsSync(path.join(dir, "task.json")))
    .map(loadTask);
  if (found.length === 0) throw new BadUse(`--tasks: no folder in ${tasksDir} holds a task.json`);
  const missing = only?.find((name) => !found.some((task) => task.name === name));
  if (missing !== undefined) throw new BadUse(`--only: there is no task "${missing}"; there are ${namesOf(found)}`);
  return only === null ? found : found.filter((task) => only.includes(task.name));
}

function loadTask(dir: string): Task {
  const where = path.join(dir, "task.json");
  const read = v.safeParse(TASK_FILE, jsonOf(where));
  if (!read.success) {
    const [issue] = read.issues;
    throw new BadUse(`${where}: ${v.getDotPath(issue) ?? "it"}: ${issue.message}`);
  }
  const { output } = read;
  if (output.name !== path.basename(dir)) throw new BadUse(`${where}: its name is "${output.name}", but its folder is not`);
  for (const folder of ["files", "hidden"])
    if (!isFolder(path.join(dir, folder))) throw new BadUse(`${dir}: the folder ${folder}/ is missing`);
  const prompt = path.join(dir, "prompt.md");
  if (!existsSync(prompt) || readFileSync(prompt, "utf8").trim() === "") throw new BadUse(`${prompt} is missing or empty`);
  return { ...output, dir, digest: digestOf(dir) };
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new BadUse(`${file}: ${messageOf(error)}`);
  }
}

function digestOf(dir: string): string {
  const hash = createHash("sha256");
  for (const name of ["task.json", "prompt.md", ...filesIn(dir, "files"), ...filesIn(dir, "hidden")]) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(path.join(dir, name)))
      .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** Files below `dir/folder`, sorted, as paths from `dir` with forward slashes. */
export function filesIn(dir: string, folder: string): readonly string[] {
  return readdirSync(path.join(dir, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

function isFolder(dir: string): boolean {
  return statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function namesOf(tasks: readonly Task[]): string {
  return tasks.map((task) => task.name).join(", ");
}

/** What this machine lacks for a task, in words; empty when it can be run. */
export function lacks(task: Task, env: NodeJS.ProcessEnv): readonly string[] {
  return task.needs.flatMap((need) => {
    const [program = "", least] = need.split(">=");
    const version = versionOf(program, env);
    if (version === null) return [`${program} is not there`];
    return least === undefined || atLeast(version, least) ? [] : [`${program} is ${version}, ${least} is needed`];
  });
}

const versions = new Map<string, string | null>();

/** The version a program tells of; "" when it tells none (`sh` may not), `null` when it cannot be started. */
function versionOf(program: string, env: NodeJS.ProcessEnv): string | null {
  const known = versions.get(program);
  if (known !== undefined) return known;
  const run = spawnSync(program, ["--version"], { env, encoding: "utf8", timeout: 20_000, stdio: ["ignore", "pipe", "pipe"] });
  const found = run.error ? null : (/\d+(\.\d+)+/.exec(run.stdout + run.stderr)?.[0] ?? "");
  versions.set(program, found);
  return found;
}

function atLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((text) => text.split(".").map(Number));
  for (const [at, wanted] of (want ?? []).entries()) {
    const given = have?.[at] ?? 0;
    if (given !== wanted) return given > wanted;
  }
  return true;
}
