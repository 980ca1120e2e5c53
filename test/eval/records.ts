import type { TryRecord } from "../../scripts/eval/record";

/** A try that solved its task in four turns for a cent, with changes. */
export function tryRecord(change: Partial<TryRecord> = {}): TryRecord {
  return {
    ...{ kind: "try", task: "a", language: "JavaScript", taskDigest: "0", policy: "unrestricted", policyArgs: ["--policy", "x"] },
    ...{ repeat: 1, model: "m", end: "done", outcome: { kind: "done", reason: "" }, solved: true, changedFiles: 1, check: null },
    ...{ turns: 4, usd: 0.01, knownUsd: 0.01, estimatedCharges: 0, unknownCharges: 0, tokens: null, seconds: 1, exitCode: 0 },
    ...{ capUsd: 0.5, trouble: null, at: "2026-01-01T00:00:00.000Z" },
    ...change,
  };
}
