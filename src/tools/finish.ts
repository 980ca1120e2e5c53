import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, object, optionalFlag, text } from "./arguments";
import type { ChangeLog } from "./changeLog";

const schema = object({ summary: text, infeasible: optionalFlag });

const NO_CHANGE =
  "The task asks for a change, but no file has changed. Make the change; or call finish again and say in the summary why none is needed, or set infeasible.";

/** Ends the run. Says no once when the task asked for a change and there is none: forgetting to edit is a common end. */
export function finishTool(changes: Pick<ChangeLog, "hasChanges">, asksForChange: boolean): Tool {
  let saidNo = false;
  const objection = async () => {
    if (!asksForChange || saidNo || (await changes.hasChanges())) return null;
    saidNo = true;
    return NO_CHANGE;
  };
  return {
    objection,
    spec: {
      name: "finish",
      description: "End the task, done or infeasible.",
      parameters: {
        type: "object",
        properties: { summary: { type: "string" }, infeasible: { type: "boolean" } },
        required: ["summary"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const { summary, infeasible } = checked.value;
      return {
        access: "read",
        subject: infeasible ? "infeasible" : "done",
        async run(): Promise<ToolResult> {
          const against = infeasible ? null : await objection();
          if (against !== null) return { ok: false, text: against };
          return { ok: true, text: "finished", finished: { summary, infeasible: infeasible ?? false } };
        },
      };
    },
  };
}
