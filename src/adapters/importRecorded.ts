import type { ImportedRun, ImportedTurn } from "../core/imports";
import { OWN_SOURCE } from "../core/imports";
import type { RecordedRun, RecordedTurn } from "../core/recordedRun";
import { NO_USAGE } from "../core/usage";
import { DONE, left } from "./importRun";
import { recordedRuns } from "./recordedFile";

/** Runs of a data set. They were not the user's: no date, and their source is what the data set calls itself. */
export async function* importedRecordings(file: string): AsyncGenerator<ImportedRun> {
  const tries = new Map<string, number>();
  for await (const run of recordedRuns(file)) {
    // A run without a name of its own is named by its place: that must not change with the name of the file.
    const named = run.id.replaceAll(file, "").replace(/#, line \d+$/, "");
    const earlier = tries.get(named) ?? 0;
    tries.set(named, earlier + 1);
    yield importedRecording(run, earlier === 0 ? named : `${named}#${earlier + 1}`);
  }
}

function importedRecording(run: RecordedRun, sourceId: string): ImportedRun {
  const { task, model, resolved, lastEditTurn, startedAt } = run;
  return {
    ...{ sourceId, task, isPiece: false, model, resolved, lastEditTurn, startedAt, endedAt: null },
    source: run.source === OWN_SOURCE ? "recorded" : run.source,
    project: run.project === null ? null : { name: run.project, path: run.project },
    outcome: run.ended ? DONE : left("it was cut"),
    turns: run.turns.map((turn, index) => importedTurn(turn, `${sourceId}:${index + 1}`)),
  };
}

/** Tries may be alike to the last figure: it is the name that tells them apart. */
function importedTurn(turn: RecordedTurn, key: string): ImportedTurn {
  const { input, cacheRead, output, usd, action, failed, result, failures } = turn;
  const read = Math.min(cacheRead ?? 0, input ?? 0);
  return {
    ...{ key, at: null, action, failed, failures, usd },
    usage: {
      ...NO_USAGE,
      freshInput: Math.round((input ?? 0) - read),
      cacheRead: Math.round(read),
      output: Math.round(output ?? 0),
    },
    known: { input: input !== null, cacheRead: cacheRead !== null, output: output !== null, usd: usd !== null },
    provenance: usd === null ? "unknown" : "reported",
    result: result === null ? null : Math.round(result),
  };
}
