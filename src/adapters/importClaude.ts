import path from "node:path";
import * as v from "valibot";
import type { Outcome } from "../core/agentEvent";
import { strongest } from "../core/recordedAction";
import { actionOfTool, roughTokens } from "./importActions";
import { jsonOf, readLines } from "./importLines";
import {
  DONE,
  type FoundCall,
  type FoundRun,
  left,
  moneyFrom,
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
 * A session file of Claude Code: JSON lines in `~/.claude/projects/<folder>/<session>.jsonl`. One answer may stand in
 * several lines, a block each, every one with the message's usage so far: the fullest counts, once. A session that was
 * resumed or forked may begin with a copy of another's lines; a call is named by its message and request, by which the
 * store tells the copies. Calls of sub-agents (side chains) are calls like all others.
 */
export async function* claudeRuns(file: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  const run = await claudeRun(file, watch);
  if (run) yield run;
}

async function claudeRun(file: string, watch: ReadWatch): Promise<FoundRun | null> {
  const session = new ClaudeSession(file, watch);
  watch.tally.lines(await readLines(file, (...line) => session.take(...line), watch));
  return session.run();
}

const Usage = v.looseObject({ output_tokens: soft(v.number()) });

const Line = v.object({
  type: v.string(),
  timestamp: soft(v.string()),
  cwd: soft(v.string()),
  uuid: soft(v.string()),
  requestId: soft(v.string()),
  costUSD: soft(v.number()),
  isMeta: soft(v.boolean()),
  isSidechain: soft(v.boolean()),
  isApiErrorMessage: soft(v.boolean()),
  isCompactSummary: soft(v.boolean()),
  summary: soft(v.string()),
  message: soft(
    v.object({
      id: soft(v.string()),
      model: soft(v.string()),
      usage: soft(Usage),
      content: v.nullish(v.union([v.string(), v.array(v.unknown())]), null),
    }),
  ),
});
type Line = v.InferOutput<typeof Line>;

const ToolUse = v.object({ type: v.literal("tool_use"), id: v.string(), name: v.string(), input: v.optional(v.unknown()) });
const ToolResult = v.object({
  type: v.literal("tool_result"),
  tool_use_id: v.string(),
  is_error: soft(v.boolean()),
  content: v.optional(v.unknown()),
});
const TextBlock = v.object({ type: v.literal("text"), text: v.string() });

/** Kinds of lines that tell nothing of calls. */
const SILENT = new Set(
  `system progress file-history-snapshot queue-operation attachment permission-mode custom-title ai-title agent-name
  last-prompt pr-link tag mode agent-setting worktree-state`.split(/\s+/),
);

/** Lines of one answer stand together, and results soon after. A copy from further off is told by the store. */
const RECENT_CALLS = 2_000;

/** A longer line that holds a tool's result alone is not parsed, only measured. */
const WHOLE_LINE_BYTES = 16 * 1024;

class ClaudeSession {
  readonly #calls: FoundCall[] = [];
  readonly #byKey = new Recent<FoundCall>(RECENT_CALLS);
  readonly #byToolUse = new Recent<FoundCall>(RECENT_CALLS);
  readonly #models = new Map<string, string>();
  #task: string | null = null;
  #title: string | null = null;
  #cwd: string | null = null;
  #startedAt: number | null = null;
  #endedAt: number | null = null;
  #outcome: Outcome = left("the session was left before the answer");

  /** A sub-agent's session may have a file of its own, where its chain is the main one. */
  readonly #isAgent: boolean;

  constructor(
    private readonly file: string,
    private readonly watch: ReadWatch,
  ) {
    this.#isAgent = path.basename(file).startsWith("agent-");
  }

  take(bytes: Buffer, unfinished: boolean): void {
    if (bytes.length > WHOLE_LINE_BYTES && this.#measured(bytes)) return;
    const value = jsonOf(bytes);
    const parsed = v.safeParse(Line, value);
    if (parsed.success) this.#line(parsed.output);
    else if (value !== undefined) this.watch.tally.unknown("(no type)");
    else if (!unfinished) this.watch.tally.badLines += 1;
  }

  run(): FoundRun | null {
    if (this.#calls.length === 0) return null;
    return {
      source: "claude-code",
      sourceId: this.file,
      isPiece: this.#isAgent,
      task: taskText(this.#task ?? this.#title ?? ""),
      project: this.#cwd === null ? null : { name: baseName(this.#cwd), path: this.#cwd },
      outcome: this.#outcome,
      ...{ resolved: null, model: null, startedAt: this.#startedAt, endedAt: this.#endedAt, whole: NOTHING_WHOLE },
      calls: this.#calls,
    };
  }

  #line(line: Line): void {
    if (line.type === "assistant") this.#assistant(line);
    else if (line.type === "user") this.#user(line);
    else if (line.type === "summary") this.#title ??= line.summary;
    else if (!SILENT.has(line.type)) this.watch.tally.unknown(line.type);
  }

  #isAside(line: Line): boolean {
    return line.isSidechain === true && !this.#isAgent;
  }

  #seen(line: Line): number | null {
    const at = timeFrom(line.timestamp);
    this.#cwd ??= line.cwd;
    if (at !== null) {
      this.#startedAt = Math.min(this.#startedAt ?? at, at);
      this.#endedAt = Math.max(this.#endedAt ?? at, at);
    }
    return at;
  }

  #assistant(line: Line): void {
    const at = this.#seen(line);
    const { message } = line;
    // What Claude Code says itself, of errors and limits, was no call.
    if (!message || line.isApiErrorMessage || message.model === "<synthetic>") return;
    const call = this.#callOf(line, at);
    const blocks = typeof message.content === "string" ? [] : (message.content ?? []);
    const uses = blocks.filter((block) => v.is(ToolUse, block));
    for (const use of uses) {
      if (this.#byToolUse.get(use.id)) continue;
      this.#byToolUse.set(use.id, call);
      call.action = strongest([call.action, actionOfTool(use.name, use.input)]);
    }
    if (this.#isAside(line)) return;
    this.#outcome = uses.length > 0 ? left("the session was left before a tool's result was answered") : DONE;
  }

  #callOf(line: Line, at: number | null): FoundCall {
    const { message, requestId, uuid } = line;
    const key = message?.id ? `${message.id}:${requestId ?? ""}` : uuid;
    const known = key === null ? undefined : this.#byKey.get(key);
    const usage = usageFrom(message?.usage);
    const usd = moneyFrom(line.costUSD);
    if (known) {
      if (usage && usage.output >= (known.usage?.output ?? 0)) known.usage = usage;
      if (usd !== null) known.usd = usd;
      return known;
    }
    const model = this.#modelOf(message?.model ?? null);
    const call = newCall({ key, at, model, usage, usd, result: 0 });
    if (key !== null) this.#byKey.set(key, call);
    this.#calls.push(call);
    return call;
  }

  /** Without what Claude Code adds for a longer window; the same text is kept once. */
  #modelOf(told: string | null): string | null {
    if (told === null) return null;
    const model = this.#models.get(told) ?? told.replace(/\[.*\]$/, "");
    this.#models.set(told, model);
    return model;
  }

  #user(line: Line): void {
    this.#seen(line);
    const content = line.message?.content ?? null;
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);
    for (const block of blocks) {
      if (v.is(ToolResult, block)) this.#result(block.tool_use_id, block.is_error === true, textLength(block.content));
      else if (v.is(TextBlock, block) && !line.isMeta && !this.#isAside(line) && !line.isCompactSummary) this.#said(block.text);
    }
  }

  #said(text: string): void {
    const trimmed = text.trim();
    if (trimmed.startsWith("[Request interrupted by user")) {
      this.#outcome = left("the user stopped it");
      return;
    }
    // Commands of the program itself, and what it adds to the user's words.
    if (trimmed === "" || /^<(?:command-|local-command|system-reminder|user-prompt-submit-hook|bash-)|^Caveat:/.test(trimmed))
      return;
    this.#task ??= trimmed;
    this.#outcome = left("the session was left before the answer");
  }

  #result(toolUse: string, failed: boolean, chars: number): void {
    const call = this.#byToolUse.get(toolUse);
    if (!call) return;
    call.failed ||= failed;
    call.result = (call.result ?? 0) + roughTokens(chars);
  }

  /** Takes a long line of a tool's result by its head and size; `false` if it is anything else. */
  #measured(bytes: Buffer): boolean {
    if (bytes.includes('"usage"') || !USER.some((mark) => bytes.includes(mark))) return false;
    const at = bytes.indexOf('"tool_use_id"');
    const id = at < 0 ? null : /^"tool_use_id"\s*:\s*"([^"\\]+)"/.exec(bytes.toString("latin1", at, at + 200));
    if (!id?.[1]) return false;
    const isTwice = bytes.includes('"toolUseResult"');
    this.#result(
      id[1],
      ERROR.some((mark) => bytes.includes(mark)),
      isTwice ? bytes.length / 2 : bytes.length,
    );
    return true;
  }
}

/** Quotes within a text are escaped in JSON, so that these cannot be found in one. */
const USER = ['"type":"user"', '"type": "user"'];
const ERROR = ['"is_error":true', '"is_error": true'];

function textLength(content: unknown): number {
  if (typeof content === "string") return content.length;
  if (!Array.isArray(content)) return 0;
  return content.reduce((sum: number, block: unknown) => sum + (v.is(TextBlock, block) ? block.text.length : 0), 0);
}

/** The last part of a path of any platform. */
export function baseName(folder: string): string {
  return path.win32.basename(folder.replace(/[\\/]+$/, ""));
}
