import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import * as v from "valibot";
import { messageOf } from "../core/errors";
import { usd } from "../core/money";
import { actionOfWord } from "../core/recordedAction";
import type { RecordedRun, RecordedTurn } from "../core/recordedRun";

/** A file of recorded runs that cannot be used, with what is wrong and where. */
export class RecordedFileError extends Error {}

const count = v.nullish(v.pipe(v.number(), v.finite(), v.minValue(0)), null);
/** No turn costs more than this, in dollars. */
const MOST_USD = 10_000;
const turnNumber = v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0)), null);

const Turn = v.object({
  prompt_tokens: count,
  cached_tokens: count,
  completion_tokens: count,
  tool: v.nullish(v.string(), null),
  tool_output_tokens: count,
  cost_usd: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(MOST_USD)), null),
});

/** A line of the data set; fields it does not name are of no use here. */
const Line = v.object({
  source: v.string(),
  model: v.string(),
  agent: v.nullish(v.string(), null),
  run: v.nullish(v.union([v.string(), v.number()]), null),
  trial: v.nullish(v.union([v.string(), v.number()]), null),
  task_id: v.string(),
  resolved: v.nullish(v.boolean(), null),
  n_turns: turnNumber,
  max_steps: turnNumber,
  exit_status: v.nullish(v.string(), null),
  last_src_edit_turn: turnNumber,
  turns: v.array(Turn),
});

/** All runs of files of JSON lines, plain or gzipped, in their order. Throws `RecordedFileError` on the first that is no run. */
export async function readRecordedRuns(files: readonly string[]): Promise<readonly RecordedRun[]> {
  const runs: RecordedRun[] = [];
  for (const file of files) {
    const before = runs.length;
    for await (const run of recordedRuns(file)) runs.push(run);
    if (runs.length === before) throw new RecordedFileError(`${file} holds no runs: it should have one JSON object per line`);
  }
  return runs;
}

/** The runs of one file, one at a time. */
export async function* recordedRuns(file: string): AsyncGenerator<RecordedRun> {
  let line = 0;
  try {
    for await (const text of createInterface({ input: await openText(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      line += 1;
      if (text.trim() !== "") yield readLine(text, `${file}, line ${line}`);
    }
  } catch (error) {
    throw error instanceof RecordedFileError ? error : new RecordedFileError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

/** Compressed or not is told by the first bytes, whatever the name says. */
async function openText(file: string): Promise<NodeJS.ReadableStream> {
  const handle = await open(file, "r");
  const start = Buffer.alloc(2);
  try {
    await handle.read(start, 0, 2, 0);
  } finally {
    await handle.close();
  }
  const bytes = createReadStream(file);
  if (start[0] !== 0x1f || start[1] !== 0x8b) return bytes;
  const text = createGunzip();
  bytes.on("error", (error) => text.destroy(error));
  return bytes.pipe(text);
}

function readLine(text: string, place: string): RecordedRun {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new RecordedFileError(`${place} is not JSON: ${messageOf(error)}`);
  }
  const parsed = v.safeParse(Line, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new RecordedFileError(`${place} is not a recorded run: ${v.getDotPath(issue) ?? "the line"}: ${issue.message}`);
  }
  return recordedRun(parsed.output, place);
}

function recordedRun(line: v.InferOutput<typeof Line>, place: string): RecordedRun {
  const { source, model, task_id: task, resolved, n_turns: told, last_src_edit_turn: lastEditTurn, turns } = line;
  // A record may say how long a run was and tell less of its end.
  const untold = Math.max(0, (told ?? turns.length) - turns.length);
  return {
    ...{ source, model, task, resolved, lastEditTurn, project: null, startedAt: null, ended: endedByItself(line) },
    id: [model, line.agent, task, line.run ?? line.trial ?? place].filter((part) => part !== null).join("#"),
    turns: [...turns.map(recordedTurn), ...Array.from({ length: untold }, () => UNTOLD)],
  };
}

/** Words for an end by a limit or a fault, as agents of this field name them. */
const CUT = /exit_|_exit|limit|exceed|time_?out|max_|error|abort|interrupt|cancel|unfinished/i;
const FINISHING = /submit|finish|done|complete/i;

/** A last call that says the task is finished counts for more than a status, which may be about the verdict. */
function endedByItself({ exit_status: status, max_steps: most, turns }: v.InferOutput<typeof Line>): boolean {
  if (FINISHING.test(turns.at(-1)?.tool ?? "")) return true;
  return !CUT.test(status ?? "") && (most === null || turns.length < most);
}

const UNTOLD: RecordedTurn = {
  ...{ input: null, cacheRead: null, output: null, usd: null, action: "other", failed: false, result: null, failures: null },
};

function recordedTurn(turn: v.InferOutput<typeof Turn>): RecordedTurn {
  const { prompt_tokens: input, cached_tokens: cacheRead, completion_tokens: output, tool, cost_usd: cost } = turn;
  return {
    ...{ input, cacheRead, output, result: turn.tool_output_tokens, failures: null },
    usd: cost === null ? null : usd(cost),
    action: actionOfWord(tool, output),
    failed: tool !== null && /\(failed\)$/.test(tool),
  };
}
