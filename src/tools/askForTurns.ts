import * as v from "valibot";
import type { Tool } from "../core/ports";
import { checkArguments, object, optionalCount, text } from "./arguments";

const MOST_TURNS = 1_000;
const MOST_CHARS = 500;

const schema = object({ reason: v.pipe(text, v.trim(), v.minLength(1, "must not be empty")), turns: optionalCount });

/** Puts the agent's wish for more turns before the user, in its own words. What decides is evidence. */
export function askForTurnsTool(): Tool {
  return {
    spec: {
      name: "ask_for_turns",
      description: "Say why the turn limit is too low. The user sees it; progress decides.",
      parameters: {
        type: "object",
        properties: { reason: { type: "string" }, turns: { type: "integer" } },
        required: ["reason"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const turns = Math.min(checked.value.turns ?? 1, MOST_TURNS);
      const wish = { turns, reason: checked.value.reason.slice(0, MOST_CHARS) };
      const text = "Noted. Work on: whether the limit is raised shows when it is reached.";
      return { access: "read", subject: `${turns} more`, run: async () => ({ ok: true, text, wish }) };
    },
  };
}
