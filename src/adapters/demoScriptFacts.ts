import * as v from "valibot";
import { CONTINUE, CUT_ANSWER, EMPTY_ANSWER, NOT_RUN, WITHHELD } from "../core/prompt";
import type { DemoMessage } from "./demoModelRequest";
import { MONEY_FILE, REGRESSION_TEST, ROUND_DOWN_NOISE, ROUND_UP, ROUND_WELL, TEST_FILE } from "./demoScriptSample";

/** What `portion` in the sample's src/money.js is known to do. */
export type CodeState = "unread" | "buggy" | "roundsUp" | "fixed" | "strange";
export type Verdict = "passed" | "failed" | "unclear";

/** A tool call and what came of it. Calls without a result, or whose result was left out, are not here. */
export interface DemoStep {
  readonly tool: string;
  readonly args: { readonly [key: string]: unknown };
  readonly result: string;
}

/** What a conversation tells: where the session stands. Nothing is remembered from one request to the next. */
export interface Facts {
  /** The task, and the newest message of the user when that is another. */
  readonly task: string;
  readonly followUp: string | null;
  readonly steps: readonly DemoStep[];
  /** Steps since the newest message of the user. */
  readonly recent: readonly DemoStep[];
  readonly listing: string | null;
  readonly code: CodeState;
  readonly hasRegressionTest: boolean;
  /** The newest verdict of the tests, if nothing was edited since. */
  readonly verdict: Verdict | null;
  readonly mayRun: boolean;
  /** Whether the last answer was cut at the output limit. */
  readonly wasCut: boolean;
  /** What was answered when an edit was turned away since the newest message of the user, newest last. */
  readonly refusedEdits: readonly string[];
  /** Files that were changed. */
  readonly edited: readonly string[];
}

const REFUSED = /^(not allowed|the user declined|permission denied|refused)/i;
const FINISHED = /^finished/;
const Arguments = v.record(v.string(), v.unknown());
const Edits = v.array(v.object({ new: v.string() }));

export function factsOf(messages: readonly DemoMessage[]): Facts {
  const asked = messages.flatMap((message, index) => (message.role === "user" && !isNudge(message.text) ? [index] : []));
  const newest = asked.at(-1) ?? 0;
  const steps = stepsOf(messages, 0);
  const recent = stepsOf(messages, newest);
  const edits = steps.filter(isAppliedEdit);
  const runs = steps.filter((step) => step.tool === "run_command");
  const lastRun = sinceLastEdit(steps).findLast((step) => step.tool === "run_command" && !isRefused(step));
  const tests = contentOf(steps, TEST_FILE);
  return {
    task: withoutTail(messages[asked[0] ?? 0]?.text ?? ""),
    followUp: asked.length > 1 ? withoutTail(messages[newest]?.text ?? "") : null,
    steps,
    recent,
    listing: steps.findLast((step) => step.tool === "list_files")?.result ?? null,
    code: codeState(contentOf(steps, MONEY_FILE)),
    hasRegressionTest: tests?.includes(REGRESSION_TEST.name) ?? false,
    verdict: lastRun ? verdictOf(lastRun.result) : null,
    mayRun: !isRefused(runs.at(-1)),
    wasCut: messages.at(-1)?.text.startsWith(CUT_ANSWER) ?? false,
    refusedEdits: recent.filter((step) => isEdit(step) && isRefused(step)).map((step) => step.result),
    edited: [...new Set(edits.map((step) => String(step.args.path)))],
  };
}

/** What happened after the newest edit that was made; everything if there is none. */
export function sinceLastEdit(steps: readonly DemoStep[]): readonly DemoStep[] {
  return steps.slice(steps.findLastIndex(isAppliedEdit) + 1);
}

/** Whether a file was looked at in these steps. */
export function hasRead(steps: readonly DemoStep[], path: string): boolean {
  return steps.some((step) => step.tool === "read_file" && step.args.path === path);
}

export function isRefused(step: DemoStep | undefined): boolean {
  return step !== undefined && REFUSED.test(step.result);
}

/** Whether the agent took a call of `finish` for the end, as opposed to sending it back. */
export function isFinished(step: DemoStep | undefined): boolean {
  return step?.tool === "finish" && FINISHED.test(step.result);
}

function stepsOf(messages: readonly DemoMessage[], from: number): DemoStep[] {
  const results = new Map(messages.flatMap((message) => (message.callId === null ? [] : [[message.callId, message.text]])));
  return messages
    .slice(from)
    .flatMap((message) => message.calls)
    .flatMap((call) => {
      const result = results.get(call.id);
      if (result === undefined || result.startsWith(NOT_RUN) || result.startsWith(WITHHELD)) return [];
      return [{ tool: call.name, args: argumentsOf(call.arguments), result }];
    });
}

function argumentsOf(json: string): DemoStep["args"] {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), Arguments), json);
  return parsed.success ? parsed.output : {};
}

function isEdit({ tool }: DemoStep): boolean {
  return tool === "edit_file" || tool === "write_file";
}

function isAppliedEdit(step: DemoStep): boolean {
  return isEdit(step) && /^(edited|wrote|created|written)/i.test(step.result);
}

/** The text of a file as far as the conversation shows it: as last read, with what was edited since. */
function contentOf(steps: readonly DemoStep[], path: string): string | null {
  let content: string | null = null;
  for (const step of steps) {
    if (step.args.path !== path) continue;
    // "unchanged since turn 7" stands for what was read then.
    if (step.tool === "read_file" && !/^unchanged since/.test(step.result)) content = step.result;
    if (isAppliedEdit(step)) content = `${content ?? ""}\n${writtenBy(step)}`;
  }
  return content;
}

function writtenBy({ args }: DemoStep): string {
  return v.is(Edits, args.edits) ? args.edits.map((edit) => edit.new).join("\n") : String(args.content ?? "");
}

function codeState(content: string | null): CodeState {
  if (content === null) return "unread";
  // Edits are added behind what was read, so the newest state is the one that stands last.
  const places: [CodeState, number][] = [
    ["buggy", content.lastIndexOf(ROUND_DOWN_NOISE)],
    ["roundsUp", content.lastIndexOf(ROUND_UP)],
    ["fixed", content.lastIndexOf(ROUND_WELL)],
  ];
  const [state, at] = places.reduce((best, place) => (place[1] > best[1] ? place : best));
  return at < 0 ? "strange" : state;
}

/** From the counts of Node's test runner, else from the exit code at the end. */
function verdictOf(result: string): Verdict {
  const failures = [...result.matchAll(/^(?:# |ℹ )fail (\d+)\s*$/gm)].at(-1)?.[1];
  const code = /\[exit (\d+)[^\]]*\]\s*(?:\n\n[\s\S]*)?$/.exec(result)?.[1];
  const deciding = failures ?? code;
  if (deciding === undefined) return "unclear";
  return deciding === "0" ? "passed" : "failed";
}

/** Messages that the agent itself puts in when an answer was empty or cut, or when a run goes on without a new word. */
function isNudge(text: string): boolean {
  return [CONTINUE, CUT_ANSWER, EMPTY_ANSWER].some((nudge) => text.startsWith(nudge));
}

/** The user's words without the budget line and hints that may stand below them. */
function withoutTail(text: string): string {
  return text.replace(/\n\n\[(budget|hint)\][\s\S]*$/, "").trim();
}
