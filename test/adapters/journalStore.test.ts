import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { JournalStore } from "../../src/adapters/journalStore";
import { openStore } from "../../src/adapters/openStore";
import { openSqliteStore } from "../../src/adapters/sqliteStore";
import type { AgentEvent, StampedEvent } from "../../src/core/agentEvent";
import { foldRun } from "../../src/core/reduceRun";
import { NO_CAPS } from "../../src/core/runConfig";
import { needSqlite, openForTest } from "./sqliteOpen";
import { describeRuns } from "./storeBehaviour";
import {
  cents,
  charged,
  ended,
  request,
  reserved,
  SetClock,
  scratchFolder,
  stamped,
  started,
  turnStarted,
  wholeRun,
} from "./storeSamples";

describe("journal", () => {
  const scratch = scratchFolder();
  let count = 0;
  const folder = () => path.join(scratch.path, `journal-${++count}`);
  after(() => scratch.remove());

  describeRuns("journal", async () => new JournalStore(folder(), new SetClock(), "no database"));
  describeRuns("memory", async () => new JournalStore(null, new SetClock(), "no database"));

  /** Makes the journals in `place` those of a process that is gone. */
  const bury = (place: string) => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    for (const name of readdirSync(place)) {
      const file = path.join(place, name);
      writeFileSync(file, readFileSync(file, "utf8").replace(`"pid":${process.pid}`, `"pid":${dead}`));
    }
  };
  const record = async (store: Pick<JournalStore, "append">, runId: string, events: readonly StampedEvent[]) => {
    for (const event of events) await store.append(runId, event);
  };
  const outcomes = async (store: Pick<JournalStore, "runs">) =>
    (await store.runs({ limit: 9 })).map((run) => [run.runId, run.outcome?.kind ?? null]);

  it("shows a run of another process as running for as long as it is, and how it ended", async () => {
    const place = folder();
    const first = new JournalStore(place, new SetClock(), "");
    const events = wholeRun("r", 1);
    await record(first, "r", events.slice(0, 3));
    const other = new JournalStore(place, new SetClock(), "");
    assert.deepEqual(await outcomes(other), [["r", null]]);
    assert.equal((await other.events("r")).length, 3);
    await record(first, "r", events.slice(3));
    assert.deepEqual(await outcomes(other), [["r", "done"]]);
    assert.deepEqual(await other.events("r"), events);
    await record(other, "r", stamped([{ kind: "resumed", caps: NO_CAPS, limit: null }], undefined, events.length));
    assert.deepEqual(await outcomes(first), [["r", null]], "now it goes on over there");
    await record(other, "r", stamped([ended("failed")], undefined, events.length + 1));
    assert.deepEqual(await outcomes(first), [["r", "failed"]]);
    assert.deepEqual(await first.events("r"), await other.events("r"));
  });

  it("charges what was in flight when a process died as unknown, and keeps its worst case back", async () => {
    const place = folder();
    const store = new JournalStore(place, new SetClock(), "");
    const calls = [reserved(1), charged(1), reserved(1, 2), { kind: "released", turn: 1, attempt: 2, reason: "429" } as const];
    await record(store, "r", stamped([started("r"), turnStarted(1), ...calls, reserved(1, 3)]));
    bury(place);
    const later = new JournalStore(place, new SetClock(), "");
    const [summary] = await later.runs({ limit: 1 });
    assert.deepEqual([summary?.outcome?.kind, summary?.usd, summary?.unknownCharges], ["interrupted", cents(1), 1]);
    const events = await later.events("r");
    const [last] = events.flatMap((event) => (event.kind === "charged" && event.attempt === 3 ? [event] : []));
    assert.deepEqual(
      [last?.charge.usd, last?.charge.provenance, last?.held],
      [null, "unknown", { usd: cents(2), tokens: 1_000 }],
    );
    const { totals } = foldRun(events);
    assert.deepEqual([totals.usd, totals.heldUsd, totals.heldTokens], [cents(1), cents(2), 1_000]);
  });

  it("drops an event whose place is taken, not its run", async () => {
    const place = folder();
    const [start, ...rest] = wholeRun("r", 1);
    assert.ok(start);
    await record(new JournalStore(place, new SetClock(), ""), "r", [start, ...rest]);
    const [twin] = readdirSync(place);
    copyFileSync(path.join(place, twin ?? ""), path.join(place, `z${twin}`));
    const later = new JournalStore(place, new SetClock(), "");
    assert.deepEqual(await later.events("r"), [start, ...rest]);
  });

  describe("beside a store that can be used again", () => {
    const beside = () => {
      const place = folder();
      return { file: path.join(place, "turnpike.db"), journals: path.join(place, "journal") };
    };

    it("is taken over once, whole, and put aside", async () => {
      const { file, journals } = beside();
      const journal = new JournalStore(journals, new SetClock(), "");
      const whole = wholeRun("whole", 2);
      await record(journal, "whole", whole);
      await record(journal, "cut", stamped([started("cut"), turnStarted(1), reserved(1)]));
      await record(journal, "whole", stamped([{ kind: "resumed", caps: NO_CAPS, limit: null }], undefined, 20));
      bury(journals);
      const stores = await Promise.all([1, 2].map(() => openForTest(file)));
      for (const { runs } of stores) {
        assert.deepEqual(await outcomes(runs), [
          ["cut", "interrupted"],
          ["whole", "interrupted"],
        ]);
        assert.deepEqual((await runs.events("whole")).slice(0, whole.length), whole);
        const cut = await runs.events("cut");
        assert.deepEqual(
          cut.map(({ kind, seq }) => [kind, seq]),
          [
            ["started", 0],
            ["turnStarted", 1],
            ["reserved", 2],
            ["charged", 3],
            ["ended", 4],
          ],
        );
        assert.equal(foldRun(cut).totals.heldUsd, cents(2));
      }
      for (const store of stores) await store.close();
      assert.deepEqual(
        readdirSync(journals).map((name) => path.extname(name)),
        [".imported"],
      );
    });

    it("goes on where an earlier one ends", async () => {
      const { file, journals } = beside();
      await record(new JournalStore(journals, new SetClock(), ""), "r", stamped([started("r"), turnStarted(1), reserved(1)]));
      bury(journals);
      const second = new JournalStore(journals, new SetClock(new Date(2027, 0, 1).getTime()), "");
      const known = await second.events("r");
      const more: AgentEvent[] = [{ kind: "resumed", caps: NO_CAPS, limit: null }, turnStarted(2), charged(2), ended()];
      await record(second, "r", stamped(more, undefined, known.length));
      const all = await second.events("r");
      bury(journals);
      const store = await openForTest(file);
      assert.deepEqual(await store.runs.events("r"), all);
      assert.deepEqual(await outcomes(store.runs), [["r", "done"]]);
      await store.close();
    });

    it("stays while its process lives, or where it cannot be taken over", async () => {
      const { file, journals } = beside();
      await record(new JournalStore(journals, new SetClock(), ""), "r", wholeRun("r", 1));
      const said: string[] = [];
      const store = await openSqliteStore(needSqlite(), file, new SetClock(), (text) => said.push(text));
      assert.deepEqual(await outcomes(store.runs), []);
      await store.close();
      bury(journals);
      const db = new (needSqlite().DatabaseSync)(file);
      db.exec("DROP TABLE tool_calls");
      db.close();
      const broken = await openSqliteStore(needSqlite(), file, new SetClock(), (text) => said.push(text));
      assert.deepEqual(await outcomes(broken.runs), [], "all of it or nothing");
      await broken.close();
      assert.match(said.join("\n"), /journal .* stays beside the store: no such table/);
      assert.match(readdirSync(journals).join(), /\.jsonl$/);
    });
  });

  it("shows what other processes left, and interrupts the unfinished runs of dead ones", async () => {
    const place = folder();
    const first = new JournalStore(place, new SetClock(), "");
    for (const event of wholeRun("whole", 2)) await first.append("whole", event);
    for (const event of stamped([started("cut"), turnStarted(1)])) await first.append("cut", event);
    const live = new JournalStore(place, new SetClock(), "");
    assert.deepEqual(
      (await live.runs({ limit: 9 })).map((run) => [run.runId, run.outcome?.kind]),
      [
        ["cut", undefined],
        ["whole", "done"],
      ],
    );
    await first.close();
    bury(place);
    const later = new JournalStore(place, new SetClock(), "");
    assert.deepEqual(
      (await later.runs({ limit: 9 })).map((run) => [run.runId, run.outcome?.kind]),
      [
        ["cut", "interrupted"],
        ["whole", "done"],
      ],
    );
    assert.equal((await later.events("whole")).length, 8);
  });

  it("passes over a torn line and goes on", async () => {
    const place = folder();
    const first = new JournalStore(place, new SetClock(), "");
    for (const event of wholeRun("whole", 1)) await first.append("whole", event);
    await first.close();
    for (const file of readdirSync(place)) appendFileSync(path.join(place, file), '{"runId":"torn","event":{"ki');
    const later = new JournalStore(place, new SetClock(), "");
    assert.deepEqual(
      (await later.runs({ limit: 9 })).map((run) => run.runId),
      ["whole"],
    );
  });

  it("keeps journals private to the user", async function () {
    if (process.platform === "win32") this.skip();
    const place = folder();
    const store = new JournalStore(place, new SetClock(), "");
    for (const event of wholeRun("r", 1)) await store.append("r", event);
    const [file] = readdirSync(place);
    assert.equal(statSync(place).mode & 0o777, 0o700);
    assert.equal(statSync(path.join(place, file ?? "")).mode & 0o777, 0o600);
  });

  it("takes the database's place on a host without it, and says what does not hold", async () => {
    const place = folder();
    const file = path.join(place, "turnpike.db");
    const store = await openStore({ file, clock: new SetClock(), sqlite: () => null });
    assert.match(store.degraded ?? "", /node:sqlite.*Node 22\.13.*do not hold/s);
    assert.equal(store.runs.degraded, store.degraded);
    await store.books.openScope({ id: "run", kind: "run", capUsd: cents(1), capTokens: null });
    assert.ok((await store.books.reserve(request(["run"], { usd: cents(1), tokens: 1 }))).ok);
    assert.ok(!(await store.books.reserve(request(["run"], { usd: cents(1), tokens: 1 }))).ok);
    for (const event of wholeRun("r", 1)) await store.runs.append("r", event);
    assert.equal((await store.runs.runs({ limit: 9 })).length, 1);
    await store.close();
    await store.close();
    assert.ok(!existsSync(file));
    assert.equal(readdirSync(path.join(place, "journal")).length, 1);
  });

  it("keeps the record in memory where nothing can be written", async () => {
    const place = folder();
    mkdirSync(place);
    writeFileSync(path.join(place, "not-a-folder"), "");
    const store = await openStore({
      file: path.join(place, "not-a-folder", "x", "turnpike.db"),
      clock: new SetClock(),
      sqlite: () => null,
    });
    assert.match(store.degraded ?? "", /in memory/);
    for (const event of wholeRun("r", 1)) await store.runs.append("r", event);
    assert.equal((await store.runs.runs({ limit: 9 })).length, 1);
    await store.close();
  });
});
