import * as v from "valibot";
import type { Outcome } from "../core/agentEvent";
import { strongest } from "../core/recordedAction";
import type { TurnAction } from "../core/recordedRun";
import { actionOfTool, roughTokens } from "./importActions";
import { baseName } from "./importClaude";
import { jsonOf, readLines } from "./importLines";
import {
  count,
  DONE,
  type FoundCall,
  type FoundRun,
  left,
  NOTHING_WHOLE,
  newCall,
  Recent,
  soft,
  taskText,
  timeFrom,
  usageFrom,
} from "./importRun";
import type { ReadWatch } from "./importTally";

/**
 * A rollout file of Codex CLI: JSON lines in `~/.codex/sessions/<year>/<month>/<day>/rollout-*.jsonl`, each
 * `{timestamp, type, payload}`. A call is told by a `token_count` event with the usage of the last call beside the sum of
 * the session; such an event may be written again, and then the sum has not moved. Input includes what was cached. A
 * session that was forked begins with a copy of another's lines under new times; sums tell the copies.
 */
export async function* codexRuns(file: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  const run = await codexRun(file, watch);
  if (run) yield run;
}

async function codexRun(file: string, watch: ReadWatch): Promise<FoundRun | null> {
  const session = new CodexSession(file, watch);
  watch.tally.lines(await readLines(file, (...line) => session.take(...line), watch));
  return session.run();
}

const Line = v.object({ type: v.string(), timestamp: soft(v.string()), payload: v.looseObject({ type: soft(v.string()) }) });
const Meta = v.object({
  id: soft(v.string()),
  cwd: soft(v.string()),
  forked_from_id: soft(v.string()),
  // A word for a session that people began, and what it was begun by for a sub-agent's.
  source: soft(v.union([v.string(), v.looseObject({ subagent: v.unknown() })])),
});
const Context = v.object({ model: soft(v.string()), cwd: soft(v.string()) });
const Tokens = v.object({
  input_tokens: count,
  cached_input_tokens: count,
  cache_write_input_tokens: count,
  output_tokens: count,
  reasoning_output_tokens: count,
});
type Tokens = v.InferOutput<typeof Tokens>;
const TokenCount = v.object({
  info: soft(v.object({ total_token_usage: soft(Tokens), last_token_usage: soft(Tokens) })),
});
const ToolCall = v.object({
  call_id: soft(v.string()),
  name: soft(v.string()),
  arguments: soft(v.string()),
  input: soft(v.string()),
  action: v.optional(v.unknown()),
});
const ToolOutput = v.object({ call_id: v.string(), output: v.optional(v.unknown()) });
const UserMessage = v.object({ message: v.string() });

/** Results come soon after their calls. */
const RECENT_CALLS = 2_000;
const CALLS = new Set(["function_call", "custom_tool_call", "local_shell_call"]);
const OUTPUTS = new Set(["function_call_output", "custom_tool_call_output"]);
const KNOWN = new Set(["session_meta", "turn_context", "event_msg", "response_item", "compacted", "world_state"]);
const NO_TOKENS: Tokens = v.parse(Tokens, {});

class CodexSession {
  readonly #calls: FoundCall[] = [];
  /** Tools the model has asked for since the last call was counted. */
  #asked: { readonly id: string | null; readonly action: TurnAction }[] = [];
  readonly #byTool = new Recent<FoundCall>(RECENT_CALLS);
  #total: Tokens | null = null;
  #model: string | null = null;
  #task: string | null = null;
  #cwd: string | null = null;
  /** The first session of a family of forks: their sums go on from one another. */
  #family: string | null = null;
  #isPiece = false;
  #startedAt: number | null = null;
  #endedAt: number | null = null;
  #outcome: Outcome | null = null;

  constructor(
    private readonly file: string,
    private readonly watch: ReadWatch,
  ) {}

  take(bytes: Buffer, unfinished: boolean): void {
    const value = jsonOf(bytes);
    const parsed = v.safeParse(Line, value);
    if (!parsed.success) {
      if (value === undefined) this.watch.tally.badLines += unfinished ? 0 : 1;
      else this.watch.tally.unknown(typeof value === "object" && value && "type" in value ? String(value.type) : "(no type)");
      return;
    }
    const { type, timestamp, payload } = parsed.output;
    const at = timeFrom(timestamp);
    if (at !== null) {
      this.#startedAt = Math.min(this.#startedAt ?? at, at);
      this.#endedAt = Math.max(this.#endedAt ?? at, at);
    }
    if (!KNOWN.has(type)) this.watch.tally.unknown(type);
    else this.#line(type === "event_msg" || type === "response_item" ? (payload.type ?? "") : type, payload, at);
  }

