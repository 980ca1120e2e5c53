import type { ActiveRun } from "./activeRun";
import type { Outcome, StopReason } from "./agentEvent";
import { handOff } from "./handOff";
import { callModel } from "./modelCall";
import { LANDING_REASONS, landingInstruction } from "./prompt";
import type { Unit } from "./runConfig";

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
  const { limit, turns } = run.state;
  // Where nothing was done there is nothing to hand off, and nothing worth paying for.
  if (turns.length === 0 || (limit !== null && turn > limit) || run.timeLeftMs() === 0) return "";
  const tail = landingInstruction(LANDING_REASONS[why]);
  for (const withheld of [false, true]) {
    const end = await callModel(run, { turn, purpose: "landing", tail, withheld });
    if (end.kind === "short" && run.state.turns.length < turn) continue;
    if (end.kind !== "answered") return "";
    const { text } = end.answer;
    run.emit({ kind: "assistant", turn, text, toolCalls: [] });
    return text;
  }
  return "";
}
