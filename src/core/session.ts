import { ActiveRun, firstConversation } from "./activeRun";
import type { Outcome, StampedEvent } from "./agentEvent";
import { runAgent } from "./agentLoop";
import { append } from "./conversation";
import type { RunListener } from "./engine";
import { CONTINUE, SYSTEM_PROMPT } from "./prompt";
import { rebuildConversation } from "./rebuild";
import { foldRun, reduceRun } from "./reduceRun";
import type { Caps, RunConfig } from "./runConfig";
import type { RunPorts } from "./runPorts";
import type { RunState } from "./runState";
import { inputTokens } from "./usage";

/** Starts a run. The returned run is already under way; `ended` settles with its outcome and never rejects. */
export async function startRun(config: RunConfig, ports: RunPorts, listener?: RunListener): Promise<ActiveRun> {
  const started: StampedEvent = {
    ...{ kind: "started", config, system: SYSTEM_PROMPT, seq: 0, at: ports.clock.now() },
    tools: JSON.stringify(ports.tools.map((tool) => tool.spec)),
  };
  const factor = await ports.books.inputFactor(config.model.id);
  const run = new ActiveRun(ports, reduceRun(null, started), 1, firstConversation(SYSTEM_PROMPT, config.task), factor);
  await ports.record(started);
  listener?.(started, run.state);
  return begin(run, listener);
}

export interface Continuation {
  readonly message: string | null;
  readonly caps: Caps;
  readonly extraTurns: number;
  /** What may have changed since: connection and approval are the user's to choose anew. */
  readonly config: Pick<RunConfig, "approval" | "price" | "model">;
}

/** Goes on with a recorded run: the same conversation, the same counters, under new caps. */
export async function resumeRun(
  events: readonly StampedEvent[],
  next: Continuation,
  ports: RunPorts,
  listener?: RunListener,
): Promise<ActiveRun> {
  const past = foldRun(events);
  const state = { ...past, config: { ...past.config, ...next.config } };
  const factor = await ports.books.inputFactor(state.config.model.id);
  const run = new ActiveRun(ports, state, (events.at(-1)?.seq ?? 0) + 1, rebuildConversation(events), factor);
  if (listener) run.onEvent(listener);
  recallReport(run, past);
  run.emit({ kind: "resumed", caps: next.caps, limit: resumedLimit(state, next), config: next.config });
  const text = next.message ?? CONTINUE;
  run.emit({ kind: "userMessage", text });
  run.conversation = append(run.conversation, { role: "user", text });
  return begin(run);
}

/** The bound of the first prompt starts from what the same model last reported, as it would have without the stop. */
function recallReport(run: ActiveRun, past: RunState): void {
  const last = past.turns.at(-1)?.charges.at(-1);
  const { messages, sent } = run.conversation;
  if (!last || last.provenance === "estimated" || past.config.model.id !== run.state.config.model.id) return;
  run.bound.report(messages.slice(0, sent), inputTokens(last.usage));
}

/** The turn limit a run goes on under: what it had and what is added, within the cap in turns. `null` = none. */
export function resumedLimit(past: RunState, next: Pick<Continuation, "caps" | "extraTurns">): number | null {
  const { turns } = next.caps;
  if (past.limit === null) return turns;
  return Math.min(past.limit + next.extraTurns, turns ?? Number.POSITIVE_INFINITY);
}

async function begin(run: ActiveRun, listener?: RunListener): Promise<ActiveRun> {
  if (listener) run.onEvent(listener);
  await run.openScope();
  run.ended = runAgent(run).catch((error: unknown) => endBroken(run, error));
  return run;
}

/** The border for bugs and for a store that cannot be written: the run ends with a named outcome all the same. */
async function endBroken(run: ActiveRun, error: unknown): Promise<Outcome> {
  const outcome: Outcome = { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  run.emit({ kind: "ended", outcome });
  await run.flush().catch(() => {});
  return outcome;
}
