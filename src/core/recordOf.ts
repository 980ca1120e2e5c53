import { strongest } from "./recordedAction";
import type { RecordedTurn, TurnAction } from "./recordedRun";
import type { TurnRecord } from "./runState";
import { inputTokens } from "./usage";

/** A turn of a run that goes on, as past runs are recorded. */
export function recordedTurn({ usage, usd, calls, charges }: TurnRecord): RecordedTurn {
  const isKnown = charges.some((charge) => charge.provenance !== "unknown");
  const results = calls.map((call) => call.resultTokens);
  const check = calls.flatMap((call) => call.check ?? []).at(-1);
  return {
    input: isKnown ? inputTokens(usage) : null,
    cacheRead: isKnown ? usage.cacheRead : null,
    output: isKnown ? usage.output : null,
    usd,
    action: strongest(calls.map(({ tool, changes, check }) => actionOfCall(tool, changes.length > 0, check !== null))),
    failed: calls.some((call) => call.state === "failed"),
    result: results.reduce<number | null>((sum, tokens) => (sum === null || tokens === null ? null : sum + tokens), 0),
    failures: check ? (check.passed ? 0 : check.failures) : null,
  };
}

/** What a call of one of Turnpike's own tools was for: also by whether it changed files, or ran a check. */
export function actionOfCall(tool: string, changed: boolean, checked: boolean): TurnAction {
  if (changed) return "edit";
  if (checked) return "check";
  return ACTIONS[tool] ?? "other";
}

/** What Turnpike's own tools are for. */
const ACTIONS: { readonly [tool: string]: TurnAction } = {
  read_file: "read",
  read_output: "read",
  list_files: "search",
  search_text: "search",
  edit_file: "edit",
  write_file: "edit",
  run_command: "command",
  update_plan: "plan",
  ask_for_turns: "other",
  finish: "finish",
};
