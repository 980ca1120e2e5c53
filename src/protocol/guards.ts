import * as v from "valibot";
import { EDITOR_COMMANDS } from "./commands";
import type { FromHistory } from "./history";
import { LIMITS, MOST_TASK_CHARS } from "./limits";
import type { ComposerChoice, FromSidebar } from "./sidebar";

/**
 * What a page sends is not trusted: these guards give a message whose every field is known and bounded, or `null`.
 * Keys that are not part of a message are dropped.
 */

const MAX_ID = 500;
const MAX_PATH = 4_096;
const MAX_COPIED = 20_000;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID));
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_PATH));
const copied = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_COPIED));
const words = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MOST_TASK_CHARS));
const whole = (least: number, most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
const amount = (most: number) => v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(most));
const turn = whole(1, 1_000_000);
const segment = v.nullable(v.picklist(["same", "fresh"]));

const limits = {
  turns: v.nullable(whole(0, LIMITS.turns.most)),
  usd: v.nullable(amount(LIMITS.usd.most)),
  tokens: v.nullable(whole(0, LIMITS.tokens.most)),
  minutes: v.nullable(amount(LIMITS.minutes.most)),
};

const choices = {
  ...limits,
  policy: v.picklist(["unrestricted", "fixed", "dynamic"]),
  preset: v.picklist(["evidence", "published"]),
  model: v.pipe(v.string(), v.maxLength(MAX_ID)),
  approval: v.picklist(["ask", "autoEdit", "autoAll"]),
};
const choice: v.GenericSchema<unknown, ComposerChoice> = v.object(choices);
const change = v.object({
  policy: v.exactOptional(choices.policy),
  preset: v.exactOptional(choices.preset),
  turns: v.exactOptional(choices.turns),
  usd: v.exactOptional(choices.usd),
  tokens: v.exactOptional(choices.tokens),
  minutes: v.exactOptional(choices.minutes),
  model: v.exactOptional(choices.model),
  approval: v.exactOptional(choices.approval),
});

/** Our own commands and those few of the editor's; a page can run no other, whatever is injected into it. */
const command = v.union([
  v.pipe(v.string(), v.maxLength(100), v.regex(/^turnpike\.\w+$/)),
  v.picklist(Object.values(EDITOR_COMMANDS)),
]);

const fromSidebar: v.GenericSchema<unknown, FromSidebar> = v.variant("kind", [
  v.object({ kind: v.picklist(["ready", "stop", "land", "newTask"]) }),
  v.object({ kind: v.literal("start"), task: words, choice }),
  v.object({ kind: v.literal("followUp"), runId: id, text: words, choice }),
  v.object({ kind: v.literal("choose"), runId: v.nullable(id), revision: whole(1, Number.MAX_SAFE_INTEGER), change }),
  v.object({ kind: v.literal("extend"), runId: id, segment, ...limits }),
  v.object({ kind: v.literal("resume"), runId: id, segment }),
  v.object({ kind: v.literal("setBack"), runId: id }),
  v.object({ kind: v.literal("approve"), callId: id, allowed: v.boolean() }),
  v.object({ kind: v.literal("answerExtension"), answer: v.picklist(["extend", "land", "stop"]) }),
  v.object({ kind: v.literal("detail"), turn }),
  v.object({ kind: v.literal("openDiff"), callId: id, path }),
  v.object({ kind: v.literal("previewEdit"), callId: id }),
  v.object({ kind: v.literal("openFile"), path }),
  v.object({ kind: v.literal("copy"), text: copied }),
  v.object({ kind: v.literal("command"), command }),
]);

const labPolicies = v.picklist(["fixed", "published", "evidence"]);

const fromHistory: v.GenericSchema<unknown, FromHistory> = v.variant("kind", [
  v.object({ kind: v.picklist(["ready", "back", "whatIf", "labOpen"]) }),
  v.object({ kind: v.literal("labPick"), pick: id }),
  v.object({ kind: v.literal("labPolicy"), policy: labPolicies }),
  v.object({ kind: v.literal("useLimit"), policy: labPolicies, limit: whole(1, LIMITS.turns.most) }),
  v.object({ kind: v.literal("open"), runId: id }),
  v.object({ kind: v.literal("continueRun"), runId: id }),
  v.object({ kind: v.literal("detail"), turn }),
  v.object({ kind: v.literal("openDiff"), callId: id, path }),
  v.object({ kind: v.literal("openFile"), path }),
  v.object({ kind: v.literal("copy"), text: copied }),
]);

/** A choice that was kept, or `null` when it is none. */
export function parseChoice(raw: unknown): ComposerChoice | null {
  const parsed = v.safeParse(choice, raw);
  return parsed.success ? parsed.output : null;
}

/** What kind of message something says it is, for a log: of the rest, which may hold a whole task, nothing is told. */
export function kindOf(raw: unknown): string {
  const parsed = v.safeParse(v.object({ kind: v.pipe(v.string(), v.regex(/^\w{1,40}$/)) }), raw);
  return parsed.success ? parsed.output.kind : "no kind";
}

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
