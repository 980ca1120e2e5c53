import * as v from "valibot";
import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, lineRange, object, optionalLine, text } from "./arguments";
import { createLineWindow, type LineRange } from "./lines";
import type { ReadableOutputs } from "./ports";
import { failed } from "./results";

const schema = object({ id: v.pipe(text, v.minLength(1, "must not be empty")), from: optionalLine, to: optionalLine });

/** Reads on in an output that was too long to be given whole. */
export function readOutputTool(outputs: ReadableOutputs): Tool {
  return {
    spec: {
      name: "read_output",
      description: "Read lines of an earlier cut output.",
      parameters: {
        type: "object",
        properties: { id: { type: "string" }, from: { type: "integer" }, to: { type: "integer" } },
        required: ["id"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const { id, from, to } = checked.value;
      const range = lineRange(from, to);
      if (!range.ok) return range;
      return { access: "read", subject: id, run: () => read(outputs, id, range.value) };
    },
  };
}

async function read(outputs: ReadableOutputs, id: string, range: LineRange): Promise<ToolResult> {
  const text = await outputs.load(id);
  if (text === null) return failed(`There is no output ${id} any more. Run the call again.`);
  const window = createLineWindow(range, Number.POSITIVE_INFINITY);
  window.take(text);
  const taken = window.end();
  if (taken.seen < range.from) return failed(`${id} has ${taken.seen} lines.`);
  const to = range.to === null ? {} : { to: range.to };
  return {
    ok: true,
    text: taken.text,
    readOn: (fromLine) => `read_output ${JSON.stringify({ id, from: range.from + fromLine - 1, ...to })}`,
  };
}
