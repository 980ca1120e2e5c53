import { addUsd, type NanoUsd, usd, ZERO_USD } from "../../src/core/money";
import { formatCount, formatSeconds, formatUsd } from "../../src/present/format";
import { attempt, type PlannedTry, recordOfTrouble, type Stage } from "./attempt";
import { BadUse } from "./badUse";
import { conduct, type Halt } from "./conduct";
import type { EvalOptions } from "./options";
import { interleave, type Slot } from "./order";
import { type Place, runnable } from "./place";
import { needsBaseline, type Policy, policyArgs } from "./policies";
import { Purse } from "./purse";
import { counts, keyOf, type TryRecord } from "./record";
import { appendResult, readResults } from "./resultsFile";
import { BASELINE, summarise } from "./summary";
import { tableOf } from "./table";
import { loadTasks, type Task } from "./tasks";
import { faultOfTask } from "./verify";

/** Fewer baseline runs than this make a percentile that says little. */
const FEW_RUNS = 8;

/** Runs the evaluation, prints what came of it, and returns the exit code: 0 only when everything was run. */
export async function evaluate(options: EvalOptions, place: Place): Promise<number> {
  const say = (line: string) => console.error(line);
  requireKey(options, place.env);
  const tasks = runnable(loadTasks(options.tasksDir, options.only), place.node, place.env, say);
  if (tasks.length === 0) throw new BadUse("no task can be run on this machine");
  const earlier = options.out === null ? [] : readResults(options.out, say).filter((one) => one.model === options.model);
  refuseChanged(earlier, tasks);
  await refuseFaulty(tasks, place);

  const { policies, repeats } = options;
  const records: TryRecord[] = [...earlier];
  const purse = new Purse(options.maxUsd, options.tryUsd, spentOn(earlier));
  const stage: Stage = { ...place, options };
  let halt: Halt | null = place.stopped.aborted ? { kind: "interrupted" } : null;
  for (const phase of phasesOf(policies)) {
    if (halt !== null) break;
    const open = interleave(tasks, phase, repeats).filter((slot) => !isDone(slot, records, options.model));
    const planned = open.map((slot): PlannedTry => ({ ...slot, policyArgs: argsFor(slot.policy, records, tasks, say) }));
    halt = await conduct(planned, {
      concurrency: options.concurrency,
      purse,
      stopped: place.stopped,
      attempt: (next, grant) => {
        return attempt(next, grant, stage).catch((error: unknown) => {
          if (error instanceof BadUse) throw error;
          return recordOfTrouble(next, grant, stage, error);
        });
      },
      done: (record) => {
        records.push(record);
        if (options.out !== null) appendResult(options.out, record);
        if (options.json) console.log(JSON.stringify(record));
        say(progressLine(record));
      },
    });
  }
  if (halt?.kind === "refused") throw new BadUse(halt.why);

  const names = policies.map((policy) => policy.name);
  const shown = records.filter((one) => names.includes(one.policy) && tasks.some((task) => task.name === one.task));
  const summary = summarise(shown, names, options.seed);
  if (options.json) console.log(JSON.stringify({ kind: "summary", model: options.model, seed: options.seed, ...summary }));
  else console.log(tableOf(summary, { model: options.model, tasks: tasks.length, repeats, seed: options.seed }));
  const missing = interleave(tasks, policies, repeats).filter((slot) => !isDone(slot, records, options.model));
  for (const line of missingLines(missing, halt, purse.spent)) say(line);
  if (halt?.kind === "interrupted") return 130;
  return missing.length === 0 ? 0 : 1;
}

/** OpenAI's own address wants a key; others may do without. The command line looks after a key that is named. */
function requireKey({ apiKeyEnv, baseUrl }: EvalOptions, env: NodeJS.ProcessEnv): void {
  if (apiKeyEnv !== null || baseUrl !== null || env.OPENAI_BASE_URL || env.OPENAI_API_KEY) return;
  throw new BadUse("there is no key: set OPENAI_API_KEY, or name its variable with --api-key-env, or an address with --base-url");
}

