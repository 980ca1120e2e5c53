import { parseArgs } from "node:util";
import { messageOf } from "../../src/core/errors";
import { type NanoUsd, usd } from "../../src/core/money";
import { BadUse } from "./badUse";
import { GRAMMAR, type Policy, readPolicies } from "./policies";

export const USAGE = `npm run eval -- --model ID [--tasks DIR] [--only NAME,NAME] [--policies A,B,C] [--repeats K]
    [--base-url URL] [--api-key-env NAME] [--price in=..,cacheRead=..,cacheWrite=..,out=..] [--max-output N]
    [--max-usd X|none] [--try-usd X|none] [--max-minutes M] [--concurrency N]
    [--out FILE] [--keep DIR] [--json] [--seed N] [--no-build]
npm run eval -- --verify [--tasks DIR] [--only NAME,NAME]

Policies: ${GRAMMAR}.
--max-usd (5) is for the whole evaluation, with what --out already holds; --try-usd (0.5) is for one try. --verify runs no
model: it tells whether each task's check fails on the task as it is and passes on its solution. docs/evaluation.md has more.
Exit codes: 0 all was run, 1 some was not, 2 wrong use, 130 interrupted.`;

export interface EvalOptions {
  readonly command: "run";
  readonly tasksDir: string;
  /** Names of tasks; `null` = all. */
  readonly only: readonly string[] | null;
  readonly policies: readonly Policy[];
  readonly repeats: number;
  readonly model: string;
  readonly baseUrl: string | null;
  readonly apiKeyEnv: string | null;
  readonly price: string | null;
  readonly maxOutput: number | null;
  /** For the whole evaluation; `null` = no cap. */
  readonly maxUsd: NanoUsd | null;
  /** For one try; `null` = what is left of the whole. */
  readonly tryUsd: NanoUsd | null;
  readonly maxMinutes: number;
  readonly concurrency: number;
  readonly out: string | null;
  readonly keep: string | null;
  readonly json: boolean;
  readonly seed: number;
}

export type Options =
  | EvalOptions
  | { readonly command: "verify"; readonly tasksDir: string; readonly only: readonly string[] | null }
  | { readonly command: "help" };

/** The extension's own default cap. */
const USUAL_TRY_USD = usd(0.5);

const KNOWN = {
  tasks: { type: "string", default: "samples/tasks" },
  only: { type: "string" },
  policies: { type: "string", default: "unrestricted,fixed:p75,dynamic:published:p50-p75,dynamic:p50-p90" },
  repeats: { type: "string", default: "1" },
  model: { type: "string" },
  "base-url": { type: "string" },
  "api-key-env": { type: "string" },
  price: { type: "string" },
  "max-output": { type: "string" },
  "max-usd": { type: "string", default: "5" },
  "try-usd": { type: "string" },
  "max-minutes": { type: "string", default: "20" },
  concurrency: { type: "string", default: "1" },
  out: { type: "string" },
  keep: { type: "string" },
  json: { type: "boolean", default: false },
  seed: { type: "string", default: "1" },
  verify: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Reads the harness's command line. Throws `BadUse` on anything it does not know. */
export function readOptions(argv: readonly string[]): Options {
  const values = parse(argv);
  if (values.help) return { command: "help" };
  const only = values.only === undefined ? null : values.only.split(",").map((name) => name.trim());
  if (values.verify) return { command: "verify", tasksDir: values.tasks, only };
  if (values.model === undefined || values.model.trim() === "")
    throw new BadUse("--model is missing: the id of the model to run");
  const concurrency = whole("--concurrency", values.concurrency, 1);
  const maxUsd = values["max-usd"] === "none" ? null : dollars("--max-usd", values["max-usd"]);
  const tryUsd = capOfTry(values["try-usd"], maxUsd);
  if (concurrency > 1 && maxUsd !== null && tryUsd === null) {
    throw new BadUse("--concurrency above 1 needs --try-usd: tries that run at once must know what each of them may spend");
  }
  return {
    command: "run",
    tasksDir: values.tasks,
    only,
    policies: readPolicies(values.policies),
    repeats: whole("--repeats", values.repeats, 1),
    model: values.model,
    baseUrl: values["base-url"] ?? null,
    apiKeyEnv: values["api-key-env"] ?? null,
    price: values.price ?? null,
    maxOutput: values["max-output"] === undefined ? null : whole("--max-output", values["max-output"], 1),
    maxUsd,
    tryUsd,
    maxMinutes: positive("--max-minutes", values["max-minutes"]),
    concurrency,
    out: values.out ?? null,
    keep: values.keep ?? null,
    json: values.json,
    seed: whole("--seed", values.seed, 0),
  };
}

/** Alike for all tries unless someone wants it otherwise: what is left is told to the model, and it acts on it. */
function capOfTry(text: string | undefined, maxUsd: NanoUsd | null): NanoUsd | null {
  if (text === undefined) return maxUsd === null ? null : USUAL_TRY_USD;
  return text === "none" ? null : dollars("--try-usd", text);
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: KNOWN, allowPositionals: false }).values;
  } catch (error) {
    throw new BadUse(messageOf(error));
  }
}

function positive(flag: string, text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new BadUse(`${flag} is a number above 0, not "${text}"`);
  return value;
}

function whole(flag: string, text: string, least: number): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new BadUse(`${flag} is a whole number of ${least} or more, not "${text}"`);
  return value;
}

function dollars(flag: string, text: string): NanoUsd {
  const value = positive(flag, text);
  if (value > 1_000_000) throw new BadUse(`${flag} is at most 1000000 dollars, not "${text}"`);
  return usd(value);
}
