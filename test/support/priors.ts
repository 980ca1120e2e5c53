import path from "node:path";
import { readRecordedRuns } from "../../src/adapters/recordedFile";
import { censoredPercentile } from "../../src/core/policy/calibrate";
import { familyOf, type Prior } from "../../src/core/policy/priors";
import type { PastLength } from "../../src/core/recordedRun";

declare const __TEST_ROOT__: string;

const FILES = ["mini_gemini3pro_swebench_verified.jsonl.gz", "trae_isobench_perf_exactusage.jsonl.gz"];
/** Fewer runs than this say too little of a family. */
const LEAST_RUNS = 30;

/** The source text of the bundled priors, computed from the published runs in `test/fixtures/recorded`. */
export async function priorsSource(): Promise<string> {
  const runs = await readRecordedRuns(FILES.map((name) => path.join(__TEST_ROOT__, "test/fixtures/recorded", name)));
  const lengths = runs.map(({ model, turns, ended }) => ({ model, turns: turns.length, ended, here: false, imported: false }));
  const families = [...new Set(lengths.map((one) => familyOf(one.model)))].sort();
  const of = (family: string | null) =>
    priorOf(family, family === null ? lengths : lengths.filter((one) => familyOf(one.model) === family));
  const priors = [...families.map(of).filter((prior) => prior.n >= LEAST_RUNS), of(null)];
  return `import type { Prior } from "./priors";

/**
 * Made by scripts/priors.mjs; not to be edited. Turns of published runs: gemini-3-pro-preview with mini-swe-agent on
 * SWE-bench Verified (gruckion/mini-swe-agent, MIT), and claude-sonnet-4.5, gpt-5 and gpt-4o with the Trae agent on
 * performance tasks (ISO-Bench/ISO-Bench, Apache-2.0). A run that was cut counts as one that would have been longer.
 */
export const PRIORS: readonly Prior[] = [
${priors.map((prior) => `  ${literal(prior)},`).join("\n")}
];
`;
}

function literal({ family, n, p50, p75, p90 }: Prior): string {
  return `{ family: ${JSON.stringify(family)}, n: ${n}, p50: ${p50}, p75: ${p75}, p90: ${p90} }`;
}

function priorOf(family: string | null, lengths: readonly PastLength[]): Prior {
  const at = (share: number) => {
    const turns = censoredPercentile(lengths, share);
    if (turns === null)
      throw new Error(`so many runs of ${family ?? "all families"} were cut that P${100 * share} cannot be told`);
    return Number(turns.toFixed(3));
  };
  return { family, n: lengths.length, p50: at(0.5), p75: at(0.75), p90: at(0.9) };
}
