import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { messageOf } from "../../src/core/errors";
import { toDollars } from "../../src/core/money";
import { type AgentRun, runAgent } from "./agentRun";
import { BadUse } from "./badUse";
import { type CheckResult, runCheck } from "./check";
import { agentEnv, checkEnv } from "./environment";
import type { EvalOptions } from "./options";
import type { Policy } from "./policies";
import type { Grant } from "./purse";
import { type End, NOT_THE_AGENTS, type TryRecord } from "./record";
import type { Task } from "./tasks";
import { changedFiles, copyForCheck, prepareWorkspace, type Workspace } from "./workspaces";

/** A try that is to be made. */
export interface PlannedTry {
  readonly task: Task;
  readonly policy: Policy;
  readonly policyArgs: readonly string[];
  /** From 1. */
  readonly repeat: number;
}

export interface Stage {
  readonly options: Pick<EvalOptions, "model" | "baseUrl" | "apiKeyEnv" | "price" | "maxOutput" | "maxMinutes" | "keep">;
  /** The built command line, and the Node that runs it. */
  readonly cli: string;
  readonly node: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stopped: AbortSignal;
}

/** Wrong use, as the command line's exit code has it. */
const USAGE_CODE = 2;
/** Longer than the cap in minutes: for the landing, and for commands that end late. */
const LATE_MS = 120_000;

/**
 * Makes one try: a fresh copy, a fresh store, the run, then the check in a copy of what it left. Throws `BadUse` when the
 * command line refuses to run at all, for it would refuse every other try as well.
 */
export async function attempt(planned: PlannedTry, grant: Grant, stage: Stage): Promise<TryRecord> {
  const dir = makeFolder(planned, stage);
  try {
    const workspace = await prepareWorkspace(planned.task, dir);
    const run = await runAgent(commandFor(planned, grant, stage, dir, workspace.folder), stage.stopped);
    if (run.exitCode === USAGE_CODE) throw new BadUse(`the command line refuses to run: ${run.stderr.trim()}`);
    const end = endOf(run, grant, stage.stopped.aborted);
    const isCounted = !NOT_THE_AGENTS.includes(end);
    return recordOf(planned, grant, stage, run, end, await judge(planned.task, workspace, dir, isCounted, stage));
  } finally {
    if (stage.options.keep === null) discard(dir);
  }
}

/** What cannot be removed stays: a run may leave folders that nobody may write in, and its record must not be lost for them. */
function discard(dir: string): void {
  try {
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    console.error(`${dir} could not be removed: ${messageOf(error)}`);
  }
}

interface Judgement {
  readonly changed: number | null;
  /** `null` = not run. */
  readonly check: CheckResult | null;
}

/** Looks at what a run left. What fails here is our own failure, and the run's money is spent all the same. */
async function judge(task: Task, workspace: Workspace, dir: string, isCounted: boolean, stage: Stage): Promise<Judgement> {
  try {
    const changed = (await changedFiles(workspace)).length;
    if (!isCounted) return { changed, check: null };
    const checked = path.join(dir, "check");
    copyForCheck(workspace.folder, checked, task, ["hidden"]);
    const check = await runCheck(task, checked, checkEnv(stage.env, stage.node), stage.stopped);
    writeFileSync(path.join(dir, "check.txt"), check.kind === "broken" ? check.why : check.tail);
    return { changed, check };
  } catch (error) {
    return { changed: null, check: { kind: "broken", why: `what the run left cannot be looked at: ${messageOf(error)}` } };
  }
}

function makeFolder({ task, policy, repeat }: PlannedTry, { options }: Stage): string {
  if (options.keep === null) return mkdtempSync(path.join(os.tmpdir(), "turnpike-try-"));
  const name = `${task.name}.${policy.name.replaceAll(":", "-")}.${repeat}.`;
  mkdirSync(options.keep, { recursive: true });
  return mkdtempSync(path.join(path.resolve(options.keep), name));
}

