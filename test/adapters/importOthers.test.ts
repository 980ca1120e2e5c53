import assert from "node:assert/strict";
import { appendFileSync, copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { RecordedTurn } from "../../src/core/recordedRun";
import { ImportedStore } from "./importStore";

const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-8, `${actual} is not ${expected}`);
const actions = (turns: readonly RecordedTurn[]) => turns.map(({ action, failed }) => `${action}${failed ? " failed" : ""}`);

describe("import from other agents", () => {
  const store = new ImportedStore();
  beforeEach(() => store.open());
  afterEach(() => store.close());
  after(() => store.scratch.remove());

  describe("mini-swe-agent", () => {
    it("shares the agent's own sum over the calls by their list prices", async () => {
      store.copy("mini");
      await store.import("mini-swe-agent");
      const { summary, turns } = await store.only();
      near(await store.usd(), 0.03);
      const list = [1_000 * 3 + 100 * 15, 1_000 * 3 + 1_000 * 0.3 + 200 * 15, 1_000 * 3 + 2_000 * 0.3 + 50 * 15];
      const all = list.reduce((sum, each) => sum + each, 0);
      for (const [index, turn] of turns.entries())
        near((turn.usd ?? Number.NaN) / 1e9, (0.03 * (list[index] ?? Number.NaN)) / all);
      assert.deepEqual(
        turns.map(({ input, cacheRead, output }) => [input, cacheRead, output]),
        [
          [1_000, 0, 100],
          [2_000, 1_000, 200],
          [3_000, 2_000, 50],
        ],
      );
      assert.deepEqual([summary.unknownCharges, summary.estimatedCharges], [0, 0]);
    });

    it("says what the run was, and what was done by its shell commands", async () => {
      const file = path.join(store.copy("mini"), "astropy__astropy-1.traj.json");
      await store.import("mini-swe-agent");
      const { summary, turns, recorded } = await store.only();
      assert.deepEqual(actions(turns), ["read", "edit failed", "check"]);
      assert.deepEqual(
        [summary.task, summary.model, summary.outcome?.kind, recorded.ended, recorded.resolved],
        ["astropy__astropy-1", "claude-sonnet-4-5-20250929", "done", true, null],
      );
      assert.equal(summary.endedAt, Math.round(statSync(file).mtimeMs));
    });

    it("keeps a sum that cannot be shared with the run alone, and counts the calls of a run that was cut", async () => {
      const file = path.join(store.copy("mini"), "astropy__astropy-1.traj.json");
      const text = readFileSync(file, "utf8").replaceAll("claude-sonnet-4-5-20250929", "no-such-model-9");
      writeFileSync(file, text.replace("Submitted", "LimitsExceeded"));
      await store.import("mini-swe-agent");
      const { summary, turns, recorded } = await store.only();
      near(await store.usd(), 0.03);
      assert.deepEqual([turns.map(({ usd }) => usd), summary.unknownCharges], [[null, null, null], 0]);
      assert.deepEqual([summary.outcome, recorded.ended], [{ kind: "stopped", reason: "turns" }, false]);
    });

    it("takes the costs of calls where they are told", async () => {
      const file = path.join(store.copy("mini"), "astropy__astropy-1.traj.json");
      let cents = 0;
      const text = readFileSync(file, "utf8").replaceAll(
        '"extra": {',
        () => `"extra": { "cost": ${++cents / 100}, "timestamp": ${1_777_777_000 + cents},`,
      );
      writeFileSync(file, text);
      await store.import("mini-swe-agent");
      const { summary, turns } = await store.only();
      assert.deepEqual(
        turns.map(({ usd }) => usd),
        [10_000_000, 20_000_000, 30_000_000],
      );
      assert.deepEqual([summary.startedAt, summary.endedAt], [1_777_777_001_000, 1_777_777_003_000]);
    });

    it("counts a copy of a run once", async () => {
      const folder = store.copy("mini");
      copyFileSync(path.join(folder, "astropy__astropy-1.traj.json"), path.join(folder, "copy.traj.json"));
      const { mtime } = statSync(path.join(folder, "astropy__astropy-1.traj.json"));
      const { utimesSync } = await import("node:fs");
      utimesSync(path.join(folder, "copy.traj.json"), mtime, mtime);
      const report = await store.import("mini-swe-agent");
      assert.deepEqual([report.files, report.added, report.unchanged], [2, 1, 1]);
    });
  });

  describe("SWE-agent", () => {
    it("has turns without figures of their own, and the figures of the run", async () => {
      store.copy("swe");
      await store.import("swe-agent");
      const { summary, turns, recorded } = await store.only();
      near(await store.usd(), 1.25);
      assert.deepEqual([summary.usage.freshInput, summary.usage.output, summary.unknownCharges], [41_000, 900, 0]);
      for (const { input, cacheRead, output, usd } of turns)
        assert.deepEqual([input, cacheRead, output, usd], [null, null, null, null]);
      assert.deepEqual(actions(turns), ["search", "edit", "check", "finish"]);
      assert.deepEqual(
        [summary.task, summary.model, summary.outcome, recorded.lastEditTurn],
        ["django__django-2", "gpt-5", { kind: "stopped", reason: "dollars" }, 2],
      );
    });

    it("finds the model in the settings kept beside the steps", async () => {
      const file = path.join(store.copy("swe"), "gpt-5__lite__t0/django__django-2.traj");
      const record = {
        ...JSON.parse(readFileSync(file, "utf8")),
        replay_config: JSON.stringify({ agent: { model: { name: "gpt-5-mini" } } }),
      };
      writeFileSync(file, JSON.stringify(record));
      await store.import("swe-agent");
      assert.equal((await store.only()).summary.model, "gpt-5-mini");
    });
  });

  describe("OpenHands", () => {
    it("takes what the sums of a trajectory grow by, and actions of one answer as one call", async () => {
      const file = store.copy("openhands/trajectory.json", "trajectory.json");
      const report = await store.import("openhands", file);
      const { summary, turns } = await store.only();
      assert.deepEqual(
        turns.map(({ input, cacheRead, output, usd }) => [input, cacheRead, output, usd]),
        [
          [4_000, 0, 100, 20_000_000],
          [5_000, 3_900, 300, 30_000_000],
          [5_000, 4_900, 50, 10_000_000],
        ],
      );
      assert.deepEqual(actions(turns), ["read", "edit failed", "finish"]);
      assert.deepEqual(
        [summary.task, summary.outcome?.kind, summary.model],
        ["Fix the parser", "done", "claude-sonnet-4-5-20250929"],
      );
      assert.equal(summary.usage.cacheWrite5m, 4_950);
      assert.deepEqual(report.unknownKinds, { "(no kind)": 1 });
    });

    it("reads the runs of an evaluation line by line, with the figures of each call", async () => {
      const file = store.copy("openhands/output.jsonl", "output.jsonl");
      await store.import("openhands", file);
      const { summary, turns, recorded } = await store.only();
      assert.deepEqual(
        turns.map(({ input, cacheRead, output, usd }) => [input, cacheRead, output, usd]),
        [
          [1_000, 0, 10, 100_000_000],
          [2_000, 1_000, 20, 150_000_000],
          [3_000, 2_000, 30, 50_000_000],
        ],
      );
      assert.deepEqual(actions(turns), ["check failed", "read", "edit"]);
      assert.deepEqual(
        [summary.task, summary.outcome, recorded.resolved, recorded.ended],
        ["sympy__sympy-3", { kind: "stopped", reason: "turns" }, false, false],
      );
      const [line = ""] = readFileSync(file, "utf8").split("\n");
      appendFileSync(file, `${line.replaceAll("sympy-3", "sympy-4")}\n`);
      const again = await store.import("openhands", file);
      assert.deepEqual([again.added, again.replaced, again.unchanged], [1, 0, 1]);
    });

    it("reads a folder of events as one run", async () => {
      store.copy("openhands/sessions");
      const report = await store.import("openhands");
      const { summary, turns } = await store.only();
      assert.deepEqual(
        [report.files, summary.task, turns.length, summary.outcome?.kind],
        [1, "Fix the parser", 2, "interrupted"],
      );
      near(await store.usd(), 0.05);
    });
  });

  describe("data sets", () => {
    const line = (part: object = {}) => ({
      ...{ source: "some/set", model: "m", task_id: "t-1", resolved: true, n_turns: 2, last_src_edit_turn: 1 },
      turns: [
        { prompt_tokens: 100, cached_tokens: 40, completion_tokens: 10, tool: "edit", tool_output_tokens: 5, cost_usd: 0.5 },
        { prompt_tokens: 200, completion_tokens: 20, tool: "pytest", tool_output_tokens: null, cost_usd: null },
      ],
      ...part,
    });
    const jsonLines = (...lines: readonly object[]) => `${lines.map((each) => JSON.stringify(each)).join("\n")}\n`;

    it("keep their verdicts, what they do not tell, and their own name as the source", async () => {
      const file = path.join(store.folder, "runs.jsonl.gz");
      writeFileSync(file, gzipSync(jsonLines(line())));
      await store.import("recorded");
      const { summary, turns, recorded } = await store.only();
      assert.deepEqual(
        turns.map(({ input, cacheRead, output, usd, action, result }) => [input, cacheRead, output, usd, action, result]),
        [
          [100, 40, 10, 500_000_000, "edit", 5],
          [200, null, 20, null, "check", null],
        ],
      );
      assert.deepEqual(
        [recorded.source, recorded.resolved, recorded.lastEditTurn, recorded.startedAt, summary.unknownCharges],
        ["some/set", true, 1, null, 1],
      );
    });

    it("count tries of a task one by one, and the same set from another file not again", async () => {
      const text = jsonLines(line(), line(), line({ run: 7 }), line({ trial: "b" }));
      writeFileSync(path.join(store.folder, "a.jsonl"), text);
      const first = await store.import("recorded");
      assert.deepEqual([first.added, first.unchanged], [4, 0]);
      writeFileSync(path.join(store.folder, "b.jsonl.gz"), gzipSync(text));
      const second = await store.import("recorded");
      assert.deepEqual([second.added, second.replaced, second.unchanged, second.skippedFiles], [0, 0, 4, 1]);
    });
  });
});
