import type { ActiveRun } from "./activeRun";
import type { HandOff, Outcome, StopReason } from "./agentEvent";
import { append, type Conversation, markSent, withTail } from "./conversation";
import { callModel } from "./modelCall";
import { LANDING_REASONS, landingInstruction, WITHHELD } from "./prompt";
import type { Unit } from "./runConfig";
import type { RunState } from "./runState";

/** The unit whose cap a reason to stop is about. */
export const UNIT_OF: { readonly [reason in StopReason]: Unit | null } = {
  turns: "turns",
  dollars: "usd",
  tokens: "tokens",
  time: "minutes",
  stuck: null,
  user: null,
};

export function stopReasonOf(unit: "usd" | "tokens"): StopReason {
  return unit === "usd" ? "dollars" : "tokens";
}

/**
 * The orderly end: one last call, for which turn, money and time were held back from the first turn on, tells what was
 * changed, verified and left. When even that does not fit, or fails, the note holds the facts that need no model.
 */
export async function land(run: ActiveRun, why: StopReason): Promise<Outcome> {
  const turn = run.state.turns.length + 1;
  run.emit({ kind: "landing", turn, why, unit: UNIT_OF[why] });
  const said = run.stopped.aborted ? "" : await closingWords(run, turn, why);
  run.emit({ kind: "noted", note: handOff(run.state, said) });
  return run.interrupted ? { kind: "interrupted", reason: "the process was asked to end" } : { kind: "stopped", reason: why };
}

async function closingWords(run: ActiveRun, turn: number, why: StopReason): Promise<string> {
  const { limit } = run.state;
  if ((limit !== null && turn > limit) || run.timeLeftMs() === 0) return "";
  const tail = landingInstruction(LANDING_REASONS[why]);
  const before = run.conversation;
  for (const withheld of [false, true]) {
    run.conversation = withTail(withheld ? withholdResults(before) : before, tail);
    const end = await callModel(run, { turn, purpose: "landing", tail, withheld });
    if (end.kind === "short" && run.state.turns.length < turn) continue;
    if (end.kind !== "answered") return "";
    const { text } = end.answer;
    run.emit({ kind: "assistant", turn, text, toolCalls: [] });
    run.conversation = append(markSent(run.conversation), { role: "assistant", text, toolCalls: [] });
    return text;
  }
  run.conversation = before;
  return "";
}

/** Results that no provider has seen yet may still be left out, so that the landing fits what is left. */
export function withholdResults(conversation: Conversation): Conversation {
  const messages = conversation.messages.map((message, index) =>
    index >= conversation.sent && message.role === "tool" && message.text.length > WITHHELD.length
      ? { ...message, text: WITHHELD }
      : message,
  );
  return { ...conversation, messages };
}

/** What can be said of a run without asking a model. */
export function handOff(state: RunState, text: string): HandOff {
  const calls = state.turns.flatMap((turn) => turn.calls);
  const changed = [...new Set(calls.flatMap((call) => call.changes).map((change) => change.path))];
  return { text, changed, lastCheck: calls.findLast((call) => call.check !== null)?.check ?? null };
}
