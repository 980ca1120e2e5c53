import { agentEnv } from "./environment";
import { lacks, type Task } from "./tasks";

/** Where the harness runs. */
export interface Place {
  /** The built command line. */
  readonly cli: string;
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
  /** Aborts when the user wants an end. */
  readonly stopped: AbortSignal;
}

/** The tasks this machine has the programs for; each of the others is told of. */
export function runnable(
  tasks: readonly Task[],
  node: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): readonly Task[] {
  return tasks.filter((task) => {
    const lacking = lacks(task, agentEnv(env, node));
    if (lacking.length > 0) say(`skipped  ${task.name}: ${lacking.join(", ")}`);
    return lacking.length === 0;
  });
}
