import type { ActiveRun } from "./activeRun";
import type { Evidence, Outcome, StopReason } from "./agentEvent";
import { handOff } from "./handOff";
import { land, stopReasonOf } from "./landing";
import { callModel } from "./modelCall";
import { finishNudge } from "./policy/earlyFinish";
import { createPolicy, type Decision, type TurnPolicy } from "./policy/policy";
import { stuckHint } from "./policy/stuck";
import { dueWarnings, outlookOf, policyView, reminderFor, stuckNow } from "./policyView";
import type { ModelAnswer } from "./ports";
import { CUT_ANSWER, EMPTY_ANSWER } from "./prompt";
import { runToolCalls } from "./toolCalls";

/** Empty or cut answers in a row that are put up with before the run fails. */
const POOR_ANSWERS = 3;

type Step = { readonly kind: "go"; readonly note: string | null } | { readonly kind: "land"; readonly why: StopReason };

/**
 * Runs the agent until an outcome. Before each turn the policy decides; the turn itself is planned, reserved, sent and
 * settled by `callModel`, and its tool calls are run by `runToolCalls`.
 */
export async function runAgent(run: ActiveRun): Promise<Outcome> {
  const policy = createPolicy(run.state.config.policy);
  let outcome: Outcome | null = null;
  while (outcome === null) {
    const step = await nextStep(run, policy);
    outcome = step.kind === "land" ? await land(run, step.why) : await takeTurn(run, step.note);
  }
  if (outcome.kind === "failed") run.emit({ kind: "noted", note: handOff(run.state, "") });
  await run.flush();
  run.emit({ kind: "ended", outcome });
  await run.flush().catch(() => {});
  return outcome;
}

/** One turn: tell the model what is left, call it, run what it asks for. Returns the outcome if the turn ended the run. */
async function takeTurn(run: ActiveRun, note: string | null): Promise<Outcome | null> {
  const turn = run.state.turns.length + 1;
  const tail = [note, reminderFor(run.state, run.elapsedMs())].filter((line) => line !== null).join("\n") || null;
  const end = await callModel(run, { turn, purpose: "turn", tail, withheld: false });
  switch (end.kind) {
    case "short":
      return land(run, stopReasonOf(end.unit));
    case "outOfTime":
      return land(run, "time");
    case "stopped":
      return land(run, "user");
    case "failed":
      return { kind: "failed", reason: end.reason };
    case "answered":
      return takeAnswer(run, turn, end.answer);
  }
}

async function takeAnswer(run: ActiveRun, turn: number, answer: ModelAnswer): Promise<Outcome | null> {
  const { text, toolCalls, extra, finish } = answer;
  run.emit({ kind: "assistant", turn, text, toolCalls, ...(extra ? { extra } : {}) });
  if (toolCalls.length === 0) return takeText(run, text, finish);
  const finished = await runToolCalls(run, turn, toolCalls);
  if (!finished) return null;
  return finished.infeasible ? failed(`infeasible: ${finished.summary}`) : { kind: "done", reason: finished.summary };
}

/** An answer without a call ends the run, unless it is empty or cut, or the task is plainly not done. */
async function takeText(run: ActiveRun, text: string, finish: ModelAnswer["finish"]): Promise<Outcome | null> {
  if (finish === "filtered") return failed("the provider filtered the answer");
  const isEmpty = text.trim() === "";
  if (!isEmpty && finish !== "length") {
    const against = isQuestion(text) ? null : await objection(run);
    return against === null ? { kind: "done", reason: text } : nudge(run, against);
  }
  if (answersWithoutCall(run) < POOR_ANSWERS) return nudge(run, isEmpty ? EMPTY_ANSWER : CUT_ANSWER);
  return failed(`the model gave ${POOR_ANSWERS} ${isEmpty ? "empty answers" : "answers that were cut at the output limit"}`);
}

/** A question to the user is an end of its own: they answer with a follow-up. */
function isQuestion(text: string): boolean {
  return text.trimEnd().endsWith("?");
}

/** What the finishing tool would say against ending the run now. */
async function objection(run: ActiveRun): Promise<string | null> {
  for (const tool of run.ports.tools) {
    const against = await tool.objection?.();
    if (against) return against;
  }
  return null;
}

