import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { SYSTEM_PROMPT } from "../../src/core/prompt";

/** A plain agent over HTTP with the tools' real effects, apart from Turnpike's own loop and tools. */
export interface Player {
  readonly url: string;
  readonly workspace: string;
  readonly task: string;
  readonly system?: string;
  /** The conversation so far; default: the task. */
  readonly messages?: readonly WireMessage[];
  readonly mostTurns?: number;
  /** What is answered in place of running a tool, the first `mostRefusals` times. */
  readonly refuse?: { readonly [tool: string]: string };
  readonly mostRefusals?: number;
  /** How often `finish` is sent back. */
  readonly finishRefusals?: number;
  readonly toolChoice?: "none";
  readonly limit?: { readonly max_tokens?: number; readonly max_completion_tokens?: number };
}

export interface WireMessage {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly WireCall[];
  readonly tool_call_id?: string;
}

type WireCall = {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: string };
};

const Usage = v.object({
  prompt_tokens: v.number(),
  completion_tokens: v.number(),
  total_tokens: v.number(),
  prompt_tokens_details: v.object({ cached_tokens: v.number() }),
  completion_tokens_details: v.object({ reasoning_tokens: v.number() }),
});

const Delta = v.object({
  content: v.optional(v.string(), ""),
  reasoning_content: v.optional(v.string(), ""),
  tool_calls: v.optional(
    v.array(
      v.object({
        index: v.number(),
        id: v.optional(v.string()),
        function: v.object({ name: v.optional(v.string()), arguments: v.string() }),
      }),
    ),
    [],
  ),
});
const Chunk = v.object({
  choices: v.array(v.object({ delta: Delta, finish_reason: v.nullable(v.string()) })),
  usage: v.optional(Usage),
});

export interface Answer {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  readonly finish: string | null;
  readonly usage: v.InferOutput<typeof Usage>;
}

export const REFUSED_BY_MODE = "Not allowed: this run may only read. Go on without it, or say what you would do.";
export const TOOLS = ["read_file", "edit_file", "list_files", "search_text", "run_command", "finish"].map((name) => ({
  type: "function",
  function: { name, description: `The tool ${name}.`, parameters: { type: "object", properties: { path: { type: "string" } } } },
}));

/** Runs a session until it finishes, answers in text, or has had its turns. */
export async function play(player: Player) {
  const messages: WireMessage[] = [...(player.messages ?? [{ role: "user", content: player.task }])];
  const answers: Answer[] = [];
  const verdicts: boolean[] = [];
  let refusals = player.mostRefusals ?? Number.POSITIVE_INFINITY;
  let finishRefusals = player.finishRefusals ?? 0;
  while (answers.length < (player.mostTurns ?? 40)) {
    const answer = await ask(player, messages);
    answers.push(answer);
    const tool_calls = answer.calls.map(({ id, ...call }) => ({ id, type: "function" as const, function: call }));
    messages.push({ role: "assistant", content: answer.text || null, ...(tool_calls.length > 0 ? { tool_calls } : {}) });
    for (const call of answer.calls) {
      const refusal = player.refuse?.[call.name];
      const refused = refusal !== undefined && refusals > 0;
      if (refused) refusals -= 1;
      const content = refused
        ? refusal
        : finishRefusals > 0 && call.name === "finish"
          ? "The task asks for a change, but no file has changed."
          : perform(player.workspace, call);
      if (call.name === "finish" && finishRefusals-- <= 0) {
        messages.push({ role: "tool", tool_call_id: call.id, content: "finished" });
        return { messages, answers, verdicts };
      }
      if (call.name === "run_command" && !refused) verdicts.push(content.endsWith("[exit 0 after 0.1 s]"));
      messages.push({ role: "tool", tool_call_id: call.id, content });
    }
    if (answer.calls.length === 0) break;
  }
  return { messages, answers, verdicts };
}

/** One request, read from its stream. */
export async function ask(
  { url, system = SYSTEM_PROMPT, toolChoice, limit = {} }: Player,
  messages: readonly WireMessage[],
): Promise<Answer> {
  const response = await fetch(`${url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      ...{ model: "turnpike-demo", tools: TOOLS, messages: [{ role: "system", content: system }, ...messages], stream: true },
      ...(toolChoice ? { tool_choice: toolChoice } : {}),
      ...{ stream_options: { include_usage: true }, ...limit },
    }),
  });
  const events = (await response.text()).split("\n\n").map((event) => event.replace(/^data: /, ""));
  const chunks = events.filter((event) => event !== "" && event !== "[DONE]").map((event) => v.parse(Chunk, JSON.parse(event)));
  const deltas = chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.delta));
  const calls: { id: string; name: string; arguments: string }[] = [];
  for (const piece of deltas.flatMap((delta) => delta.tool_calls)) {
    const call = calls[piece.index] ?? { id: piece.id ?? "", name: piece.function.name ?? "", arguments: "" };
    calls[piece.index] = { ...call, arguments: call.arguments + piece.function.arguments };
  }
  const usage = chunks.at(-1)?.usage;
  if (!usage) throw new Error(`no usage in ${events.length} events`);
  return {
    text: deltas.map((delta) => delta.content).join(""),
    reasoning: deltas.map((delta) => delta.reasoning_content).join(""),
    calls,
    finish: chunks.flatMap((chunk) => chunk.choices).findLast((choice) => choice.finish_reason)?.finish_reason ?? null,
    usage,
  };
}

const Args = v.object({
  path: v.optional(v.string(), ""),
  pattern: v.optional(v.string(), ""),
  command: v.optional(v.string(), ""),
  edits: v.optional(v.array(v.object({ old: v.string(), new: v.string() })), []),
});

function perform(workspace: string, call: { readonly name: string; readonly arguments: string }): string {
  const args = v.parse(Args, JSON.parse(call.arguments));
  const file = path.join(workspace, args.path);
  switch (call.name) {
    case "list_files":
      return filesIn(workspace).join("\n");
    case "read_file":
      return readFileSync(file, "utf8");
    case "search_text":
      return filesIn(workspace)
        .filter((name) => readFileSync(path.join(workspace, name), "utf8").match(args.pattern))
        .join("\n");
    case "edit_file": {
      const before = readFileSync(file, "utf8");
      for (const edit of args.edits) if (before.split(edit.old).length !== 2) return `\`old\` was not found in ${args.path}.`;
      writeFileSync(
        file,
        args.edits.reduce((text, edit) => text.replace(edit.old, () => edit.new), before),
      );
      return `edited ${args.path} (+1 -1 lines)`;
    }
    case "run_command": {
      // What `npm test` stands for in the sample, without the half second npm takes.
      if (args.command !== "npm test") return "[exit 127 after 0.1 s]";
      const test = ["--test", "--test-reporter=spec"];
      const run = spawnSync(process.execPath, test, { cwd: workspace, encoding: "utf8" });
      return `${run.stdout}${run.stderr}[exit ${run.status} after 0.1 s]`;
    }
    default:
      return `There is no tool "${call.name}".`;
  }
}

function filesIn(workspace: string): string[] {
  return readdirSync(workspace, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(workspace, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}