/** Limits taken from the unrestricted runs need those first; else all policies run side by side. */
function phasesOf(policies: readonly Policy[]): readonly (readonly Policy[])[] {
  if (!policies.some(({ strategy }) => needsBaseline(strategy))) return [policies];
  const isBaseline = ({ strategy }: Policy) => strategy.kind === "unrestricted";
  return [policies.filter(isBaseline), policies.filter((policy) => !isBaseline(policy))];
}

/** A limit once taken from the baseline stays, so that a policy means the same thing in all its tries. */
function argsFor(policy: Policy, records: readonly TryRecord[], tasks: readonly Task[], say: (line: string) => void) {
  const before = records.find((record) => record.policy === policy.name);
  if (before && needsBaseline(policy.strategy)) return before.policyArgs;
  const turns = records
    .filter((record) => record.policy === BASELINE && counts(record) && tasks.some((task) => task.name === record.task))
    .flatMap((record) => record.turns ?? []);
  if (needsBaseline(policy.strategy)) {
    if (turns.length === 0)
      throw new BadUse(`${policy.name}: no run of "${BASELINE}" counts, so there is nothing to take a limit from`);
    if (turns.length < FEW_RUNS) sayOnce(say, `${policy.name}: its limit comes from ${formatCount(turns.length, "run")} only`);
  }
  return policyArgs(policy.strategy, turns);
}

const said = new Set<string>();

function sayOnce(say: (line: string) => void, line: string): void {
  if (said.has(line)) return;
  said.add(line);
  say(line);
}

function isDone({ task, policy, repeat }: Slot, records: readonly TryRecord[], model: string): boolean {
  const key = keyOf({ task: task.name, policy: policy.name, repeat, model });
  return records.some((record) => counts(record) && keyOf(record) === key);
}

/** Results of a task that has changed since do not belong with new ones. */
function refuseChanged(earlier: readonly TryRecord[], tasks: readonly Task[]): void {
  const changed = tasks.find(({ name, digest }) => earlier.some((one) => one.task === name && one.taskDigest !== digest));
  if (changed) throw new BadUse(`--out holds tries of ${changed.name} as it was before it was changed; give another file`);
}

/** A check that cannot run, or cannot tell, is found before money is spent. */
async function refuseFaulty(tasks: readonly Task[], { env, node, stopped }: Place): Promise<void> {
  for (const task of tasks) {
    if (stopped.aborted) return;
    const fault = await faultOfTask(task, env, node, stopped);
    if (fault !== null && !stopped.aborted) throw new BadUse(fault);
  }
}

/** What tries have cost; where that is not known, all they were allowed. */
function spentOn(records: readonly TryRecord[]): NanoUsd {
  return records.reduce((sum, one) => addUsd(sum, usd(one.usd ?? one.capUsd ?? one.knownUsd ?? 0)), ZERO_USD);
}

function progressLine(record: TryRecord): string {
  const { solved, end, task, policy, repeat, turns, usd: cost, seconds, trouble } = record;
  const verdict = solved === null ? "--      " : solved ? "solved  " : "unsolved";
  const money = cost === null ? "cost unknown" : formatUsd(usd(cost));
  const about = `${turns === null ? "turns unknown" : formatCount(turns, "turn")}, ${money}, ${formatSeconds(seconds * 1_000)}`;
  return `${verdict} ${task} ${policy} #${repeat}: ${end}, ${about}${trouble === null ? "" : `: ${trouble}`}`;
}

function missingLines(missing: readonly Slot[], halt: Halt | null, spent: NanoUsd): readonly string[] {
  if (missing.length === 0) return [];
  const list = missing.map(({ task, policy, repeat }) => `${task.name} ${policy.name} #${repeat}`);
  return [whyText(halt, spent), `${formatCount(missing.length, "try", "tries")} not run, or without a result:`, ...list];
}

function whyText(halt: Halt | null, spent: NanoUsd): string {
  switch (halt?.kind) {
    case undefined:
      return "Some tries failed outside the agent; the same command with the same --out runs them again.";
    case "interrupted":
      return "Interrupted.";
    case "budget":
      return `The money of --max-usd is used up (${formatUsd(spent)}); with more of it, the same --out goes on from here.`;
    case "infrastructure":
      return `Stopped: tries in a row failed outside the agent, the last with: ${halt.why}`;
    case "refused":
      return `Stopped: ${halt.why}`;
  }
}
