import assert from "node:assert/strict";
import path from "node:path";
import type { RunStore } from "../../src/core/history";
import { nano } from "../../src/core/money";
import { NO_USAGE } from "../../src/core/usage";
import { importedRun, importedTurn, MORNING } from "./importSamples";
import { openForTest } from "./sqliteOpen";
import { cents, SetClock, scratchFolder, wholeRun } from "./storeSamples";

describe("sqlite: imported runs", () => {
  const scratch = scratchFolder();
  let count = 0;
  let store: RunStore;
  beforeEach(async () => {
    count += 1;
    store = (await openForTest(path.join(scratch.path, `${count}.db`))).runs;
  });
  afterEach(() => store.close());
  after(() => scratch.remove());

  const keep = (...runs: readonly ReturnType<typeof importedRun>[]) => store.importRuns({ runs, files: [] });
  const spent = async () => (await store.spend("policy")).map(({ group, runs, turns, usd }) => ({ group, runs, turns, usd }));

  it("stand in the history with their source and no limits", async () => {
    assert.deepEqual(await keep(importedRun("s1", ["a", "b"])), { added: 1, replaced: 0, unchanged: 0 });
    const [run, ...more] = await store.runs({ limit: 9 });
    assert.deepEqual(more, []);
    const { runId, ...rest } = run ?? assert.fail("no run");
    assert.deepEqual(rest, {
      ...{ source: "claude-code", task: "Mend it", project: { name: "shop", path: "/work/shop" }, model: "m1" },
      ...{ policy: "unrestricted", outcome: { kind: "done", reason: "" }, turns: 2, limit: null },
      caps: { turns: null, usd: null, tokens: null, minutes: null },
      ...{ usd: nano(14_000_000), estimatedCharges: 0, unknownCharges: 0, demo: false },
      usage: { ...NO_USAGE, freshInput: 20, cacheRead: 180, output: 10 },
      ...{ startedAt: MORNING, dated: true, endedAt: MORNING + 60_000 },
    });
    assert.deepEqual(await store.events(runId), []);
  });

  it("are counted apart from our own in every group", async () => {
    for (const event of wholeRun("own", 2)) await store.append("own", event);
    await keep(importedRun("s1", ["a"]), importedRun("t1", ["x"], { source: "codex" }));
    for (const group of ["day", "model", "project", "policy"] as const) {
      const rows = await store.spend(group);
      const usdOf = (source: string) => rows.filter((row) => row.source === source).reduce((sum, row) => sum + row.usd, 0);
      assert.deepEqual([usdOf("turnpike"), usdOf("claude-code"), usdOf("codex")], [cents(2), 7_000_000, 7_000_000], group);
    }
    const groups = (await store.spend("policy")).map(({ group }) => group);
    assert.deepEqual(groups, ["unrestricted", "claude-code", "codex"]);
  });

  it("touch no book", async () => {
    await store.close();
    const whole = await openForTest(path.join(scratch.path, "books.db"));
    store = whole.runs;
    await whole.books.openScope({ id: "day", kind: "day", capUsd: cents(5), capTokens: null });
    await keep(importedRun("s1", ["a"]));
    const [day] = await whole.books.balances(["day"]);
    assert.deepEqual([day?.settledUsd, day?.settledTokens, day?.reservedUsd], [0, 0, 0]);
  });

  it("are added once, however often they are imported", async () => {
    await keep(importedRun("s1", ["a", "b"]));
    const before = await spent();
    assert.deepEqual(await keep(importedRun("s1", ["a", "b"])), { added: 0, replaced: 0, unchanged: 1 });
    assert.deepEqual(await spent(), before);
  });

  it("stand in the place of what they were before they grew", async () => {
    await keep(importedRun("s1", ["a", "b"]));
    const [before] = await store.runs({ limit: 9 });
    assert.deepEqual(await keep(importedRun("s1", ["a", "b", "c"])), { added: 0, replaced: 1, unchanged: 0 });
    assert.deepEqual(await spent(), [{ group: "claude-code", runs: 1, turns: 3, usd: nano(21_000_000) }]);
    assert.equal((await store.runs({ limit: 9 }))[0]?.runId, before?.runId);
  });

  it("do not count again a call that another file holds, in this import or an earlier one", async () => {
    await keep(importedRun("first", ["a", "b"]), importedRun("resumed", ["a", "b", "c", "d"], { lastEditTurn: 4 }));
    assert.deepEqual(await spent(), [{ group: "claude-code", runs: 2, turns: 4, usd: nano(28_000_000) }]);
    assert.deepEqual(await keep(importedRun("copy", ["d", "c"])), { added: 0, replaced: 0, unchanged: 1 });
    await keep(importedRun("other source", ["a"], { source: "codex" }));
    assert.deepEqual(
      (await store.recordings({ limit: 9, sources: ["claude-code"] })).map(({ turns, lastEditTurn }) => [
        turns.length,
        lastEditTurn,
      ]),
      [
        [2, 2],
        [2, null],
      ],
    );
    assert.equal((await spent()).find(({ group }) => group === "codex")?.turns, 1);
  });

  it("began with the first call that is not a copy", async () => {
    const turns = ["a", "b", "c"].map((key, index) => importedTurn(key, { at: MORNING + index * 86_400_000 }));
    await keep(importedRun("first", [], { turns: turns.slice(0, 2) }), importedRun("resumed", [], { turns }));
    assert.deepEqual(
      (await store.runs({ limit: 9 })).map(({ startedAt }) => startedAt),
      [MORNING + 2 * 86_400_000, MORNING],
    );
    const days = await store.spend("day");
    assert.deepEqual(
      days.map(({ group, runs, turns: count }) => [group, runs, count]),
      [
        ["2026-05-05", 1, 1],
        ["2026-05-04", 0, 1],
        ["2026-05-03", 1, 1],
      ],
    );
  });

  it("are one when calls have no names and all is the same, and two when anything differs", async () => {
    const run = importedRun("/a/x.traj", [null, null], { source: "swe-agent" });
    await keep(run);
    assert.deepEqual(await keep({ ...run, sourceId: "/b/x.traj" }), { added: 0, replaced: 0, unchanged: 1 });
    assert.deepEqual(await keep({ ...run, sourceId: "/c/x.traj", endedAt: null }), { added: 1, replaced: 0, unchanged: 0 });
  });

  it("know what their record does not tell", async () => {
    const known = { input: false, cacheRead: false, output: false, usd: false };
    const silent = importedTurn(null, { usage: NO_USAGE, known, usd: null, provenance: null, result: null });
    const whole = importedTurn(null, { known, provenance: "reported", at: null });
    const unpriced = importedTurn(null, { usd: null, provenance: "unknown" });
    await keep(importedRun("s", [], { turns: [silent, whole, unpriced], startedAt: null, endedAt: null, project: null }));
    const [run] = await store.recordings({ limit: 9 });
    assert.deepEqual([run?.startedAt, run?.project, run?.turns.length], [null, null, 3]);
    assert.deepEqual(
      run?.turns.map(({ input, cacheRead, output, usd, result }) => [input, cacheRead, output, usd, result]),
      [
        [null, null, null, null, null],
        [null, null, null, null, 30],
        [100, 90, 5, null, 30],
      ],
    );
    const [summary] = await store.runs({ limit: 9 });
    assert.deepEqual(
      [summary?.usd, summary?.unknownCharges, summary?.startedAt, summary?.dated],
      [7_000_000, 1, new SetClock().at, false],
    );
    const days = await store.spend("day");
    assert.deepEqual(
      days.map(({ group, runs, usd }) => [group, runs, usd]),
      [
        ["2026-05-03", 0, 0],
        ["", 1, 7_000_000],
      ],
    );
  });

  it("say how they ended, and how long they were", async () => {
    await keep(
      importedRun("done", ["a", "b"], { resolved: true }),
      importedRun("cut", ["c"], { outcome: { kind: "stopped", reason: "turns" }, startedAt: MORNING - 1, resolved: false }),
    );
    assert.deepEqual(
      (await store.recordings({ limit: 9 })).map(({ ended, resolved }) => [ended, resolved]),
      [
        [true, true],
        [false, false],
      ],
    );
    assert.deepEqual(await store.lengths({ model: "m1", projectPath: "/work/shop" }), [
      { turns: 2, ended: true, model: "m1", here: true, imported: true },
      { turns: 1, ended: false, model: "m1", here: true, imported: true },
    ]);
  });

  it("are spend, but teach nothing, when they are pieces of another run", async () => {
    await keep(importedRun("whole", ["a", "b"]), importedRun("piece", ["c"], { isPiece: true }));
    assert.equal((await store.runs({ limit: 9 })).length, 2);
    assert.deepEqual(await spent(), [{ group: "claude-code", runs: 2, turns: 3, usd: nano(21_000_000) }]);
    assert.deepEqual(
      (await store.recordings({ limit: 9 })).map(({ turns }) => turns.length),
      [2],
    );
    assert.deepEqual(
      (await store.lengths({ model: "m1", projectPath: null })).map(({ turns }) => turns),
      [2],
    );
  });

  it("come with the files they were read from", async () => {
    await store.importRuns({ runs: [], files: [{ path: "/x.jsonl", stamp: "1" }] });
    await store.importRuns({ runs: [], files: [{ path: "/x.jsonl", stamp: "2" }] });
    assert.deepEqual(await store.importedFiles(), [{ path: "/x.jsonl", stamp: "2" }]);
  });
});
