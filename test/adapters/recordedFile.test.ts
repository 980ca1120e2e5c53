import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { RecordedFileError, readRecordedRuns } from "../../src/adapters/recordedFile";

const folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-recorded-"));

function file(content: string | Uint8Array, name = "runs.jsonl"): string {
  const full = path.join(folder, name);
  writeFileSync(full, content);
  return full;
}

const turn = {
  prompt_tokens: 1_000,
  cached_tokens: 200,
  completion_tokens: 50,
  tool: "read",
  tool_output_tokens: 7,
  cost_usd: 0.25,
};
const line = (change: object = {}) =>
  JSON.stringify({
    source: "s",
    model: "m",
    task_id: "t",
    resolved: true,
    n_turns: 1,
    last_src_edit_turn: 1,
    turns: [turn],
    ...change,
  });

describe("a file of recorded runs", () => {
  it("is read plain or gzipped, whatever its name says", async () => {
    const text = `${line()}\n\n${line({ task_id: "u", resolved: null })}\n`;
    for (const content of [text, gzipSync(text)]) {
      const runs = await readRecordedRuns([file(content)]);
      assert.deepEqual(
        runs.map(({ task, resolved, lastEditTurn, ended }) => [task, resolved, lastEditTurn, ended]),
        [
          ["t", true, 1, true],
          ["u", null, 1, true],
        ],
      );
      assert.deepEqual(runs[0]?.turns, [
        { input: 1_000, cacheRead: 200, output: 50, usd: 250_000_000, action: "read", failed: false, result: 7, failures: null },
      ]);
    }
  });

  it("keeps what a record does not tell apart from zero, and a run as long as it says it was", async () => {
    const [run] = await readRecordedRuns([
      file(line({ n_turns: 3, turns: [{ tool: "bash-command(failed)" }], total_cost_usd: null })),
    ]);
    assert.equal(run?.turns.length, 3);
    assert.deepEqual(
      [run?.turns[0]?.usd, run?.turns[0]?.input, run?.turns[0]?.failed, run?.turns[0]?.action],
      [null, null, true, "command"],
    );
  });

  it("tells a run that was cut from one that ended by itself", async () => {
    const ending = (exit_status: string | null, tool: string, max_steps: number | null = null) =>
      line({ exit_status, max_steps, turns: [{ ...turn, tool }] });
    const ended = [
      ...[ending("Submitted", "bash"), ending("submitted", "submit"), ending(null, "bash"), ending("success/finished", "bash")],
      ...[ending("success/unfinished", "task_done"), ending("success", "task_done", 1), ending("success", "bash", 2)],
    ];
    const cut = [
      ...[ending("submitted (exit_cost)", "exit_cost"), ending("exit_context", "edit"), ending("early_exit", "edit")],
      ...[ending("LimitsExceeded", "bash"), ending("max_iterations", "bash"), ending("error/unfinished", "bash")],
      ...[ending(null, "bash", 1), ending("TimeoutError", "bash")],
    ];
    const runs = await readRecordedRuns([file([...ended, ...cut].join("\n"))]);
    assert.deepEqual(
      runs.map((run) => run.ended),
      [...ended.map(() => true), ...cut.map(() => false)],
    );
  });

  it("names the file, the line and what is wrong with it", async () => {
    const wrong: readonly (readonly [string, RegExp])[] = [
      [`${line()}\n{"source": oops`, /runs\.jsonl, line 2 is not JSON/],
      [line({ turns: undefined }), /line 1 is not a recorded run: turns/],
      [line({ turns: [{ ...turn, cost_usd: -1 }] }), /line 1 is not a recorded run: turns\.0\.cost_usd/],
      ["\n\n", /holds no runs/],
    ];
    for (const [content, message] of wrong) {
      await assert.rejects(
        readRecordedRuns([file(content)]),
        (error) => error instanceof RecordedFileError && message.test(error.message),
      );
    }
    await assert.rejects(readRecordedRuns([path.join(folder, "none.jsonl")]), RecordedFileError);
    const cut = gzipSync(`${line()}\n`.repeat(500));
    await assert.rejects(readRecordedRuns([file(cut.subarray(0, cut.length - 20))]), RecordedFileError);
  });
});
