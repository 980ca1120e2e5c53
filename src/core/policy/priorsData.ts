import type { Prior } from "./priors";

/**
 * Made by scripts/priors.mjs; not to be edited. Turns of published runs: gemini-3-pro-preview with mini-swe-agent on
 * SWE-bench Verified (gruckion/mini-swe-agent, MIT), and claude-sonnet-4.5, gpt-5 and gpt-4o with the Trae agent on
 * performance tasks (ISO-Bench/ISO-Bench, Apache-2.0).
 */
export const PRIORS: readonly Prior[] = [
  { family: "claude", n: 147, p50: 41, p75: 58, p90: 80 },
  { family: "gemini", n: 246, p50: 35.5, p75: 46, p90: 71 },
  { family: "gpt", n: 124, p50: 34, p75: 44.25, p90: 54.7 },
  { family: null, n: 517, p50: 36, p75: 49, p90: 68.8 },
];
