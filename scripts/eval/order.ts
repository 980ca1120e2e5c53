import type { Policy } from "./policies";
import type { Task } from "./tasks";

/** A try by its place: what is to be run, before limits are known. */
export interface Slot {
  readonly task: Task;
  readonly policy: Policy;
  readonly repeat: number;
}

/**
 * Repeats outermost, then tasks, then policies: what drifts over the hours meets all policies alike. Which policy comes
 * first on a task changes from task to task and from repeat to repeat, for the one that comes first fills the provider's
 * cache for the others.
 */
export function interleave(tasks: readonly Task[], policies: readonly Policy[], repeats: number): readonly Slot[] {
  return Array.from({ length: repeats }, (_, r) =>
    tasks.flatMap((task, t) => rotate(policies, t + r).map((policy): Slot => ({ task, policy, repeat: r + 1 }))),
  ).flat();
}

function rotate<T>(list: readonly T[], by: number): readonly T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}
