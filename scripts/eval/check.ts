import { spawn } from "node:child_process";
import { endGroup } from "./processGroup";
import type { Task } from "./tasks";

export type CheckResult =
  | { readonly kind: "passed"; readonly seconds: number; readonly tail: string }
  /** `exitCode` `null` = it took too long, or a signal ended it. */
  | { readonly kind: "failed"; readonly seconds: number; readonly tail: string; readonly exitCode: number | null }
  /** The check did not run at all: that says nothing of the agent. */
  | { readonly kind: "broken"; readonly why: string };

/** What shells answer when the command cannot be executed, or is not there. */
const CANNOT_RUN: readonly (number | null)[] = [126, 127];
const TAIL_CHARS = 4_000;
/** How long the end of the output is waited for after the exit: what slipped out of the group may hold it open. */
const LAST_OUTPUT_MS = 500;

/** Runs a task's check in `folder`: 0 passes, anything else fails; 126, 127 and a shell that does not start are broken. */
export function runCheck(task: Task, folder: string, env: NodeJS.ProcessEnv, stopped?: AbortSignal): Promise<CheckResult> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn(task.check, { cwd: folder, env, shell: true, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let tail = "";
    let cut: "timeout" | "stopped" | null = null;
    const take = (text: string) => {
      tail = (tail + text).slice(-TAIL_CHARS);
    };
    child.stdout.setEncoding("utf8").on("data", take);
    child.stderr.setEncoding("utf8").on("data", take);
    const end = (why: "timeout" | "stopped") => {
      cut ??= why;
      endGroup(child, "SIGKILL");
    };
    const stop = () => end("stopped");
    const timer = setTimeout(end, task.timeoutSeconds * 1_000, "timeout");
    if (stopped?.aborted) stop();
    stopped?.addEventListener("abort", stop, { once: true });
    const finish = (exitCode: number | null) => {
      const seconds = Math.round(performance.now() - startedAt) / 1_000;
      resolve(resultOf(task, exitCode, cut, { seconds, tail }));
    };
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ kind: "broken", why: `the check of ${task.name} cannot start: ${error.message}` });
    });
    child.on("exit", (exitCode) => {
      clearTimeout(timer);
      stopped?.removeEventListener("abort", stop);
      endGroup(child, "SIGKILL");
      const late = setTimeout(finish, LAST_OUTPUT_MS, exitCode);
      child.on("close", () => {
        clearTimeout(late);
        finish(exitCode);
      });
    });
  });
}

function resultOf(
  task: Task,
  exitCode: number | null,
  cut: "timeout" | "stopped" | null,
  seen: { readonly seconds: number; readonly tail: string },
): CheckResult {
  if (cut === "stopped") return { kind: "broken", why: "the check was interrupted" };
  if (cut === "timeout") {
    return { kind: "failed", ...seen, exitCode: null, tail: `${seen.tail}\n(ended after ${task.timeoutSeconds} s)` };
  }
  if (exitCode === 0) return { kind: "passed", ...seen };
  if (!CANNOT_RUN.includes(exitCode)) return { kind: "failed", ...seen, exitCode };
  return { kind: "broken", why: `the check of ${task.name} cannot run (exit code ${exitCode}): ${seen.tail.trim()}` };
}
