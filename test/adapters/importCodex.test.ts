import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ImportedStore } from "./importStore";

const SESSION = "codex/sessions/2026/05/03/rollout-2026-05-03T10-00-00-cccccccc-0000-7000-8000-000000000001.jsonl";
/** gpt-5-codex in dollars per million tokens: fresh, cached, output. */
const cost = (fresh: number, cached: number, output: number) => (fresh * 1.25 + cached * 0.125 + output * 10) / 1e6;
const CALLS = [cost(4_000, 1_000, 200), cost(1_000, 5_000, 300), cost(2_000, 0, 40)];
const ALL = CALLS.reduce((sum, each) => sum + each, 0);
const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-8, `${actual} is not ${expected}`);

describe("import from Codex", () => {
  const store = new ImportedStore();
  beforeEach(() => store.open());
  afterEach(() => store.close());
  after(() => store.scratch.remove());

  type Counts = readonly [input: number, cached: number, output: number];
  const tokens = ([input, cached, output]: Counts) => ({
    ...{ input_tokens: input, cached_input_tokens: cached, output_tokens: output, reasoning_output_tokens: 0 },
    total_tokens: input + output,
  });
  const counted = (total: Counts, last: Counts) => ({
    ...{ timestamp: "2026-05-04T10:00:00.000Z", type: "event_msg" },
    payload: { type: "token_count", info: { total_token_usage: tokens(total), last_token_usage: tokens(last) } },
  });
  const meta = (id: string, part: object = {}) => ({ type: "session_meta", payload: { id, cwd: "/work/till", ...part } });
  const model = { type: "turn_context", payload: { model: "gpt-5-codex" } };
  const write = (name: string, lines: readonly object[]) => {
    mkdirSync(path.dirname(path.join(store.folder, name)), { recursive: true });
    writeFileSync(path.join(store.folder, name), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
  };

  it("counts each call once though it is told twice, cached input inside the input, and sums where the last is not told", async () => {
    store.copy(SESSION);
    const report = await store.import("codex");
    const { summary, turns } = await store.only();
    assert.deepEqual(
      turns.map(({ input, cacheRead, output }) => [input, cacheRead, output]),
      [
        [5_000, 1_000, 200],
        [6_000, 5_000, 300],
        [2_000, 0, 40],
      ],
    );
    for (const [index, turn] of turns.entries()) near((turn.usd ?? Number.NaN) / 1e9, CALLS[index] ?? Number.NaN);
    assert.deepEqual(summary.usage, {
      freshInput: 7_000,
      cacheRead: 6_000,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: 540,
      reasoning: 250,
    });
    assert.deepEqual(report.unknownKinds, { brand_new_item: 1 });
  });

  it("says what the run was and what each call did", async () => {
    store.copy(SESSION);
    await store.import("codex");
    const { summary, turns, recorded } = await store.only();
    assert.deepEqual(
      [summary.task, summary.project, summary.model, summary.outcome?.kind],
      ["Make the till count", { name: "till", path: "/work/till" }, "gpt-5-codex", "done"],
    );
    assert.deepEqual(
      turns.map(({ action, failed }) => [action, failed]),
      [
        ["search", true],
        ["edit", false],
        ["none", false],
      ],
    );
    assert.equal(recorded.lastEditTurn, 2);
  });

  it("counts what a fork has copied where it was made", async () => {
    store.copy(SESSION);
    await store.import("codex");
    const lines = readFileSync(path.join(store.folder, SESSION), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => ({ ...JSON.parse(line), timestamp: "2026-05-05T08:00:00.000Z" }));
    const fork = meta("cccccccc-2", { forked_from_id: "cccccccc-0000-7000-8000-000000000001" });
    write("fork.jsonl", [fork, ...lines, model, counted([14_000, 6_000, 550], [1_000, 0, 10])]);
    const report = await store.import("codex");
    assert.deepEqual([report.added, report.replaced, report.skippedFiles], [1, 0, 1]);
    near(await store.usd(), ALL + cost(1_000, 0, 10));
  });

  it("keeps sessions apart that happen to have the same counts", async () => {
    for (const id of ["a", "b"]) write(`${id}.jsonl`, [meta(id), model, counted([500, 0, 5], [500, 0, 5])]);
    const report = await store.import("codex");
    assert.equal(report.added, 2);
    near(await store.usd(), 2 * cost(500, 0, 5));
  });

  it("goes on when a sum begins anew, and prices by the model of the moment", async () => {
    const cheap = { type: "turn_context", payload: { model: "gpt-5-mini" } };
    write("a.jsonl", [meta("a"), model, counted([500, 0, 5], [500, 0, 5]), cheap, counted([100, 0, 1], [100, 0, 1])]);
    await store.import("codex");
    const { turns } = await store.only();
    near((turns[0]?.usd ?? Number.NaN) / 1e9, cost(500, 0, 5));
    near((turns[1]?.usd ?? Number.NaN) / 1e9, (100 * 0.25 + 2) / 1e6);
  });

  it("takes a sub-agent's session as a piece of a run", async () => {
    const spawned = { source: { subagent: { thread_spawn: { parent_thread_id: "a", depth: 1 } } } };
    write("a.jsonl", [meta("a", spawned), meta("p", { source: "cli" }), model, counted([500, 0, 5], [500, 0, 5])]);
    await store.import("codex");
    assert.equal((await store.runs.runs({ limit: 9 })).length, 1);
    assert.deepEqual(await store.runs.recordings({ limit: 9 }), []);
  });

  it("tells a run that the user stopped", async () => {
    const aborted = { type: "event_msg", payload: { type: "turn_aborted", reason: "interrupted" } };
    write("a.jsonl", [meta("a"), model, counted([500, 0, 5], [500, 0, 5]), aborted]);
    await store.import("codex");
    assert.deepEqual((await store.only()).summary.outcome, { kind: "interrupted", reason: "the user stopped it" });
  });
});
