import type { Prior } from "./priors";

/**
 * Made by scripts/priors.mjs; not to be edited. Turns of published runs: gemini-3-pro-preview with mini-swe-agent on
 * SWE-bench Verified (gruckion/mini-swe-agent, MIT), and claude-sonnet-4.5, gpt-5 and gpt-4o with the Trae agent on
 * performance tasks (ISO-Bench/ISO-Bench, Apache-2.0). A run that was cut counts as one that would have been longer.
 */
export const PRIORS: readonly Prior[] = [
  { family: "claude", n: 147, p50: 55, p75: 66, p90: 123 },
  { family: "gemini", n: 246, p50: 35.5, p75: 46, p90: 71 },
  { family: "gpt", n: 124, p50: 36, p75: 47, p90: 59 },
  { family: null, n: 517, p50: 39, p75: 53, p90: 78 },
];
