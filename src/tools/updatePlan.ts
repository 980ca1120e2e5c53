import * as v from "valibot";
import type { Tool } from "../core/ports";
import { checkArguments, object, optionalFlag, text } from "./arguments";

const MOST_ITEMS = 12;
const MOST_CHARS = 200;

const words = v.pipe(text, v.trim(), v.minLength(1, "must not be empty"));
const item = v.pipe(v.unknown(), v.transform(asItem), object({ text: words, done: optionalFlag }));
const items = v.pipe(v.array(item, "must be a list"), v.maxLength(MOST_ITEMS, `must be at most ${MOST_ITEMS} items`));
const schema = object({ items: v.pipe(v.unknown(), v.transform(asList), items) });

/** Some models send plain texts, or the list as JSON text. */
function asItem(given: unknown): unknown {
  return typeof given === "string" ? { text: given } : given;
}

function asList(given: unknown): unknown {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given);
  } catch {
    return given;
  }
}

/** Keeps a short plan where the user sees it. The whole of it is sent each time, so there is one truth. */
export function updatePlanTool(): Tool {
  return {
    spec: {
      name: "update_plan",
      description: "Show the user a plan of a few short items; only for work of several steps. Send all items each time.",
      parameters: {
        type: "object",
        properties: {
          items: {
            type: "array",
            items: { type: "object", properties: { text: { type: "string" }, done: { type: "boolean" } }, required: ["text"] },
          },
        },
        required: ["items"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const plan = checked.value.items.map(({ text, done }) => ({ text: text.slice(0, MOST_CHARS), done: done ?? false }));
      const done = plan.filter((line) => line.done).length;
      const subject = `${done} of ${plan.length} done`;
      return { access: "read", subject, run: async () => ({ ok: true, text: subject, plan }) };
    },
  };
}