function commandFor({ task, policyArgs }: PlannedTry, grant: Grant, stage: Stage, dir: string, workspace: string) {
  const { model, baseUrl, apiKeyEnv, price, maxOutput, maxMinutes } = stage.options;
  // A copy: where the task lies, and its hidden files with it, is nothing the agent should learn.
  const prompt = path.join(dir, "prompt.md");
  copyFileSync(path.join(task.dir, "prompt.md"), prompt);
  const optional = (flag: string, value: string | number | null) => (value === null ? [] : [flag, String(value)]);
  const args = [
    stage.cli,
    "run",
    ...["--workspace", workspace, "--task", `@${prompt}`, "--model", model, ...policyArgs],
    ...["--approve", "all", "--max-minutes", String(maxMinutes), "--store", path.join(dir, "store.db"), "--json"],
    ...optional("--base-url", baseUrl),
    ...optional("--api-key-env", apiKeyEnv),
    ...optional("--price", price),
    ...optional("--max-output", maxOutput),
    ...optional("--max-usd", grant.usd === null ? null : toDollars(grant.usd)),
  ];
  const eventsFile = path.join(dir, "events.jsonl");
  const deadlineMs = maxMinutes * 60_000 + LATE_MS;
  return { node: stage.node, args, cwd: dir, env: agentEnv(stage.env, stage.node), eventsFile, deadlineMs };
}

/** How a run ended; a call that failed is the provider's end, unless the conversation had grown too long for the model. */
export function endOf(run: AgentRun, grant: Grant, interrupted: boolean): End {
  if (run.ended === null) return interrupted ? "interrupted" : "infrastructure";
  const { kind, reason } = run.ended.outcome;
  switch (kind) {
    case "done":
      return "done";
    case "interrupted":
      return interrupted ? "interrupted" : "infrastructure";
    case "stopped":
      if (reason === "stuck") return "stuck";
      if (reason === "user") return interrupted ? "interrupted" : "infrastructure";
      return reason === "dollars" && !grant.whole ? "budget" : "cut";
    case "failed":
      if (reason.startsWith("infeasible: ")) return "gaveUp";
      if (!run.callOpen) return run.ended.totals.turns === 0 ? "infrastructure" : "failed";
      return /longer than the model takes/.test(reason) ? "failed" : "infrastructure";
  }
}

function recordOf(
  { task, policy, policyArgs, repeat }: PlannedTry,
  grant: Grant,
  { options, stopped }: Stage,
  run: AgentRun,
  ended: End,
  { changed, check }: Judgement,
): TryRecord {
  const end = check?.kind !== "broken" ? ended : stopped.aborted ? "interrupted" : "infrastructure";
  const result = check === null || check.kind === "broken" ? null : check;
  const totals = run.ended?.totals ?? null;
  const tokens = totals && {
    freshInput: totals.freshInput,
    cacheRead: totals.cacheRead,
    cacheWrite: totals.cacheWrite,
    output: totals.output,
    reasoning: totals.reasoning,
  };
  return {
    kind: "try",
    task: task.name,
    language: task.language,
    taskDigest: task.digest,
    policy: policy.name,
    policyArgs: [...policyArgs],
    repeat,
    model: options.model,
    end,
    outcome: run.ended?.outcome ?? null,
    solved: result && result.kind === "passed",
    changedFiles: changed,
    check: result && {
      passed: result.kind === "passed",
      exitCode: result.kind === "passed" ? 0 : result.exitCode,
      seconds: result.seconds,
      tail: result.tail.slice(-600),
    },
    turns: totals?.turns ?? null,
    usd: totals && totals.unknownCharges === 0 ? totals.usd : null,
    knownUsd: totals?.usd ?? null,
    estimatedCharges: totals?.estimatedCharges ?? null,
    unknownCharges: totals?.unknownCharges ?? null,
    tokens,
    seconds: run.seconds,
    exitCode: run.exitCode,
    capUsd: grant.usd === null ? null : toDollars(grant.usd),
    trouble: troubleOf(end, run, check),
    at: new Date().toISOString(),
  };
}

function troubleOf(end: End, run: AgentRun, check: CheckResult | null): string | null {
  if (check?.kind === "broken") return check.why;
  if (end !== "infrastructure") return null;
  return (
    run.ended?.outcome.reason ?? `the command line ended with ${run.exitCode ?? "a signal"} and no totals: ${run.stderr.trim()}`
  );
}

/** The record of a try that could not even be started, for a reason of this machine: nothing was spent. */
export function recordOfTrouble(planned: PlannedTry, grant: Grant, stage: Stage, error: unknown): TryRecord {
  const nothing: AgentRun = { ended: null, callOpen: false, exitCode: null, stderr: "", seconds: 0 };
  const record = recordOf(planned, grant, stage, nothing, "infrastructure", { changed: null, check: null });
  return { ...record, usd: 0, knownUsd: 0, trouble: messageOf(error) };
}
