import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ImportedStore } from "./importStore";

const SESSION = "claude/projects/-work-shop/aaaaaaaa-0000-4000-8000-000000000001.jsonl";

/** List prices in dollars per million tokens: input, 5-minute write, 1-hour write, cached, output. */
const SONNET = [3, 3.75, 6, 0.3, 15];
const HAIKU = [1, 1.25, 2, 0.1, 5];
const cost = (rates: readonly number[], tokens: readonly number[]) =>
  tokens.reduce((sum, count, index) => sum + (count * (rates[index] ?? Number.NaN)) / 1e6, 0);
/** The calls of the fixture, in the order of `cost`. */
const CALLS = [
  cost(SONNET, [10, 1_000, 2_000, 0, 120]),
  cost(SONNET, [20, 100, 0, 3_000, 80]),
  cost(SONNET, [5, 50, 0, 3_100, 60]),
  cost(HAIKU, [400, 0, 0, 0, 30]),
  cost(SONNET, [7, 0, 0, 3_150, 12]),
];
const ALL = CALLS.reduce((sum, each) => sum + each, 0);
const near = (actual: number, expected: number) => assert.ok(Math.abs(actual - expected) < 1e-8, `${actual} is not ${expected}`);

describe("import from Claude Code", () => {
  const store = new ImportedStore();
  beforeEach(() => store.open());
  afterEach(() => store.close());
  after(() => store.scratch.remove());

  const assistant = (id: string, part: object = {}, message: object = {}) => ({
    ...{ type: "assistant", sessionId: "s", cwd: "/work/x", timestamp: "2026-05-04T09:00:00.000Z", requestId: `req_${id}` },
    message: {
      ...{ id, model: "claude-sonnet-4-5-20250929", role: "assistant", content: [{ type: "text", text: "ok" }] },
      ...{ usage: { input_tokens: 100, output_tokens: 10 }, ...message },
    },
    ...part,
  });
  const write = (name: string, lines: readonly (object | string)[], end = "\n") => {
    const file = path.join(store.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n") + end);
    return file;
  };

  it("counts an answer of several lines once, with what it came to in the end", async () => {
    store.copy(SESSION);
    const report = await store.import("claude-code");
    assert.deepEqual([report.added, report.files, report.badLines, report.longLines], [1, 1, 0, 0]);
    const { summary, turns } = await store.only();
    assert.deepEqual(
      turns.map(({ input, cacheRead, output }) => [input, cacheRead, output]),
      [
        [3_010, 0, 120],
        [3_120, 3_000, 80],
        [3_155, 3_100, 60],
        [400, 0, 30],
        [3_157, 3_150, 12],
      ],
    );
    assert.deepEqual(summary.usage, {
      ...{ freshInput: 442, cacheRead: 9_250, cacheWrite5m: 1_150, cacheWrite1h: 2_000, output: 302, reasoning: 0 },
    });
  });

  it("prices each call by its own model and the length of the cache it wrote", async () => {
    store.copy(SESSION);
    await store.import("claude-code");
    const { turns } = await store.only();
    for (const [index, turn] of turns.entries()) near((turn.usd ?? Number.NaN) / 1e9, CALLS[index] ?? Number.NaN);
    near(await store.usd(), ALL);
  });

  it("says what the run was: task, project, model, times, end, and what each call did", async () => {
    store.copy(SESSION);
    const report = await store.import("claude-code");
    const { summary, turns, recorded } = await store.only();
    assert.deepEqual(
      [summary.task, summary.project, summary.model, summary.outcome, summary.turns],
      [
        "Fix the rounding of invoice totals",
        { name: "shop", path: "/work/shop" },
        "claude-sonnet-4-5-20250929",
        { kind: "done", reason: "" },
        5,
      ],
    );
    assert.equal(summary.startedAt, Date.parse("2026-05-03T08:59:00.000Z"));
    assert.equal(summary.endedAt, Date.parse("2026-05-03T09:01:00.000Z"));
    assert.deepEqual(
      turns.map(({ action, failed }) => [action, failed]),
      [
        ["read", false],
        ["edit", true],
        ["other", false],
        ["check", false],
        ["none", false],
      ],
    );
    assert.deepEqual(
      [turns[0]?.result, recorded.lastEditTurn],
      [Math.ceil("export const total = (rows) => rows.length;\n".length / 4), null],
    );
    assert.deepEqual(report.unknownKinds, { "shiny-new-kind": 1 });
  });

  it("adds nothing when it is done again, and never reads a file that has not changed", async () => {
    store.copy(SESSION);
    await store.import("claude-code");
    const again = await store.import("claude-code");
    assert.deepEqual([again.added, again.replaced, again.unchanged, again.skippedFiles], [0, 0, 0, 1]);
    near(await store.usd(), ALL);
  });

  it("puts a session that has grown in the place of what it was", async () => {
    const file = store.copy(SESSION);
    await store.import("claude-code");
    appendFileSync(file, `${JSON.stringify(assistant("msg_05"))}\n`);
    const again = await store.import("claude-code");
    assert.deepEqual([again.added, again.replaced, again.skippedFiles], [0, 1, 0]);
    assert.equal((await store.only()).summary.turns, 6);
    near(await store.usd(), ALL + cost(SONNET, [100, 0, 0, 0, 10]));
  });

  it("counts what a resumed session has copied of another where it was made, and a moved file not at all", async () => {
    const file = store.copy(SESSION);
    const lines = readFileSync(file, "utf8");
    await store.import("claude-code");
    write("claude/projects/-work-shop/resumed.jsonl", [lines.trimEnd(), assistant("msg_new")]);
    write("claude/projects/-work-other/moved.jsonl", [lines.trimEnd()]);
    const report = await store.import("claude-code");
    assert.deepEqual([report.added, report.unchanged, report.skippedFiles], [1, 1, 1]);
    near(await store.usd(), ALL + cost(SONNET, [100, 0, 0, 0, 10]));
    assert.deepEqual((await store.runs.runs({ limit: 9 })).map(({ turns }) => turns).sort(), [1, 5]);
  });

  it("takes the costs that old versions wrote down", async () => {
    write("a.jsonl", [assistant("m1", { costUSD: 0.25 }), assistant("m2")]);
    await store.import("claude-code");
    near(await store.usd(), 0.25 + cost(SONNET, [100, 0, 0, 0, 10]));
  });

  it("does not know what a model costs that has no price, which is not nothing", async () => {
    write("a.jsonl", [assistant("m1", {}, { model: "no-such-model-9" }), assistant("m2")]);
    await store.import("claude-code");
    const { summary, turns } = await store.only();
    assert.deepEqual([turns[0]?.usd, turns[0]?.input, summary.unknownCharges], [null, 100, 1]);
  });

  it("tells a session that was left or stopped from one that ended", async () => {
    const use = { content: [{ type: "tool_use", id: "t1", name: "Bash", input: { command: "sleep 9" } }] };
    const user = (content: unknown) => ({ type: "user", message: { role: "user", content } });
    write("left.jsonl", [user("Go"), assistant("m1", {}, use)]);
    write("unanswered.jsonl", [user("Go"), assistant("m2"), user("And now?")]);
    write("stopped.jsonl", [
      user("Go"),
      assistant("m3", {}, use),
      user([{ type: "text", text: "[Request interrupted by user]" }]),
    ]);
    await store.import("claude-code");
    const runs = await store.runs.runs({ limit: 9 });
    assert.deepEqual(
      runs.map(({ outcome }) => outcome?.kind),
      ["interrupted", "interrupted", "interrupted"],
    );
    assert.deepEqual(
      (await store.runs.lengths({ model: "claude-sonnet-4-5", projectPath: null })).map(({ ended }) => ended),
      [false, false, false],
    );
  });

  it("measures long results without reading them, with spaces in their JSON or not", async () => {
    const long = "x".repeat(100_000);
    const use = (id: string) => ({ content: [{ type: "tool_use", id, name: "Bash", input: { command: "make" } }] });
    const result = (id: string) => ({
      type: "user",
      message: { role: "user", content: [{ type: "tool_result", tool_use_id: id, is_error: true, content: long }] },
    });
    const spaced = JSON.stringify(result("t2"), null, 1).replaceAll(/\n\s*/g, " ").replaceAll(":", ": ");
    write("a.jsonl", [assistant("m1", {}, use("t1")), result("t1"), assistant("m2", {}, use("t2")), spaced]);
    await store.import("claude-code");
    const { turns } = await store.only();
    for (const { failed, result: tokens } of turns) {
      assert.equal(failed, true);
      assert.ok(tokens !== null && tokens >= 25_000 && tokens < 25_200, String(tokens));
    }
  });

  it("passes over lines that are no JSON or too long, counts them, and takes what is no UTF-8 as it can", async () => {
    const tooLong = `{"type":"user","message":{"content":"${"y".repeat(33 * 1024 * 1024)}"}}`;
    const file = write("a.jsonl", [assistant("m1"), "{ this is no JSON", tooLong, '"just a text"', "", "\r", assistant("m2")]);
    appendFileSync(
      file,
      Buffer.concat([Buffer.from('{"type":"user","message":{"content":"\xff'), Buffer.from([0xff, 0xfe]), Buffer.from('"}}\n')]),
    );
    appendFileSync(file, '{"type":"assistant","message":{"id":"m3","us');
    const report = await store.import("claude-code");
    assert.deepEqual([report.badLines, report.longLines, report.unknownKinds], [1, 1, { "(no type)": 1 }]);
    assert.equal((await store.only()).summary.turns, 2);
  });

  it("takes a sub-agent's own file as a piece of a run", async () => {
    const aside = { isSidechain: true, sessionId: "s" };
    const asked = { ...aside, type: "user", message: { role: "user", content: "Look for the parser" } };
    write("s/subagents/agent-1f.jsonl", [asked, assistant("m1", aside)]);
    await store.import("claude-code");
    const [run] = await store.runs.runs({ limit: 9 });
    assert.deepEqual([run?.task, run?.outcome?.kind, run?.turns], ["Look for the parser", "done", 1]);
    assert.deepEqual(await store.runs.recordings({ limit: 9 }), []);
  });

  it("makes no run of a file without calls", async () => {
    write("a.jsonl", [
      { type: "summary", summary: "Old" },
      { type: "user", message: { role: "user", content: "Go" } },
    ]);
    const report = await store.import("claude-code");
    assert.deepEqual([report.files, report.added, report.unchanged], [1, 0, 0]);
  });

  it("leaves the folder as it was", async () => {
    const file = store.copy(SESSION);
    const before = readFileSync(file);
    const names = readdirSync(store.folder, { recursive: true });
    await store.import("claude-code");
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual(readdirSync(store.folder, { recursive: true }), names);
  });
});
