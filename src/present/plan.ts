import type { PlanLine } from "../core/runState";
import type { PlanModel } from "../protocol/sidebar";

/** The plan that the agent keeps; `null` while it keeps none. */
export function planModel(plan: readonly PlanLine[]): PlanModel | null {
  if (plan.length === 0) return null;
  const items = plan.map(({ text, doneTurn }) => ({ text, done: doneTurn !== null }));
  const done = items.filter((item) => item.done).length;
  return { count: `${done}/${items.length}`, next: items.find((item) => !item.done)?.text ?? "all done", items };
}
