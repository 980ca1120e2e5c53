import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { endGroup } from "./processGroup";

const COUNT = v.number();
const ENDED = v.object({
  outcome: v.object({ kind: v.picklist(["done", "failed", "stopped", "interrupted"]), reason: v.string() }),
  totals: v.object({
    turns: COUNT,
    usd: v.nullable(v.number()),
    freshInput: COUNT,
    cacheRead: COUNT,
    cacheWrite: COUNT,
    output: COUNT,
    reasoning: COUNT,
    estimatedCharges: COUNT,
    unknownCharges: COUNT,
  }),
});
const EVENT = v.looseObject({ kind: v.string() });

/** What the command line told of a run, and how its process ended. */
export interface AgentRun {
  /** The closing line; `null` = there was none. */
  readonly ended: v.InferOutput<typeof ENDED> | null;
  /** Whether the last model call had no answer when the run ended. */
  readonly callOpen: boolean;
  readonly exitCode: number | null;
  /** The end of the error output. */
  readonly stderr: string;
  readonly seconds: number;
}

export interface AgentCommand {
  readonly node: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Takes every event line. */
  readonly eventsFile: string;
  /** The process is asked to end after this time, and killed if it does not: its own cap in minutes should come first. */
  readonly deadlineMs: number;
}

/** From being asked to end until being killed: the command line settles the call in flight meanwhile. */
const GRACE_MS = 30_000;
const TAIL_CHARS = 2_000;

const living = new Set<ChildProcess>();

/** Kills what is running, at once. */
export function killRuns(): void {
  for (const child of living) endGroup(child, "SIGKILL");
}

/** Runs `turnpike run --json` to its end; `stopped` asks it to end early, which it does in order. */
export function runAgent(command: AgentCommand, stopped: AbortSignal): Promise<AgentRun> {
  const startedAt = performance.now();
  const { node, args, cwd, env, eventsFile, deadlineMs } = command;
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    living.add(child);
    let stderr = "";
    let ended: AgentRun["ended"] = null;
    let callOpen = false;
    // Without its events a run is told of all the same: its closing line is read as it comes.
    const events = createWriteStream(eventsFile).on("error", (error) => console.error(`${eventsFile}: ${error.message}`));
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => {
      events.write(`${line}\n`);
      const event = eventOf(line);
      if (event === null) return;
      if (event.kind === "reserved") callOpen = true;
      if (event.kind === "assistant") callOpen = false;
      if (event.kind === "ended") ended = v.safeParse(ENDED, event).success ? v.parse(ENDED, event) : null;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr = (stderr + text).slice(-TAIL_CHARS);
    });

    let killer: NodeJS.Timeout | undefined;
    const askToEnd = () => {
      child.kill("SIGINT");
      killer ??= setTimeout(endGroup, GRACE_MS, child, "SIGKILL");
    };
    const timer = setTimeout(askToEnd, deadlineMs);
    if (stopped.aborted) askToEnd();
    stopped.addEventListener("abort", askToEnd, { once: true });
    const over = () => {
      clearTimeout(timer);
      clearTimeout(killer);
      stopped.removeEventListener("abort", askToEnd);
      living.delete(child);
    };
    child.on("error", (error) => {
      over();
      events.destroy();
      reject(error);
    });
    child.on("close", (exitCode) => {
      over();
      endGroup(child, "SIGKILL");
      const seconds = Math.round(performance.now() - startedAt) / 1_000;
      events.end(() => resolve({ ended, callOpen, exitCode, stderr, seconds }));
    });
  });
}

function eventOf(line: string): v.InferOutput<typeof EVENT> | null {
  try {
    const read = v.safeParse(EVENT, JSON.parse(line));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}
