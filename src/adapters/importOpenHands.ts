import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import * as v from "valibot";
import { messageOf } from "../core/errors";
import { jsonOf, readLines } from "./importLines";
import { foundRun } from "./importOpenHandsRun";
import type { FoundRun } from "./importRun";
import type { ReadWatch } from "./importTally";
import { MAX_WHOLE_BYTES, readWhole } from "./importWhole";

/**
 * Runs of OpenHands in the forms it leaves them: a trajectory (a JSON array of events), `output.jsonl` of an evaluation
 * (a run per line), or a folder `events` with a file per event.
 */
export async function* openHandsRuns(place: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  if ((await stat(place)).isDirectory()) yield* folderRuns(place, watch);
  else if (place.endsWith(".jsonl")) yield* outputRuns(place, watch);
  else {
    const run = foundRun(await readWhole(place, watch), place, path.basename(place, ".json"), watch.tally);
    if (run === null) throw new Error("it holds no events of OpenHands");
    if (run.calls.length > 0) yield run;
  }
}

const Line = v.object({ instance_id: v.string() });

async function* outputRuns(file: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  const runs: FoundRun[] = [];
  const tries = new Map<string, number>();
  const take = (bytes: Buffer, unfinished: boolean) => {
    const value = jsonOf(bytes);
    if (value === undefined) watch.tally.badLines += unfinished ? 0 : 1;
    if (value === undefined) return;
    const name = v.is(Line, value) ? value.instance_id : "run";
    const earlier = tries.get(name) ?? 0;
    tries.set(name, earlier + 1);
    const run = foundRun(value, `${file}#${name}${earlier === 0 ? "" : `#${earlier + 1}`}`, name, watch.tally);
    if (run && run.calls.length > 0) runs.push(run);
    if (run === null) watch.tally.unknown("(no history)");
  };
  watch.tally.lines(await readLines(file, take, watch));
  yield* runs;
}

/** Events are numbered in their file names. The state of the whole conversation lies beside the folder, if anywhere. */
async function* folderRuns(folder: string, watch: ReadWatch): AsyncGenerator<FoundRun> {
  const names = (await readdir(folder)).filter(isEventFile);
  names.sort((a, b) => numberIn(a) - numberIn(b));
  const events: unknown[] = [];
  let bytes = 0;
  for (const name of names) {
    watch.signal.throwIfAborted();
    const text = await readFile(path.join(folder, name));
    watch.onBytes(text.length);
    bytes += text.length;
    if (bytes > MAX_WHOLE_BYTES) throw new Error(`its events have more than ${MAX_WHOLE_BYTES} bytes`);
    const event = jsonOf(text);
    if (event === undefined) watch.tally.badLines += 1;
    else events.push(event);
  }
  const state = await stateBeside(folder);
  const run = foundRun({ history: events, ...state }, folder, path.basename(path.dirname(folder)), watch.tally);
  if (run && run.calls.length > 0) yield run;
}

export function isEventFile(name: string): boolean {
  return /^(?:\d+|event-\d+.*)\.json$/.test(name);
}

function numberIn(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

const State = v.object({ stats: v.object({ usage_to_metrics: v.object({ agent: v.optional(v.unknown()) }) }) });

async function stateBeside(folder: string): Promise<{ readonly metrics?: unknown }> {
  try {
    const state = jsonOf(await readFile(path.join(folder, "../base_state.json")));
    return v.is(State, state) ? { metrics: state.stats.usage_to_metrics.agent } : {};
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return {};
    throw new Error(`the state beside it cannot be read: ${messageOf(error)}`);
  }
}