  run(): FoundRun | null {
    const last = this.#calls.at(-1);
    if (!last) return null;
    const ended = last.action === "none" ? DONE : left("the session was left before a tool's result was answered");
    return {
      source: "codex",
      sourceId: this.file,
      isPiece: this.#isPiece,
      task: taskText(this.#task ?? ""),
      project: this.#cwd === null ? null : { name: baseName(this.#cwd), path: this.#cwd },
      outcome: this.#outcome ?? ended,
      ...{ resolved: null, model: null, startedAt: this.#startedAt, endedAt: this.#endedAt, whole: NOTHING_WHOLE },
      calls: this.#calls,
    };
  }

  #line(kind: string, payload: unknown, at: number | null): void {
    if (kind === "session_meta" && v.is(Meta, payload)) this.#meta(v.parse(Meta, payload));
    else if (kind === "turn_context") this.#context(payload);
    else if (kind === "token_count") this.#counted(payload, at);
    else if (kind === "user_message" && v.is(UserMessage, payload)) this.#said(payload.message);
    else if (kind === "task_complete") this.#outcome = DONE;
    else if (kind === "turn_aborted") this.#outcome = left("the user stopped it");
    else if (CALLS.has(kind)) this.#tool(kind, payload);
    else if (OUTPUTS.has(kind)) this.#output(payload);
  }

  /** A fork has the header of what it was forked from after its own. */
  #meta({ id, cwd, forked_from_id: forkedFrom, source }: v.InferOutput<typeof Meta>): void {
    if (this.#family === null) this.#isPiece = typeof source === "object" && source !== null;
    this.#family = forkedFrom ?? id ?? this.#family;
    this.#cwd ??= cwd;
  }

  #context(payload: unknown): void {
    const parsed = v.safeParse(Context, payload);
    if (!parsed.success) return;
    this.#model = parsed.output.model ?? this.#model;
    this.#cwd ??= parsed.output.cwd;
  }

  #said(message: string): void {
    this.#task ??= message;
    this.#outcome = null;
  }

  #counted(payload: unknown, at: number | null): void {
    const parsed = v.safeParse(TokenCount, payload);
    const info = parsed.success ? parsed.output.info : null;
    const total = info?.total_token_usage ?? null;
    const told = info?.last_token_usage && sum(info.last_token_usage) > 0 ? info.last_token_usage : null;
    if (total && this.#total && same(total, this.#total)) return;
    const last = told ?? (total && since(total, this.#total ?? NO_TOKENS));
    if (total) this.#total = total;
    if (!last || sum(last) === 0) return;
    const key = total && this.#family !== null ? `${this.#family}:${Object.values(total)}:${Object.values(last)}` : null;
    const action = strongest(this.#asked.map((asked) => asked.action));
    const call = newCall({ key, at, model: this.#model, usage: usageOf(last), action, result: 0 });
    for (const { id } of this.#asked) if (id !== null) this.#byTool.set(id, call);
    this.#asked = [];
    this.#calls.push(call);
  }

  #tool(kind: string, payload: unknown): void {
    const parsed = v.safeParse(ToolCall, payload);
    if (!parsed.success) return;
    const { call_id: id, name, arguments: text, input, action } = parsed.output;
    const given = kind === "local_shell_call" ? action : text === null ? { input } : jsonOf(Buffer.from(text));
    this.#asked.push({ id, action: actionOfTool(name ?? "shell", given) });
  }

  #output(payload: unknown): void {
    const parsed = v.safeParse(ToolOutput, payload);
    if (!parsed.success) return;
    const { call_id: id, output } = parsed.output;
    const text = typeof output === "string" ? output : JSON.stringify(output ?? "");
    // The call may not be counted yet.
    const call = this.#byTool.get(id) ?? this.#calls.at(-1);
    if (!call) return;
    call.failed ||= FAILED.test(text.slice(0, HEAD_CHARS)) || FAILED.test(text.slice(-HEAD_CHARS));
    call.result = (call.result ?? 0) + roughTokens(text.length);
  }
}

/** Where the exit code stands: before the output in the newer forms, after it in the older. */
const HEAD_CHARS = 400;
const FAILED = /(?:"exit_code"\s*:|^Exit code:|Process exited with code)\s*-?[1-9]|"success"\s*:\s*false/m;

function usageOf(tokens: Tokens) {
  return usageFrom({
    prompt_tokens: tokens.input_tokens,
    completion_tokens: tokens.output_tokens,
    prompt_tokens_details: {
      cached_tokens: tokens.cached_input_tokens,
      ...(tokens.cache_write_input_tokens > 0 ? { cache_write_tokens: tokens.cache_write_input_tokens } : {}),
    },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning_output_tokens },
  });
}

function sum(tokens: Tokens): number {
  return tokens.input_tokens + tokens.output_tokens;
}

function same(a: Tokens, b: Tokens): boolean {
  return Object.values(a).join() === Object.values(b).join();
}

/** What was added since a sum; a sum that has fallen was begun anew. */
function since(total: Tokens, before: Tokens): Tokens {
  if (sum(total) < sum(before)) return total;
  return {
    input_tokens: Math.max(0, total.input_tokens - before.input_tokens),
    cached_input_tokens: Math.max(0, total.cached_input_tokens - before.cached_input_tokens),
    cache_write_input_tokens: Math.max(0, total.cache_write_input_tokens - before.cache_write_input_tokens),
    output_tokens: Math.max(0, total.output_tokens - before.output_tokens),
    reasoning_output_tokens: Math.max(0, total.reasoning_output_tokens - before.reasoning_output_tokens),
  };
}
