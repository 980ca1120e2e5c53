import type { CheckResult } from "../core/agentEvent";
import type { CallRecord } from "../core/runState";
import type { CallModel } from "../protocol/sidebar";
import { formatCount, formatSeconds } from "./format";
import { toolWords } from "./tools";
import { firstLine } from "./words";

const SUBJECT_CHARS = 300;
/** Commands quicker than this need no mention of their time. */
const NOTABLE_MS = 50;

/** A tool call as its row shows it. */
export function callModel(call: CallRecord): CallModel {
  const { verb, about } = toolWords(call.tool);
  return {
    callId: call.callId,
    verb,
    subject: firstLine(call.subject, SUBJECT_CHARS),
    about,
    state: call.state,
    verdict: verdictOf(call),
    facts: call.state === "running" ? [] : callFacts(call),
    changes: call.changes.map(({ path, added, removed, before, after }) => ({
      path,
      added,
      removed,
      diff: before !== null || after !== null,
    })),
  };
}

/** Their results say nothing that the model did not know. */
const SPEAKS_OF_THE_RUN: ReadonlySet<string> = new Set(["finish", "update_plan", "ask_for_turns"]);

/** The time of a command, or the size of what was read. */
function callFacts(call: CallRecord): readonly string[] {
  const { about } = toolWords(call.tool);
  if (about === "command") return call.ms >= NOTABLE_MS ? [formatSeconds(call.ms)] : [];
  const isNoted = call.changes.length === 0 && call.state === "ok" && !SPEAKS_OF_THE_RUN.has(call.tool);
  return isNoted ? sizeOf(call) : [];
}

/** What the details add: everything that is known of the result. */
export function resultFacts(call: CallRecord): readonly string[] {
  if (call.state === "running") return ["running"];
  const facts: string[] = [];
  const verdict = verdictOf(call);
  if (verdict !== null) facts.push(verdict);
  if (call.check !== null && call.exitCode !== null) facts.push(`exit ${call.exitCode}`);
  if (call.ms >= NOTABLE_MS) facts.push(formatSeconds(call.ms));
  facts.push(...sizeOf(call));
  return facts;
}

function verdictOf(call: CallRecord): string | null {
  const { check, exitCode } = call;
  if (call.state === "running") return "running…";
  if (check) return checkWords(check);
  if (exitCode !== null && exitCode !== 0) return `exit ${exitCode}`;
  return call.state === "failed" && exitCode === null ? "failed" : null;
}

/** `41 passed`, `3 failing, 41 passed`; of a build, and where a count is not told, the words alone. */
export function checkWords({ passed, failures, passes = null }: CheckResult): string {
  const passing = passes === null ? null : formatCount(passes, "passed", "passed");
  if (passed) return passing ?? "passed";
  const failing = failures === null ? "failing" : formatCount(failures, "failing", "failing");
  return passing === null ? failing : `${failing}, ${passing}`;
}

/** Nothing while the tokens are not counted. */
function sizeOf({ resultTokens, truncated }: CallRecord): readonly string[] {
  return resultTokens === null ? [] : [`${formatCount(resultTokens, "token")}${truncated ? ", cut" : ""}`];
}
