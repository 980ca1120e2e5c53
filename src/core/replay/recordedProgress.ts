import type { RecordedTurn } from "../recordedRun";

/**
 * What came of turns `since + 1` to `until`, as far as a record tells: edits, fewer failing checks, and, before the first
 * edit, reading. A record does not tell whether a file was read for the first time or an edit undone, so this is kinder
 * than the live monitor.
 */
export function recordedProgress(turns: readonly RecordedTurn[], since: number, until: number): readonly string[] {
  const before = turns.slice(0, since);
  const recent = turns.slice(since, until);
  const evidence: string[] = [];
  const edit = recent.findLastIndex(isEdit);
  if (edit >= 0) evidence.push(`edited in turn ${since + edit + 1}`);
  const [then, now] = [lastFailures(before), lastFailures(recent)];
  if (then !== null && now !== null && now < then) evidence.push(`failing checks ${then} → ${now}`);
  if (edit < 0 && !before.some(isEdit)) {
    const reads = recent.filter((turn) => turn.action === "read").length;
    if (reads > 0) evidence.push(`${reads} ${reads === 1 ? "turn" : "turns"} of reading before the first edit`);
  }
  return evidence;
}

function isEdit({ action, failed }: RecordedTurn): boolean {
  return action === "edit" && !failed;
}

function lastFailures(turns: readonly RecordedTurn[]): number | null {
  return turns.findLast((turn) => turn.failures !== null)?.failures ?? null;
}
