import type { Memento } from "vscode";

/** Key in the workspace's memory under which a run in progress is marked. */
export const RUNNING_RUN = "runningRun";

/** Whether a run was in progress when the window was last heard of. Apart from `Memory`, so that asking loads nothing. */
export function wasRunning(memento: Pick<Memento, "get">): boolean {
  return typeof memento.get<unknown>(RUNNING_RUN) === "string";
}
