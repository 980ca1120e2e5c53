import * as v from "valibot";
import type { Tool, ToolContext, ToolResult } from "../core/ports";
import { checkArguments, object, optionalCount, text } from "./arguments";
import type { ChangeLog } from "./changeLog";
import { readCheck } from "./checks";
import { breakLongLines } from "./lines";
import type { Shell, ShellEnd, ShellResult } from "./ports";
import { failed } from "./results";

const DEFAULT_SECONDS = 120;
const MAX_SECONDS = 3_600;

const schema = object({ command: v.pipe(text, v.regex(/\S/, "must not be empty")), timeoutSeconds: optionalCount });

/** Runs a command line and gives its output, exit code and duration. */
export function runCommandTool(shell: Shell, changes: ChangeLog): Tool {
  return {
    spec: {
      name: "run_command",
      description: `Run a command in ${shell.name}, from the workspace root each time, without input. Time limit ${DEFAULT_SECONDS} s, other with timeoutSeconds. Background processes end with the run.`,
      parameters: {
        type: "object",
        properties: { command: { type: "string" }, timeoutSeconds: { type: "integer" } },
        required: ["command"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const { command, timeoutSeconds } = checked.value;
      const seconds = Math.min(timeoutSeconds ?? DEFAULT_SECONDS, MAX_SECONDS);
      return { access: "command", subject: command, run: (context) => run(shell, changes, command, seconds, context) };
    },
  };
}

async function run(
  shell: Shell,
  changes: ChangeLog,
  command: string,
  seconds: number,
  { signal, timeLeftMs, onOutput }: ToolContext,
): Promise<ToolResult> {
  const timeoutMs = Math.min(seconds * 1000, timeLeftMs ?? Number.POSITIVE_INFINITY);
  const mayWrite = !onlyReads(command);
  if (mayWrite) await changes.beforeCommand();
  if (signal.aborted || timeoutMs <= 0) return failed("not started: the run is ending");
  const result = await shell.run(command, { timeoutMs, signal, onOutput });
  const { end, output } = result;
  const exitCode = end.kind === "exited" ? end.exitCode : null;
  return {
    ok: exitCode === 0,
    text: [...(output === "" ? [] : [breakLongLines(output)]), endLine(result)].join("\n"),
    exitCode,
    changes: mayWrite ? await changes.afterCommand() : [],
    check: end.kind === "exited" ? readCheck(command, end.exitCode, output) : null,
  };
}

/** The last line of the result, e.g. `[exit 1 after 1.9 s]`. */
export function endLine({ end, ms, leftRunning }: Pick<ShellResult, "end" | "ms" | "leftRunning">): string {
  const left = leftRunning ? "; background processes go on" : "";
  return end.kind === "notStarted"
    ? `[not started: ${end.reason}]`
    : `[${endText(end)} after ${secondsText(ms)}${whyKilled(end)}${left}]`;
}

function endText(end: Exclude<ShellEnd, { kind: "notStarted" }>): string {
  switch (end.kind) {
    case "exited":
      return `exit ${end.exitCode}`;
    case "died":
      return `died of ${end.signal}`;
    case "killed":
      return "killed";
  }
}

function whyKilled(end: ShellEnd): string {
  if (end.kind !== "killed") return "";
  return end.why === "timeLimit" ? ": time limit" : ": cancelled";
}

function secondsText(ms: number): string {
  const seconds = ms / 1000;
  return `${seconds < 100 ? seconds.toFixed(1).replace(/\.0$/, "") : Math.round(seconds)} s`;
}

const READERS =
  /^(ls|pwd|echo|cat|head|tail|wc|grep|rg|which|type|stat|file|du|df|uname|date|true|false|whoami|git (status|log|diff|show|blame|rev-parse|ls-files))( |$)/;
/** Nothing that could start another command or redirect into a file. */
const PLAIN_WORDS = /^[\w ./:=@,*%+"'-]*$/;

/** Whether a command surely leaves the workspace as it is, so that nobody need look. */
export function onlyReads(command: string): boolean {
  return PLAIN_WORDS.test(command) && READERS.test(command) && !/--output|--ext-diff|\s-o\b/.test(command);
}