/** Asks the policy until it says go or land; nothing goes on that could not be recorded. Extensions are granted, and the user is asked, on the way. */
async function nextStep(run: ActiveRun, policy: TurnPolicy): Promise<Step> {
  await run.flush();
  lookAhead(run);
  const hint = hintFor(run);
  let grant: string | null = null;
  for (;;) {
    if (run.stopped.aborted || run.landAsked) return { kind: "land", why: "user" };
    if (run.outOfTime()) return { kind: "land", why: "time" };
    const decision = policy.next(policyView(run.state, run.forecast()));
    switch (decision.kind) {
      case "go":
        if (hint !== null) run.emit({ kind: "hinted", turn: run.state.turns.length, text: hint });
        return { kind: "go", note: [hint, grant].filter((line) => line !== null).join("\n") || null };
      case "land":
        if (decision.refused) refuse(run, "policy", decision.refused);
        return { kind: "land", why: decision.why };
      case "extend":
        extend(run, "policy", decision.turns, decision.evidence);
        grant = decision.note;
        break;
      case "ask":
        if (!(await askToExtend(run, decision))) return { kind: "land", why: refusedReason(run, decision.chunk) };
        break;
    }
  }
}

/** What is known before a turn: what is nearly used up, and what is likely still to come. */
function lookAhead(run: ActiveRun): void {
  for (const warning of dueWarnings(run.state, run.elapsedMs())) run.emit({ kind: "warning", ...warning });
  const forecast = run.forecast();
  if (!forecast) return;
  run.emit({ kind: "forecast", turn: run.state.turns.length, outlook: outlookOf(run.state, forecast, run.elapsedMs()) });
}

function refusedReason(run: ActiveRun, chunk: number): StopReason {
  if (run.stopped.aborted) return "user";
  return chunk === 0 ? "stuck" : "turns";
}

/** Returns whether the user extended the limit. */
async function askToExtend(run: ActiveRun, { chunk, evidence }: Extract<Decision, { kind: "ask" }>): Promise<boolean> {
  const limit = run.state.limit ?? 0;
  run.emit({ kind: "extensionAsked", turn: run.state.turns.length, limit, chunk, evidence });
  const answer = await run.ports.approver.extend({ limit, chunk }, run.stopped);
  if (answer.kind === "stop") run.stop();
  const isGranted = answer.kind === "extend" && !run.stopped.aborted;
  if (isGranted) extend(run, "user", withinCap(run, answer.turns), evidence);
  else refuse(run, "user", evidence);
  return isGranted;
}

function withinCap({ state }: ActiveRun, turns: number): number {
  const cap = state.caps.turns;
  return cap === null ? turns : Math.max(0, Math.min(turns, cap - (state.limit ?? 0)));
}

function extend(run: ActiveRun, by: "policy" | "user", turns: number, evidence: Evidence): void {
  const from = run.state.limit ?? 0;
  run.emit({ kind: "extended", turn: run.state.turns.length, from, to: from + turns, by, evidence });
}

function refuse(run: ActiveRun, by: "policy" | "user", evidence: Evidence): void {
  run.emit({ kind: "extensionRefused", turn: run.state.turns.length, limit: run.state.limit ?? 0, by, evidence });
}

/** What to tell the model when the newest turn showed it to be stuck, or perhaps done. The published preset has its own words only. */
function hintFor(run: ActiveRun): string | null {
  const { turns, config, messages } = run.state;
  if (config.policy.kind === "dynamic" && config.policy.preset === "published") return null;
  const stuck = stuckNow(run.state);
  const isHinted = stuck.fresh && stuck.level !== "stop";
  if (isHinted) return stuckHint(stuck);
  return stuck.level === "none" ? finishNudge(turns, messages.at(-1)?.beforeTurn ?? 1) : null;
}

function nudge(run: ActiveRun, text: string): null {
  run.emit({ kind: "nudged", text });
  return null;
}

/** How many of the newest turns called no tool, since the user last said something. */
function answersWithoutCall(run: ActiveRun): number {
  const { turns, messages } = run.state;
  const from = messages.at(-1)?.beforeTurn ?? 1;
  const recent = turns.filter((turn) => turn.turn >= from);
  return recent.length - 1 - recent.findLastIndex((turn) => turn.calls.length > 0);
}

function failed(reason: string): Outcome {
  return { kind: "failed", reason };
}
