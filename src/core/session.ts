import { ActiveRun } from "./activeRun";
import type { Charge, Outcome, Segment, SegmentPrices, StampedEvent } from "./agentEvent";
import { runAgent } from "./agentLoop";
import type { RunListener } from "./engine";
import { messageOf } from "./errors";
import { handOff } from "./handOff";
import { CONTINUE, changedSinceText, SYSTEM_PROMPT } from "./prompt";
import type { Caps, RunConfig } from "./runConfig";
import type { RunPorts } from "./runPorts";
import type { RunState } from "./runState";
import { freshStart } from "./segment";
import { inputTokens } from "./usage";

/** Starts a run. The returned run is already under way; `ended` settles with its outcome and never rejects. */
export async function startRun(config: RunConfig, ports: RunPorts, listener?: RunListener): Promise<ActiveRun> {
  const tools = JSON.stringify(ports.tools.map((tool) => tool.spec));
  const started: StampedEvent = { kind: "started", config, system: SYSTEM_PROMPT, tools, seq: 0, at: ports.clock.now() };
  const factor = await ports.books.inputFactor(config.model.id);
  const run = new ActiveRun(ports, [started], factor);
  await ports.record(started);
  if (listener) run.onEvent(listener);
  run.tell(started);
  return begin(run);
}

export interface Continuation {
  readonly message: string | null;
  /** Whether the conversation goes on, or a fresh one starts with `diff`, the changes so far as text; what either costs. */
  readonly segment: Segment;
  readonly prices: SegmentPrices;
  readonly diff: string;
  /** Files that do not hold what the run left in them. */
  readonly changedSince: readonly string[];
  readonly caps: Caps;
  readonly extraTurns: number;
  /** What may have changed since: connection and approval are the user's to choose anew. */
  readonly config: Pick<RunConfig, "approval" | "price" | "model">;
}

/** Goes on with a recorded run: the same counters, under new caps, in the same conversation or in a fresh one. */
export async function resumeRun(
  events: readonly StampedEvent[],
  next: Continuation,
  ports: RunPorts,
  listener?: RunListener,
): Promise<ActiveRun> {
  const factor = await ports.books.inputFactor(next.config.model.id);
  const run = new ActiveRun(ports, events, factor, next.config.model.id);
  if (listener) run.onEvent(listener);
  const { segment, prices, caps, config, diff } = next;
  const isSame = segment === "same";
  if (isSame && run.state.config.model.id === config.model.id) recallReport(run, events);
  const shown = next.message ?? CONTINUE;
  const { messages } = run.state;
  // A run whose process died left no note.
  const note = run.state.note ?? handOff(run.state, "");
  const asked = messages
    .map(({ text }) => text)
    .filter((text) => text !== CONTINUE)
    .join("\n\n");
  run.emit({ kind: "resumed", caps, limit: resumedLimit(run.state, next), config, segment, prices });
  const said = next.changedSince.length === 0 ? shown : `${shown}\n\n${changedSinceText(next.changedSince)}`;
  const text = isSame ? said : freshStart(asked, note, diff, said);
  run.emit({ kind: "userMessage", text, ...(text === shown ? {} : { shown }) });
  return begin(run);
}

/** The bound of the first prompt starts from what was reported for the last answer, as it would have without the stop. */
function recallReport(run: ActiveRun, events: readonly StampedEvent[]): void {
  const answer = events.findLastIndex((event) => event.kind === "assistant");
  const charged = events.slice(0, answer).findLast((event) => event.kind === "charged");
  if (charged?.kind !== "charged" || !isReport(charged.charge)) return;
  const { messages, sent } = run.conversation;
  run.bound.report(messages.slice(0, sent), inputTokens(charged.charge.usage));
}

/** Tokens as the provider counted them, not as they were estimated or could not be known. */
function isReport({ provenance, usage }: Charge): boolean {
  return (provenance === "reported" || provenance === "priced") && inputTokens(usage) > 0;
}

/** The turn limit a run goes on under: what it had and what is added, within the cap in turns. `null` = none. */
export function resumedLimit(past: RunState, next: Pick<Continuation, "caps" | "extraTurns">): number | null {
  const { turns } = next.caps;
  if (past.limit === null) return turns;
  return Math.min(past.limit + next.extraTurns, turns ?? Number.POSITIVE_INFINITY);
}

function begin(run: ActiveRun): ActiveRun {
  const going = run.openScope().then(() => runAgent(run));
  run.ended = going.catch((error: unknown) => endBroken(run, error));
  return run;
}

/** The border for bugs and for a store that cannot be written: the run ends with a named outcome all the same. */
async function endBroken(run: ActiveRun, error: unknown): Promise<Outcome> {
  const outcome: Outcome = { kind: "failed", reason: messageOf(error) };
  if (run.state.note === null) run.emit({ kind: "noted", note: handOff(run.state, "") });
  run.emit({ kind: "ended", outcome });
  await run.flush().catch(() => {});
  return outcome;
}
