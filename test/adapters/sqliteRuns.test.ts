import assert from "node:assert/strict";
import path from "node:path";
import { openStore } from "../../src/adapters/openStore";
import { needSqlite, openForTest } from "./sqliteOpen";
import { describeRuns } from "./storeBehaviour";
import {
  cents,
  charged,
  SetClock,
  sampleCharge,
  scratchFolder,
  stamped,
  started,
  toolEnded,
  turnStarted,
  UNKNOWN,
} from "./storeSamples";

describe("sqlite", () => {
  const scratch = scratchFolder();
  let count = 0;
  const file = () => path.join(scratch.path, `runs-${++count}.db`);
  after(() => scratch.remove());

  describeRuns("sqlite", async () => (await openForTest(file())).runs);

  describe("rows derived from events", () => {
    async function rowsOf(table: "turns" | "tool_calls", events: Parameters<typeof stamped>[0]): Promise<readonly object[]> {
      const place = file();
      const store = await openForTest(place);
      for (const event of stamped(events)) await store.runs.append("r", event);
      await store.close();
      const db = new (needSqlite().DatabaseSync)(place, { readOnly: true });
      const rows = db.prepare(`SELECT * FROM ${table}`).all();
      db.close();
      return rows.map((row) => ({ ...row }));
    }

    it("has one row per turn with all its charges, as trustworthy as the least of them", async () => {
      const estimated = sampleCharge({ provenance: "estimated", usd: cents(2) });
      const [first, second] = await rowsOf("turns", [
        started("r"),
        turnStarted(1),
        charged(1),
        charged(1, estimated, 2),
        turnStarted(2),
        charged(2, UNKNOWN),
      ]);
      const at = new Date(2026, 5, 15, 12).getTime();
      assert.deepEqual(first, {
        ...{ run: 1, turn: 1, at: at + 1_000, day: "2026-06-15", purpose: "turn", ms: 3_000, charges: 2, estimated_charges: 1 },
        ...{ unknown_charges: 0, usd: cents(3), provenance: "estimated", fresh_input: 200, cache_read: 1_800 },
        ...{ cache_write_5m: 20, cache_write_1h: 10, output: 100, reasoning: 40 },
        ...{ action: null, failed: null, result_tokens: null, failures: null, known: null, call_key: null },
      });
      assert.deepEqual(second && "usd" in second && "provenance" in second && [second.usd, second.provenance], [null, "unknown"]);
    });

    it("has one row per tool call", async () => {
      const rows = await rowsOf("tool_calls", [started("r"), turnStarted(1), toolEnded(1), toolEnded(1)]);
      assert.equal(rows.length, 2);
      assert.deepEqual(rows[0], {
        ...{ run: 1, seq: 2, turn: 1, call_id: "call_0", tool: "edit_file", subject: "a.ts", ok: 1, result_tokens: 12 },
        ...{ truncated: 0, ms: 3, exit_code: null, files_changed: 2, lines_added: 5, lines_removed: 1 },
        ...{ check_passed: 0, check_failures: 2 },
      });
    });
  });

  it("passes over events of a kind that a newer version added", async () => {
    const place = file();
    const store = await openForTest(place);
    const [start] = stamped([started("r")]);
    assert.ok(start);
    await store.runs.append("r", start);
    const db = new (needSqlite().DatabaseSync)(place);
    db.exec(`INSERT INTO events VALUES (1, 1, 1, 'dreamt', '{"kind":"dreamt","seq":1,"at":1}')`);
    db.close();
    assert.deepEqual(await store.runs.events("r"), [start]);
    await store.close();
  });

  it("serves several windows at once, each seeing what the others wrote", async () => {
    const place = file();
    const clock = new SetClock();
    const first = await openStore({ file: place, clock });
    const second = await openStore({ file: place, clock });
    assert.equal(first.degraded, null);
    const writing = [first, second].map(async (store, index) => {
      for (const event of stamped([started(`r${index}`), turnStarted(1), charged(1)]))
        await store.runs.append(`r${index}`, event);
    });
    await Promise.all(writing);
    for (const store of [first, second]) {
      assert.deepEqual((await store.runs.runs({ limit: 9 })).map((run) => [run.runId, run.usd]).sort(), [
        ["r0", cents(1)],
        ["r1", cents(1)],
      ]);
    }
    await first.close();
    await second.close();
  });
});
