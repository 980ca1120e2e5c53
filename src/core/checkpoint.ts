import type { CheckResult } from "./agentEvent";
import { ABSENT, differingPaths, isChange, isScratch, textsOf, workspaceDiff } from "./policy/workspaceDiff";
import type { RunState, TurnRecord } from "./runState";

/** The state of the workspace at a check, in a turn, at which fewer failed than do now. */
export interface Checkpoint {
  readonly turn: number;
  readonly command: string;
  /** Failing checks then and as last counted; 0 = all passed. */
  readonly failures: number;
  readonly failuresNow: number;
  /** Files to be set back, with what they held: a text by its key, or no file. `null` = not kept, so it cannot be set back. */
  readonly files: readonly SetBack[];
}

export interface SetBack {
  readonly path: string;
  /** What it holds now as far as the run knows, and what it held: `absent`, or the key of a text. */
  readonly holds: FileState | null;
  readonly held: FileState | null;
}

export type FileState = { readonly kind: "absent" } | { readonly kind: "text"; readonly key: string };

/**
 * The best state the run has seen, if the last is worse: by the command that checked last, the newest with the fewest
 * failures. `null` when the last state is the best, or nothing was counted.
 */
export function bestCheckpoint({ turns }: RunState): Checkpoint | null {
  const checked = turns.flatMap(({ turn, calls }) =>
    calls.flatMap(({ check }, call) => (check ? [{ at: { turn, call }, check }] : [])),
  );
  const last = checked.findLast(({ check }) => failuresOf(check) !== null);
  if (!last) return null;
  const failuresNow = failuresOf(last.check) ?? 0;
  let best = { at: last.at, failures: failuresNow };
  for (const { at, check } of checked) {
    const failures = check.command === last.check.command ? failuresOf(check) : null;
    if (failures !== null && failures < failuresNow && failures <= best.failures) best = { at, failures };
  }
  if (best.failures >= failuresNow) return null;
  const files = setBacks(turns, best.at);
  return files.length === 0
    ? null
    : { turn: best.at.turn, command: last.check.command, failures: best.failures, failuresNow, files };
}

function failuresOf(check: CheckResult): number | null {
  return check.passed ? 0 : check.failures;
}

/** The place of a check: what the same turn changed after it was not checked. */
interface Place {
  readonly turn: number;
  /** Index among the calls of the turn. */
  readonly call: number;
}

/** What would have to be set back so that the workspace is as it was at a check. */
function setBacks(turns: readonly TurnRecord[], at: Place): readonly SetBack[] {
  const end = (turn: number) => (turn < at.turn ? Number.POSITIVE_INFINITY : turn === at.turn ? at.call + 1 : 0);
  const then = workspaceDiff(turns.map((record) => ({ ...record, calls: record.calls.slice(0, end(record.turn)) })));
  const later = turns.flatMap((record) => record.calls.slice(end(record.turn)).flatMap((call) => call.changes));
  return differingPaths(then, workspaceDiff(turns)).flatMap((path) => {
    const changes = later.filter((change) => change.path === path && isChange(change) && !isScratch(path));
    const first = changes[0];
    const last = changes.at(-1);
    if (!first || !last) return [];
    return [{ path, held: stateOf(textsOf(first).before), holds: stateOf(textsOf(last).after) }];
  });
}

function stateOf(key: string | null): FileState | null {
  if (key === null) return null;
  return key === ABSENT ? { kind: "absent" } : { kind: "text", key };
}
