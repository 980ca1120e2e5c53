import { parseArgs } from "node:util";
import type { Agent } from "../core/imports";
import { AGENTS, type ImportPlace } from "../core/imports";
import { needed, parse, withDashValues } from "./flags";

export interface ImportArgs {
  readonly command: "import";
  /** `null` = told by the look of each file, or all that keep their history at a known place. */
  readonly agent: Agent | null;
  /** `null` = where the agent usually keeps its history. */
  readonly places: readonly ImportPlace[] | null;
  readonly store: string | null;
  readonly json: boolean;
}

const OPTIONS = {
  store: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export function readImport(argv: readonly string[]): ImportArgs | { readonly command: "help" } {
  const args = withDashValues(argv, OPTIONS);
  const { values, positionals } = parse(() => parseArgs({ args, options: OPTIONS, allowPositionals: true }));
  if (values.help) return { command: "help" };
  const agent = AGENTS.find((name) => name === positionals[0]) ?? null;
  const paths = agent === null ? positionals : positionals.slice(1);
  return {
    ...{ command: "import", agent, json: values.json },
    places: paths.length === 0 ? null : paths.map((path) => ({ agent, path: needed("PATH", path) })),
    store: values.store === undefined ? null : needed("--store", values.store),
  };
}
