import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import type { Outcome } from "../core/agentEvent";
import { type Engine, isRefusal, type RunHandle } from "../core/engine";
import { calibrateTurns } from "../core/policy/calibrate";
import type { Approver } from "../core/ports";
import type { PolicySettings } from "../core/runConfig";
import type { RunArgs } from "./args";
import { UsageError } from "./flags";
import type { RunPrinter } from "./runPrinter";
import { collectStartUpGarbage } from "./startUpGarbage";

/** Exit codes, part of the contract with scripts. */
export const EXIT = { done: 0, failed: 1, usage: 2, stopped: 3, stuck: 4, interrupted: 130 } as const;

/** Share of each cap from which its figure warns. */
const WARN = { turns: 0.8, usd: 0.8, tokens: 0.8, minutes: 0.8 };

const DEFAULT_KEY_ENV = "OPENAI_API_KEY";

/** Nobody is there to be asked: what a mode does not allow is refused, and limits are extended by evidence alone. */
const HEADLESS: Approver = {
  approve: async () => ({ allowed: false }),
  extend: async () => ({ kind: "land" }),
};

/** Runs a task to its end, or to the moment `interrupted` aborts: what was sent is settled even then. */
export async function runCommand(
  args: RunArgs,
  engine: Engine,
  env: NodeJS.ProcessEnv,
  printer: RunPrinter,
  interrupted: AbortSignal,
): Promise<number> {
  const projectPath = await workspacePath(args.workspace);
  const task = await taskText(args.task, interrupted);
  const policy = await policyOf(args, engine, projectPath);
  interrupted.throwIfAborted();
  collectStartUpGarbage();
  const started = await engine.start(
    {
      task,
      project: { name: path.basename(projectPath), path: projectPath },
      connection: {
        modelId: args.model,
        baseUrl: args.baseUrl ?? (env.OPENAI_BASE_URL || null),
        apiKey: apiKey(args, env),
        price: args.price,
      },
      policy,
      caps: args.caps,
      warn: WARN,
      approval: args.approval,
      requestedOutput: args.maxOutput,
    },
    HEADLESS,
    (event, state) => printer.take(event, state),
  );
  if (isRefusal(started)) throw new UsageError(started.text);
  return exitCode(await untilEnd(started, interrupted));
}

async function untilEnd(run: RunHandle, interrupted: AbortSignal): Promise<Outcome> {
  const stop = () => run.stop("interrupt");
  if (interrupted.aborted) stop();
  interrupted.addEventListener("abort", stop, { once: true });
  return run.ended;
}

function exitCode(outcome: Outcome): number {
  switch (outcome.kind) {
    case "done":
      return EXIT.done;
    case "failed":
      return EXIT.failed;
    case "interrupted":
      return EXIT.interrupted;
    case "stopped":
      return outcome.reason === "stuck" ? EXIT.stuck : EXIT.stopped;
  }
}

async function policyOf(args: RunArgs, engine: Engine, projectPath: string): Promise<PolicySettings> {
  const cadence = { kind: "every" } as const;
  if (args.policy === "unrestricted") return { kind: "unrestricted", cadence };
  const lengths = await engine.store.lengths({ model: args.model, projectPath });
  const { p50, p75, p90 } = calibrateTurns(lengths, args.model);
  if (args.policy === "fixed") return { kind: "fixed", maxTurns: args.caps.turns ?? p75, cadence };
  const { preset } = args;
  const usualHard = preset === "published" ? p75 : p90;
  const hardTurns = args.hardTurns ?? Math.max(args.baseTurns ?? 0, usualHard);
  const baseTurns = args.baseTurns ?? Math.min(p50, hardTurns);
  return { kind: "dynamic", preset, baseTurns, hardTurns, onLimit: "land", cadence };
}

function apiKey({ apiKeyEnv }: RunArgs, env: NodeJS.ProcessEnv): string | null {
  const key = env[apiKeyEnv ?? DEFAULT_KEY_ENV] || null;
  if (apiKeyEnv !== null && key === null) throw new UsageError(`--api-key-env: the variable ${apiKeyEnv} is not set`);
  return key;
}

/** As it was named, links and all: so an editor in which it is open knows it again. */
async function workspacePath(given: string): Promise<string> {
  const info = await stat(given).catch(() => null);
  if (!info?.isDirectory()) throw new UsageError(`--workspace: there is no folder ${given}`);
  return path.resolve(given);
}

async function taskText(given: string, interrupted: AbortSignal): Promise<string> {
  if (!given.startsWith("@")) return given;
  const text = await readFile(given.slice(1), { encoding: "utf8", signal: interrupted }).catch(() => {
    interrupted.throwIfAborted();
    throw new UsageError(`--task: cannot read the file ${given.slice(1)}`);
  });
  if (text.trim() === "") throw new UsageError(`--task: the file ${given.slice(1)} is empty`);
  return text.trim();
}
