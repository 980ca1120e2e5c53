import type { ActiveRun } from "./activeRun";
import type { ToolAccess } from "./agentEvent";
import { decideApproval, refusalText } from "./approval";
import type { ToolCall } from "./conversation";
import { messageOf } from "./errors";
import { fitResult } from "./fitResult";
import type { PreparedCall, Tool, ToolResult } from "./ports";
import { NOT_RUN } from "./prompt";

export type Finished = NonNullable<ToolResult["finished"]>;

/** Runs the calls of one turn in order, until the task, the run or its time ends. Returns how the task ended, if it did. */
export async function runToolCalls(run: ActiveRun, turn: number, calls: readonly ToolCall[]): Promise<Finished | null> {
  let failedBefore: string | null = null;
  for (const call of calls) {
    if (run.stopped.aborted || run.outOfTime()) return null;
    const result = await runToolCall(run, turn, call, failedBefore);
    if (result.finished) return result.finished;
    if (!result.ok) failedBefore = call.name;
  }
  return null;
}

/** Runs a call and tells its result. `failedBefore`: a tool that failed earlier in this turn, which the model has not seen yet. */
async function runToolCall(run: ActiveRun, turn: number, call: ToolCall, failedBefore: string | null): Promise<ToolResult> {
  const { clock } = run.ports;
  const prepared = await prepare(run.ports.tools, call).catch((error: unknown) => ({
    complaint: `${call.name} failed: ${messageOf(error)}`,
  }));
  if ("complaint" in prepared) {
    return conclude(run, turn, call, "", clock.now(), { ok: false, text: prepared.complaint });
  }
  const denied = await approve(run, turn, call, prepared);
  const startedAt = clock.now();
  run.emit({ kind: "toolStarted", turn, callId: call.id, tool: call.name, subject: prepared.subject });
  const result = denied ? { ok: false, text: denied } : await perform(run, turn, call, prepared);
  return conclude(run, turn, call, prepared.subject, startedAt, failedBefore ? unfinished(result, failedBefore) : result);
}

/** Nothing is done while the model does not know that something went wrong. */
function unfinished(result: ToolResult, failed: string): ToolResult {
  if (!result.finished || result.finished.infeasible) return result;
  return { ok: false, text: `Not finished: ${failed} failed in this turn. Look at its result, then go on or finish.` };
}

/** From the model's text to a checked call, or to words that tell the model what was wrong. */
async function prepare(tools: readonly Tool[], call: ToolCall): Promise<PreparedCall | { readonly complaint: string }> {
  const tool = tools.find((candidate) => candidate.spec.name === call.name);
  if (!tool) return { complaint: `There is no tool "${call.name}". Tools: ${tools.map((t) => t.spec.name).join(", ")}.` };
  let args: unknown;
  try {
    args = JSON.parse(call.arguments === "" ? "{}" : call.arguments);
  } catch (error) {
    return { complaint: `The arguments are not valid JSON (${messageOf(error)}). Send the call again.` };
  }
  return tool.prepare(args);
}

/** Why the call may not run, in words for the model; `null` when it may. */
async function approve(run: ActiveRun, turn: number, call: ToolCall, prepared: PreparedCall): Promise<string | null> {
  const mode = run.state.config.approval;
  const { access, subject, edit, runsCode } = prepared;
  const decision = decideApproval(mode, access, runsCode);
  if (decision === "allow") return null;
  if (decision === "refuse") {
    run.emit({ kind: "approvalAnswered", turn, callId: call.id, allowed: false, by: "mode" });
    return refusalText(mode, access, runsCode);
  }
  const request = { callId: call.id, tool: call.name, access, subject, ...(edit ? { edit } : {}) };
  run.emit({ kind: "approvalAsked", turn, request: { callId: call.id, tool: call.name, access, subject } });
  const { allowed, note } = await run.ports.approver.approve(request, run.stopped);
  if (run.stopped.aborted) {
    run.emit({ kind: "approvalAnswered", turn, callId: call.id, allowed: false, by: "stop" });
    return NOT_RUN;
  }
  run.emit({ kind: "approvalAnswered", turn, callId: call.id, allowed, by: "user" });
  return allowed ? null : declinedText(access, note);
}

function declinedText(access: ToolAccess, note: string | undefined): string {
  const what = access === "command" ? "command" : "edit";
  return note
    ? `The user declined this ${what}: ${note}`
    : `The user declined this ${what}. Do not try it again; ask or find another way.`;
}

/** Tools answer with values; a bug in one becomes a failed result here, so that the run goes on. */
function perform(run: ActiveRun, turn: number, call: ToolCall, prepared: PreparedCall): Promise<ToolResult> {
  const onOutput = (text: string) => run.emit({ kind: "toolOutput", turn, callId: call.id, text });
  return run.withDeadline(run.landingMs(), async (deadline) => {
    const signal = AbortSignal.any([run.stopped, deadline]);
    try {
      return await prepared.run({ turn, callId: call.id, signal, timeLeftMs: run.timeLeftMs(), onOutput });
    } catch (error) {
      return { ok: false, text: `${call.name} failed: ${messageOf(error)}` };
    }
  });
}

async function conclude(
  run: ActiveRun,
  turn: number,
  call: ToolCall,
  subject: string,
  startedAt: number,
  result: ToolResult,
): Promise<ToolResult> {
  const { outputs, counter, clock } = run.ports;
  const whole = TURN_TOKENS - resultTokens(run, turn);
  const { text, tokens, truncated } = await fitResult(result, counter, () => outputs.save(call.id, result.text), whole);
  const { ok, exitCode = null, changes = [], check = null } = result;
  const ms = clock.now() - startedAt;
  const common = { turn, callId: call.id, tool: call.name, subject, ok, exitCode, changes, check };
  run.emit({ kind: "toolEnded", ...common, text, resultTokens: tokens, truncated, ms });
  if (result.plan) run.emit({ kind: "planned", turn, items: result.plan });
  if (result.wish) run.emit({ kind: "extensionWished", turn, wish: result.wish });
  return result;
}

/** Tokens that the results of one turn may have together before further ones are cut short. */
const TURN_TOKENS = 40_000;
const USUAL_BYTES_PER_TOKEN = 3;

/** Tokens of the results in this turn so far, estimated where they were not counted. */
function resultTokens(run: ActiveRun, turn: number): number {
  const calls = run.state.turns.findLast((record) => record.turn === turn)?.calls ?? [];
  const estimate = (text: string) => Math.ceil(run.ports.counter.bound(text) / USUAL_BYTES_PER_TOKEN);
  return calls.reduce((sum, call) => sum + (call.resultTokens ?? estimate(call.text)), 0);
}
