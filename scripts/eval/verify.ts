import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type CheckResult, runCheck } from "./check";
import { checkEnv } from "./environment";
import type { Task } from "./tasks";
import { copyForCheck } from "./workspaces";

/** What is wrong with a task's check, in words; `null` = it fails on the task as it is. */
export async function faultOfTask(
  task: Task,
  env: NodeJS.ProcessEnv,
  node: string,
  stopped?: AbortSignal,
): Promise<string | null> {
  const result = await checkOn(task, ["hidden"], env, node, stopped);
  switch (result.kind) {
    case "broken":
      return result.why;
    case "passed":
      return `the check of ${task.name} passes before anything is done: it can tell nothing`;
    case "failed":
      return null;
  }
}

/** What is wrong with a task's solution; `null` = the check passes on it. */
export async function faultOfSolution(task: Task, env: NodeJS.ProcessEnv, node: string): Promise<string | null> {
  if (!existsSync(path.join(task.dir, "solution"))) return `${task.name} has no folder solution/`;
  const result = await checkOn(task, ["solution", "hidden"], env, node);
  if (result.kind === "passed") return null;
  return `the check of ${task.name} does not pass on its solution: ${result.kind === "broken" ? result.why : result.tail.trim()}`;
}

/** The result of a task's check on its own files with the given folders laid over them. */
async function checkOn(
  task: Task,
  over: readonly ("hidden" | "solution")[],
  env: NodeJS.ProcessEnv,
  node: string,
  stopped?: AbortSignal,
): Promise<CheckResult> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "turnpike-task-"));
  try {
    const folder = path.join(dir, task.name);
    copyForCheck(path.join(task.dir, "files"), folder, task, over);
    return await runCheck(task, folder, checkEnv(env, node), stopped);
  } finally {
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  }
}
