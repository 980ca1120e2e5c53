import type { TurnRecord } from "../runState";

/** What came of the turns after `sinceTurn`: changed files, fewer failing checks; before the first edit, files read anew. */
export function progressSince(turns: readonly TurnRecord[], sinceTurn: number): readonly string[] {
  const recent = turns.filter((turn) => turn.turn > sinceTurn);
  const evidence: string[] = [];

  const changed = new Map<string, number>();
  for (const { turn, path } of changesOf(recent)) changed.set(path, turn);
  for (const [path, turn] of changed) evidence.push(`${path} changed in turn ${turn}`);

  const before = lastFailures(turns.filter((turn) => turn.turn <= sinceTurn));
  const now = lastFailures(recent);
  if (now !== null && before !== null && now < before) evidence.push(`failing checks ${before} → ${now}`);

  if (changesOf(turns).length === 0) {
    const known = new Set(subjectsRead(turns.filter((turn) => turn.turn <= sinceTurn)));
    const fresh = new Set(subjectsRead(recent).filter((subject) => !known.has(subject)));
    if (fresh.size > 0) evidence.push(`${fresh.size} ${fresh.size === 1 ? "file" : "files"} read for the first time`);
  }
  return evidence;
}

/** Paths that are for trying things out: changing them is not progress. */
const SCRATCH = /(^|\/)(tmp|temp|scratch)([-_.\d][^/]*)?(\/|$)|\.(log|tmp|orig)$/i;

function changesOf(turns: readonly TurnRecord[]): { turn: number; path: string }[] {
  return turns.flatMap((turn) =>
    turn.calls
      .flatMap((call) => call.changes)
      .filter((change) => change.added + change.removed > 0 && !SCRATCH.test(change.path))
      .map((change) => ({ turn: turn.turn, path: change.path })),
  );
}

/** Failing checks as last counted: 0 when the last check passed, `null` when none was counted. */
function lastFailures(turns: readonly TurnRecord[]): number | null {
  const checks = turns.flatMap((turn) => turn.calls).flatMap((call) => call.check ?? []);
  const last = checks.findLast((check) => check.passed || check.failures !== null);
  return last ? (last.passed ? 0 : last.failures) : null;
}

function subjectsRead(turns: readonly TurnRecord[]): string[] {
  return turns.flatMap((turn) =>
    turn.calls.filter((call) => call.tool === "read_file" && call.state === "ok").map((call) => call.subject),
  );
}
