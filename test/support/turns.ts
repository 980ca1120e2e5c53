import type { CheckResult, FileChange } from "../../src/core/agentEvent";
import type { CallRecord, TurnRecord } from "../../src/core/runState";
import { NO_USAGE } from "../../src/core/usage";
import { dollars } from "./scriptedRun";

/** Records of calls and turns as a run's state holds them, for what is computed from them. */

export function callRecord(change: Partial<CallRecord> = {}): CallRecord {
  const nothing = { resultTokens: 0, truncated: false, ms: 1, exitCode: null, changes: [], check: null };
  return { callId: "c", tool: "echo", subject: "", state: "ok", text: "", ...nothing, ...change };
}

export const reads = (path: string): CallRecord => callRecord({ tool: "read_file", subject: path, text: `text of ${path}` });

/** An edit that leaves `after` in place of `before`, both by their keys; `null` = no such file. */
export function edits(path: string, before: string | null, after: string | null): CallRecord {
  const change: FileChange = { path, added: after === null ? 0 : 1, removed: before === null ? 0 : 1, before, after };
  return callRecord({ tool: "edit_file", subject: path, changes: [change] });
}

/** A check with so many failures. */
export function checks(failures: number, command = "npm test", text = ""): CallRecord {
  const check: CheckResult = { command, passed: failures === 0, failures };
  return callRecord({ tool: "run_command", subject: command, text, state: failures === 0 ? "ok" : "failed", check });
}

/** One turn per entry, numbered from 1. */
export function turnRecords(...calls: (CallRecord | readonly CallRecord[])[]): TurnRecord[] {
  return calls.map((one, index) => turnRecord(index + 1, { calls: [one].flat() }));
}

export function turnRecord(turn: number, change: Partial<TurnRecord> = {}): TurnRecord {
  return {
    ...{ turn, purpose: "turn", tail: null, plan: null, charges: [], retries: [], usage: NO_USAGE, usd: null },
    ...{ provenance: null, runningUsd: dollars(0), text: "", calls: [], hint: null, startedAt: 0, endedAt: 1, waitedMs: 0 },
    ...change,
  };
}
