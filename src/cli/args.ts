import { parseArgs } from "node:util";
import { messageOf } from "../core/errors";
import type { HistoryGroup } from "../core/history";
import { usd } from "../core/money";
import type { PriceRow } from "../core/pricing";
import type { ApprovalMode, Caps } from "../core/runConfig";

/** Wrong use of the command line, in words that say what to do. */
export class UsageError extends Error {}

export interface RunArgs {
  readonly command: "run";
  readonly workspace: string;
  /** The task, or `@` and the file that holds it. */
  readonly task: string;
  readonly baseUrl: string | null;
  readonly model: string;
  /** `null` = `OPENAI_API_KEY`, if it is set. */
  readonly apiKeyEnv: string | null;
  readonly policy: "unrestricted" | "fixed" | "dynamic";
  readonly preset: "evidence" | "published";
  readonly baseTurns: number | null;
  readonly hardTurns: number | null;
  readonly caps: Caps;
  readonly price: PriceRow | null;
  readonly maxOutput: number | null;
  readonly approval: ApprovalMode;
  readonly store: string | null;
  readonly json: boolean;
}

export interface HistoryArgs {
  readonly command: "history";
  readonly store: string | null;
  readonly group: HistoryGroup | null;
  readonly format: "text" | "json" | "csv";
}

export interface HelpArgs {
  readonly command: "help";
}

export type Args = RunArgs | HistoryArgs | HelpArgs | { readonly command: "version" };

/** No model answers with more tokens than this. */
const MOST_OUTPUT = 10_000_000;

/** `--price` text to a row for a model. Throws with a clear message. */
export type PriceParser = (text: string, model: string) => PriceRow;

const HELP = { type: "boolean", short: "h", default: false } as const;

const RUN_OPTIONS = {
  workspace: { type: "string" },
  task: { type: "string" },
  "base-url": { type: "string" },
  model: { type: "string" },
  "api-key-env": { type: "string" },
  policy: { type: "string", default: "dynamic" },
  preset: { type: "string", default: "evidence" },
  "max-turns": { type: "string" },
  "base-turns": { type: "string" },
  "hard-turns": { type: "string" },
  "max-usd": { type: "string" },
  "max-tokens": { type: "string" },
  "max-minutes": { type: "string" },
  price: { type: "string" },
  "max-output": { type: "string" },
  approve: { type: "string", default: "none" },
  store: { type: "string" },
  json: { type: "boolean", default: false },
  help: HELP,
} as const;

const HISTORY_OPTIONS = {
  store: { type: "string" },
  group: { type: "string" },
  json: { type: "boolean", default: false },
  csv: { type: "boolean", default: false },
  help: HELP,
} as const;

const APPROVALS = { none: "readOnly", edits: "edits", all: "all" } as const;

/** Reads the command line. Throws `UsageError` on anything it does not know. */
export function readArgs(argv: readonly string[], parsePrice: PriceParser): Args {
  const [command, ...rest] = argv;
  switch (command) {
    case "run":
      return readRun(rest, parsePrice);
    case "history":
      return readHistory(rest);
    case "--version":
    case "-v":
      return { command: "version" };
    case undefined:
    case "help":
    case "--help":
    case "-h":
      return { command: "help" };
    default:
      throw new UsageError(`there is no command "${command}"; try: turnpike help`);
  }
}

