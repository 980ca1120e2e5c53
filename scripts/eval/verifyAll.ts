import { type Place, runnable } from "./place";
import { loadTasks } from "./tasks";
import { faultOfSolution, faultOfTask } from "./verify";

/** Says of each task whether its check tells a solution from none. Returns the exit code. */
export async function verifyAll(
  { tasksDir, only }: { readonly tasksDir: string; readonly only: readonly string[] | null },
  { node, env, stopped }: Pick<Place, "node" | "env" | "stopped">,
): Promise<number> {
  let faults = 0;
  for (const task of runnable(loadTasks(tasksDir, only), node, env, console.error)) {
    if (stopped.aborted) return 130;
    const fault = (await faultOfTask(task, env, node, stopped)) ?? (await faultOfSolution(task, env, node));
    if (fault !== null) faults += 1;
    console.log(fault === null ? `ok       ${task.name}` : `not ok   ${task.name}: ${fault}`);
  }
  return faults === 0 ? 0 : 1;
}
