import * as v from "valibot";
import type { FromHistory } from "./history";
import type { FromSidebar } from "./sidebar";

/**
 * What a page sends is not trusted: these guards give a message whose every field is known and bounded, or `null`.
 * Keys that are not part of a message are dropped.
 */

const MAX_TASK = 100_000;
const MAX_ID = 500;
const MAX_PATH = 4_096;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_PATH));
const words = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_TASK));
const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
const amount = (most: number) => v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(most));
const turn = whole(1, 1_000_000);

const MOST = { turns: 10_000, usd: 1_000_000, tokens: 1_000_000_000, minutes: 10_080 } as const;

const limits = {
  turns: v.nullable(whole(0, MOST.turns)),
  usd: v.nullable(amount(MOST.usd)),
  tokens: v.nullable(whole(0, MOST.tokens)),
  minutes: v.nullable(amount(MOST.minutes)),
};

const choice = v.object({
  ...limits,
  policy: v.picklist(["unrestricted", "fixed", "dynamic"]),
  preset: v.picklist(["evidence", "published"]),
  model: v.pipe(v.string(), v.maxLength(MAX_ID)),
  approval: v.picklist(["ask", "autoEdit", "autoAll"]),
});

/** Our own commands and two of the editor's; a page can run no other, whatever is injected into it. */
const command = v.pipe(v.string(), v.maxLength(100), v.regex(/^(turnpike\.\w+|workbench\.trust\.manage|vscode\.openFolder)$/));

const fromSidebar: v.GenericSchema<unknown, FromSidebar> = v.variant("kind", [
  v.object({ kind: v.picklist(["ready", "stop", "land", "resume", "newTask"]) }),
  v.object({ kind: v.literal("start"), task: words, choice }),
  v.object({ kind: v.literal("followUp"), text: words, choice }),
  v.object({ kind: v.literal("choose"), choice }),
  v.object({ kind: v.literal("extend"), ...limits }),
  v.object({ kind: v.literal("approve"), callId: id, allowed: v.boolean() }),
  v.object({ kind: v.literal("answerExtension"), answer: v.picklist(["extend", "land", "stop"]) }),
  v.object({ kind: v.literal("detail"), turn }),
  v.object({ kind: v.literal("openDiff"), callId: id, path }),
  v.object({ kind: v.literal("previewEdit"), callId: id }),
  v.object({ kind: v.literal("openFile"), path }),
  v.object({ kind: v.literal("command"), command }),
]);

const fromHistory: v.GenericSchema<unknown, FromHistory> = v.variant("kind", [
  v.object({ kind: v.picklist(["ready", "back"]) }),
  v.object({ kind: v.literal("open"), runId: id }),
  v.object({ kind: v.literal("continueRun"), runId: id }),
  v.object({ kind: v.literal("detail"), turn }),
  v.object({ kind: v.literal("openDiff"), callId: id, path }),
  v.object({ kind: v.literal("openFile"), path }),
]);

/** A message of the sidebar, or `null` when it is none. */
export function parseFromSidebar(raw: unknown): FromSidebar | null {
  const parsed = v.safeParse(fromSidebar, raw);
  return parsed.success ? parsed.output : null;
}

/** A message of the history page, or `null` when it is none. */
export function parseFromHistory(raw: unknown): FromHistory | null {
  const parsed = v.safeParse(fromHistory, raw);
  return parsed.success ? parsed.output : null;
}
