import * as v from "valibot";

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const AMOUNT = v.pipe(v.number(), v.minValue(0));

/**
 * How a run ended. `cut`: by a cap; `budget`: by what was left of the whole evaluation; `gaveUp`: the agent declared the
 * task infeasible; `failed`: the model answered with nothing of use, or the conversation outgrew it; `infrastructure`: the
 * provider, the command line or the check did not do their part; `interrupted`: by the user.
 */
export const ENDS = ["done", "cut", "stuck", "gaveUp", "failed", "budget", "infrastructure", "interrupted"] as const;
export type End = (typeof ENDS)[number];

/** Ends that say nothing of the agent. Such a try is in the file with its money, in no rate, and is run again. */
export const NOT_THE_AGENTS: readonly End[] = ["budget", "infrastructure", "interrupted"];

const RECORD = v.object({
  kind: v.literal("try"),
  task: v.string(),
  language: v.string(),
  /** What the task was made of, by its digest. */
  taskDigest: v.string(),
  policy: v.string(),
  /** What the command line was told of the policy: percentiles as turns. */
  policyArgs: v.array(v.string()),
  /** From 1. */
  repeat: v.pipe(v.number(), v.integer(), v.minValue(1)),
  model: v.string(),
  end: v.picklist(ENDS),
  /** The run's own words for its end; `null` = it left none. */
  outcome: v.nullable(v.object({ kind: v.string(), reason: v.string() })),
  /** Whether the check passed on what the run left; `null` = the try does not count. */
  solved: v.nullable(v.boolean()),
  /** Files that are not as they were; `null` = not looked at. */
  changedFiles: v.nullable(COUNT),
  check: v.nullable(v.object({ passed: v.boolean(), exitCode: v.nullable(v.number()), seconds: AMOUNT, tail: v.string() })),
  turns: v.nullable(COUNT),
  /** Dollars of all calls and retries, cache discounts counted; `null` = part of it is not known. */
  usd: v.nullable(AMOUNT),
  /** What of it is known, a lower bound. */
  knownUsd: v.nullable(AMOUNT),
  estimatedCharges: v.nullable(COUNT),
  unknownCharges: v.nullable(COUNT),
  tokens: v.nullable(v.object({ freshInput: COUNT, cacheRead: COUNT, cacheWrite: COUNT, output: COUNT, reasoning: COUNT })),
  /** Wall time of the run, the check apart. */
  seconds: AMOUNT,
  /** Of the command line; `null` = a signal ended it. */
  exitCode: v.nullable(v.number()),
  /** The dollar cap the run was given. */
  capUsd: v.nullable(AMOUNT),
  /** What went wrong outside the agent. */
  trouble: v.nullable(v.string()),
  at: v.string(),
});

/** One try, as a line of JSON. */
export type TryRecord = v.InferOutput<typeof RECORD>;

/** A line of a results file. Returns what is wrong with it as a text. */
export function readRecord(line: string): TryRecord | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return "it is no JSON";
  }
  const read = v.safeParse(RECORD, parsed);
  if (read.success) return read.output;
  const [issue] = read.issues;
  return `${v.getDotPath(issue) ?? "it"}: ${issue.message}`;
}

/** Whether a try tells something of the agent. */
export function counts(record: TryRecord): boolean {
  return record.solved !== null;
}

/** A try by what makes it the same one. */
export function keyOf({ task, policy, repeat, model }: Pick<TryRecord, "task" | "policy" | "repeat" | "model">): string {
  return JSON.stringify([task, policy, repeat, model]);
}
