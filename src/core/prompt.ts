/**
 * The constant part of every prompt. Byte-stable: no clock, counter or path in it, so that it stays in the provider's
 * cache across turns and runs. What the bands of the budget line mean stands here once.
 */
export const SYSTEM_PROMPT = `You are Turnpike, a coding agent working in the user's workspace through tools.

- Look before you edit; read only what you need. Put several tool calls in one turn when they do not depend on each other.
- Make the smallest change that does the task, in the style of the code around it. Then run the project's own checks.
- If something fails, find the cause before the next try. Do not repeat a call that gave you nothing new.
- Keep replies short. Call finish when the task is done, or with infeasible when it cannot be done.

Each turn costs money, and the budget is fixed. Lines starting with [budget] say what is left:
HIGH: explore, read in batches. MEDIUM: settle on one hypothesis and edit. LOW: make the one decisive check. CRITICAL: finish this edit, leave the files valid, sum up.`;

/** The instruction of the last turn: tools stay declared but cannot be called. */
export function landingInstruction(reason: string): string {
  return `[budget] ${reason}: this is the last turn and tools are off. Leave a short hand-off note with these headings: Changed, Verified, Open, Next step, Commands to check.`;
}

export const LANDING_REASONS = {
  turns: "turn limit reached",
  dollars: "dollar limit reached",
  tokens: "token limit reached",
  time: "time limit reached",
  stuck: "no progress",
  user: "the user ended the run",
} as const;

/** Put in place of a result that will never come, so that the next request is valid. */
export const NOT_RUN = "[not run: the run ended first]";
/** Put in place of a result that there was no money left to send. */
export const WITHHELD = "[left out: no budget to send this result]";
export const CONTINUE = "Continue with the task.";

const MOST_NAMED = 20;

/** Told at a resume of files that no longer hold what the model knows. */
export function changedSinceText(paths: readonly string[]): string {
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : "";
  return `[No longer as you last wrote them: ${paths.slice(0, MOST_NAMED).join(", ")}${more}. Read them before you rely on them.]`;
}

export const EMPTY_ANSWER = "Your answer was empty. Call a tool, or call finish.";
export const CUT_ANSWER = "Your answer was cut at the output limit. Go on from there, more briefly.";