function readRun(argv: readonly string[], parsePrice: PriceParser): RunArgs | HelpArgs {
  const args = withDashValues(argv, RUN_OPTIONS);
  const { values } = parse(() => parseArgs({ args, options: RUN_OPTIONS, allowPositionals: false }));
  if (values.help) return { command: "help" };
  const policy = oneOf("--policy", values.policy, ["unrestricted", "fixed", "dynamic"]);
  const model = needed("--model", values.model);
  const baseTurns = whole("--base-turns", values["base-turns"], 1);
  const hardTurns = whole("--hard-turns", values["hard-turns"], 1);
  if (policy !== "dynamic" && (baseTurns !== null || hardTurns !== null)) {
    throw new UsageError("--base-turns and --hard-turns belong to --policy dynamic; for other policies use --max-turns");
  }
  if (baseTurns !== null && hardTurns !== null && baseTurns > hardTurns)
    throw new UsageError("--base-turns is above --hard-turns");
  return {
    command: "run",
    workspace: needed("--workspace", values.workspace),
    task: needed("--task", values.task),
    baseUrl: values["base-url"] === undefined ? null : url("--base-url", values["base-url"]),
    model,
    apiKeyEnv: values["api-key-env"] === undefined ? null : needed("--api-key-env", values["api-key-env"]),
    policy,
    preset: oneOf("--preset", values.preset, ["evidence", "published"]),
    baseTurns,
    hardTurns,
    caps: {
      turns: whole("--max-turns", values["max-turns"], 0),
      usd: dollars("--max-usd", values["max-usd"]),
      tokens: whole("--max-tokens", values["max-tokens"], 0),
      minutes: number("--max-minutes", values["max-minutes"]),
    },
    price: values.price === undefined ? null : price(values.price, model, parsePrice),
    maxOutput: whole("--max-output", values["max-output"], 1, MOST_OUTPUT),
    approval: APPROVALS[oneOf("--approve", values.approve, ["none", "edits", "all"])],
    store: values.store === undefined ? null : needed("--store", values.store),
    json: values.json,
  };
}

function readHistory(argv: readonly string[]): HistoryArgs | HelpArgs {
  const args = withDashValues(argv, HISTORY_OPTIONS);
  const { values } = parse(() => parseArgs({ args, options: HISTORY_OPTIONS, allowPositionals: false }));
  if (values.help) return { command: "help" };
  if (values.json && values.csv) throw new UsageError("--json and --csv exclude each other");
  return {
    command: "history",
    store: values.store === undefined ? null : needed("--store", values.store),
    group: values.group === undefined ? null : oneOf("--group", values.group, ["day", "model", "project", "policy"]),
    format: values.json ? "json" : values.csv ? "csv" : "text",
  };
}

/**
 * Values that begin with a dash joined to their option, as `parseArgs` wants them: a task may be "- fix this". What is
 * itself one of the options stays apart, so that a forgotten value is still noticed.
 */
function withDashValues(argv: readonly string[], options: { readonly [name: string]: { readonly type: string } }): string[] {
  const typeOf = (arg: string) =>
    arg.startsWith("--") ? Object.entries(options).find(([name]) => name === arg.slice(2))?.[1].type : undefined;
  const joined: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? "";
    const value = argv[at + 1];
    const takesValue = typeOf(arg) === "string" && value?.startsWith("-") && !typeOf(value.split("=")[0] ?? "");
    joined.push(takesValue ? `${arg}=${value}` : arg);
    if (takesValue) at += 1;
  }
  return joined;
}

function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

function needed(flag: string, value: string | undefined): string {
  if (value === undefined || value.trim() === "") throw new UsageError(`${flag} is missing`);
  return value;
}

function oneOf<const T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UsageError(`${flag} is one of ${choices.join(", ")}, not "${value}"`);
  return found;
}

function number(flag: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const parsed = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(parsed) || parsed < 0) throw new UsageError(`${flag} is a number of 0 or more, not "${value}"`);
  return parsed;
}

function whole(flag: string, value: string | undefined, least: number, most = Number.MAX_SAFE_INTEGER): number | null {
  const parsed = number(flag, value);
  if (parsed === null) return null;
  if (!Number.isSafeInteger(parsed) || parsed < least)
    throw new UsageError(`${flag} is a whole number of ${least} or more, not "${value}"`);
  if (parsed > most) throw new UsageError(`${flag} is at most ${most}, not "${value}"`);
  return parsed;
}

function dollars(flag: string, value: string | undefined) {
  const parsed = number(flag, value);
  if (parsed !== null && parsed > 1_000_000) throw new UsageError(`${flag} is at most 1000000 dollars, not "${value}"`);
  return parsed === null ? null : usd(parsed);
}

function url(flag: string, value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`${flag} is an address that begins with http:// or https://, not "${value}"`);
  }
  if (parsed.username || parsed.password) {
    throw new UsageError(`${flag} holds a user name or password: put the key into a variable and name it with --api-key-env`);
  }
  return value;
}

function price(text: string, model: string, parsePrice: PriceParser): PriceRow {
  try {
    return parsePrice(text, model);
  } catch (error) {
    throw new UsageError(`--price: ${messageOf(error)}`);
  }
}
