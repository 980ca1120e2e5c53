import { parseArgs } from "node:util";
import type { HistoryGroup } from "../core/history";
import type { PriceRow } from "../core/pricing";
import type { ApprovalMode, Caps } from "../core/runConfig";
import { dollars, needed, number, oneOf, type PriceParser, parse, price, UsageError, url, whole, withDashValues } from "./flags";
import { type ForecastArgs, readForecast } from "./forecastArgs";
import { type ImportArgs, readImport } from "./importArgs";
import { type ReplayArgs, readReplay } from "./replayArgs";

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

export type Args = RunArgs | HistoryArgs | ImportArgs | ReplayArgs | ForecastArgs | HelpArgs | { readonly command: "version" };

/** No model answers with more tokens than this. */
const MOST_OUTPUT = 10_000_000;

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
    case "import":
      return readImport(rest);
    case "replay":
      return readReplay(rest, parsePrice);
    case "forecast":
      return readForecast(rest);
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
