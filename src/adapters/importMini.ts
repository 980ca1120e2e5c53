import path from "node:path";
import * as v from "valibot";
import type { Outcome } from "../core/agentEvent";
import { strongest } from "../core/recordedAction";
import { actionOfCommand, roughTokens } from "./importActions";
import { jsonOf } from "./importLines";
import { DONE, type FoundCall, type FoundRun, left, moneyFrom, newCall, soft, taskText, usageFrom } from "./importRun";
import type { ReadWatch } from "./importTally";
import { readWhole, writtenAt } from "./importWhole";

const Extra = v.object({
  response: soft(v.object({ id: soft(v.string()), model: soft(v.string()), usage: v.optional(v.unknown()) })),
  cost: soft(v.number()),
  timestamp: soft(v.number()),
  actions: soft(v.array(v.object({ command: soft(v.string()) }))),
  returncode: soft(v.number()),
});
const Message = v.object({
  role: soft(v.string()),
  content: v.optional(v.unknown()),
  tool_calls: soft(v.array(v.object({ function: soft(v.object({ arguments: soft(v.string()) })) }))),
  extra: soft(Extra),
  // Of the responses interface, where an answer is kept as it came.
  object: soft(v.string()),
  usage: v.optional(v.unknown()),
});
type Message = v.InferOutput<typeof Message>;

const Trajectory = v.object({
  instance_id: soft(v.string()),
  info: v.object({
    exit_status: soft(v.string()),
    model_stats: soft(v.object({ instance_cost: soft(v.number()) })),
    config: soft(
      v.object({
        model: soft(v.object({ model_name: soft(v.string()) })),
        environment: soft(v.object({ cwd: soft(v.string()) })),
      }),
    ),
    resolved: soft(v.boolean()),
  }),
  messages: v.array(Message),
});

/**
 * A run of mini-swe-agent: one JSON text, `*.traj.json`. Every assistant message is a call; newer versions keep the
 * provider's answer beside it. The sum of the costs is the agent's own; calls without one share it by their list prices.
 */
export async function* miniRuns(file: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  const parsed = v.safeParse(Trajectory, await readWhole(file, watch));
  if (!parsed.success) throw new Error("it is not a trajectory of mini-swe-agent: it needs info and messages");
  const { info, messages, instance_id } = parsed.output;
  const calls = callsOf(messages);
  if (calls.length === 0) return;
  const endedAt = (calls.at(-1)?.at ?? null) === null ? await writtenAt(file) : (calls.at(-1)?.at ?? null);
  const cwd = info.config?.environment?.cwd ?? null;
  yield {
    ...{ source: "mini-swe-agent", sourceId: file, isPiece: false, resolved: info.resolved },
    task: instance_id ?? firstTask(messages) ?? path.basename(file).replace(/\.traj\.json$/, ""),
    project: cwd ? { name: path.posix.basename(cwd), path: cwd } : null,
    outcome: miniOutcome(info.exit_status ?? ""),
    model: info.config?.model?.model_name ?? null,
    ...{ startedAt: calls[0]?.at ?? endedAt, endedAt, calls },
    whole: { usage: null, usd: moneyFrom(info.model_stats?.instance_cost) },
  };
}

function callsOf(messages: readonly Message[]): readonly FoundCall[] {
  const calls: FoundCall[] = [];
  for (const message of messages) {
    const { role, extra } = message;
    if (role === "assistant" || message.object === "response" || extra?.response) calls.push(callOf(message));
    else if (role !== "system") answered(calls.at(-1), message);
  }
  return calls;
}

function callOf(message: Message): FoundCall {
  const { extra } = message;
  const response = extra?.response;
  const seconds = extra?.timestamp ?? null;
  return newCall({
    at: seconds === null ? null : Math.round(seconds * 1000),
    model: response?.model ?? null,
    usage: usageFrom(response?.usage ?? message.usage),
    usd: moneyFrom(extra?.cost),
    action: strongest(commandsOf(message).map(actionOfCommand)),
    result: 0,
  });
}

function answered(call: FoundCall | undefined, message: Message): void {
  if (!call) return;
  const text = textOf(message.content);
  const code = message.extra?.returncode ?? Number(/<returncode>\s*(-?\d+)/.exec(text)?.[1] ?? 0);
  call.failed ||= code !== 0;
  call.result = (call.result ?? 0) + roughTokens(text.length);
}

function commandsOf({ extra, tool_calls: calls, content }: Message): readonly string[] {
  const told = extra?.actions?.flatMap(({ command }) => command ?? []);
  if (told && told.length > 0) return told;
  const asked = calls?.flatMap((call) => commandIn(call.function?.arguments ?? null));
  if (asked && asked.length > 0) return asked;
  return [...textOf(content).matchAll(/```(?:mswea_bash_command|bash|sh)\s*\n([\s\S]*?)\n?```/g)].map(
    ([, command]) => command ?? "",
  );
}

const WithCommand = v.object({ command: v.string() });

function commandIn(text: string | null): readonly string[] {
  const value = text === null ? null : jsonOf(Buffer.from(text));
  return v.is(WithCommand, value) ? [value.command] : [];
}

const TextPart = v.object({ text: v.string() });

export function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  return Array.isArray(content) ? content.map((part: unknown) => (v.is(TextPart, part) ? part.text : "")).join("\n") : "";
}

function firstTask(messages: readonly Message[]): string | null {
  const text = taskText(textOf(messages.find(({ role }) => role === "user")?.content));
  return text === "" ? null : text;
}

/** Agents of this family name their end: submitted, or by the limit or fault that ended them. */
export function miniOutcome(status: string): Outcome {
  if (/^submitted$/i.test(status)) return DONE;
  if (/cost/i.test(status)) return { kind: "stopped", reason: "dollars" };
  if (/limit|exceeded/i.test(status) && !/context|format/i.test(status)) return { kind: "stopped", reason: "turns" };
  if (/time/i.test(status)) return { kind: "stopped", reason: "time" };
  if (/interrupt|user/i.test(status)) return left("the user stopped it");
  return status === "" ? left("the record does not say how it ended") : { kind: "failed", reason: status.slice(0, 200) };
}
