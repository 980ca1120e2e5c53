import assert from "node:assert/strict";
import path from "node:path";
import { SCHEMA_VERSION } from "../../src/adapters/sqliteSchema";
import { importedRun } from "./importSamples";
import { needSqlite, openForTest } from "./sqliteOpen";
import { VERSION_1 } from "./sqliteVersion1";
import { cents, PRICE, sampleConfig, scratchFolder, wholeRun } from "./storeSamples";

describe("a store of version 1", () => {
  const scratch = scratchFolder();
  after(() => scratch.remove());

  /** As version 1 left it: a run of two turns that changed files, and a day that has been spent from. */
  function oldStore(name: string): string {
    const file = path.join(scratch.path, name);
    const db = new (needSqlite().DatabaseSync)(file);
    db.exec(VERSION_1);
    db.exec(`INSERT INTO owners VALUES ('o', 1, 'h', NULL, 0, 0)`);
    const columns =
      "run_id, owner, task, project_name, project_path, model, policy, policy_kind, demo, started_at, day, ended_at";
    db.prepare(
      `INSERT INTO runs (id, ${columns}, outcome_kind, outcome_reason, turns, usd, estimated_charges, unknown_charges, output)
       VALUES (1, 'old', 'o', 'Task of old', 'shop', '/work/shop', 'm1', ?, 'unrestricted', 0, 1000, '2026-05-01', 2000, 'done', '', 2, ?, 0, 0, 100)`,
    ).run(JSON.stringify(sampleConfig("old").policy), cents(2));
    const event = db.prepare("INSERT INTO events (run, seq, at, kind, body) VALUES (1, ?, ?, ?, ?)");
    for (const each of wholeRun("old", 2)) event.run(each.seq, each.at, each.kind, JSON.stringify(each));
    for (const turn of [1, 2]) {
      db.exec(
        `INSERT INTO turns VALUES (1, ${turn}, 1000, '2026-05-01', 'turn', 5, 1, 0, 0, ${cents(1)}, 'priced', 100, 900, 0, 0, 50, 0)`,
      );
      db.exec(
        `INSERT INTO tool_calls VALUES (1, ${turn}, ${turn}, 'c', 'edit_file', 'a.ts', 1, 12, 0, 3, NULL, 1, 3, 1, NULL, NULL)`,
      );
    }
    db.exec(`INSERT INTO scopes (id, kind, settled_usd) VALUES ('day', 'day', ${cents(2)})`);
    db.close();
    return file;
  }

  it("is brought to the present one with all that it holds", async () => {
    const file = oldStore("kept.db");
    const { runs, books, close } = await openForTest(file);
    const [run, ...more] = await runs.runs({ limit: 9 });
    assert.deepEqual(more, []);
    assert.deepEqual([run?.runId, run?.source, run?.usd, run?.turns], ["old", "turnpike", cents(2), 2]);
    assert.equal((await runs.events("old")).length, wholeRun("old", 2).length);
    assert.equal((await books.balances(["day"]))[0]?.settledUsd, cents(2));
    const [recorded] = await runs.recordings({ limit: 9 });
    assert.deepEqual(
      recorded?.turns.map(({ action, input, usd }) => [action, input, usd]),
      [
        ["edit", 1_000, cents(1)],
        ["edit", 1_000, cents(1)],
      ],
    );
    assert.deepEqual([recorded?.lastEditTurn, recorded?.startedAt], [2, 1_000]);
    await close();
    const db = new (needSqlite().DatabaseSync)(file);
    assert.deepEqual({ ...db.prepare("PRAGMA user_version").get() }, { user_version: SCHEMA_VERSION });
    assert.deepEqual(db.prepare("PRAGMA integrity_check").all().map(Object.values), [["ok"]]);
    db.close();
  });

  it("takes imported runs and new runs of its own from then on", async () => {
    const { runs, close } = await openForTest(oldStore("used.db"));
    await runs.importRuns({ runs: [importedRun("s1", ["a"])], files: [] });
    for (const event of wholeRun("new", 1, { price: PRICE })) await runs.append("new", event);
    assert.deepEqual((await runs.runs({ limit: 9 })).map(({ source }) => source).sort(), ["claude-code", "turnpike", "turnpike"]);
    await close();
  });

  it("has the same tables as a store that is made anew", async () => {
    const shape = (file: string) => {
      const db = new (needSqlite().DatabaseSync)(file);
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
      const columns = tables.map(({ name }) => [
        name,
        db.prepare(`SELECT name, type, "notnull" FROM pragma_table_info(?)`).all(String(name)),
      ]);
      const indexes = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' ORDER BY name").all();
      db.close();
      return { columns, indexes };
    };
    const [old, fresh] = [oldStore("old.db"), path.join(scratch.path, "fresh.db")];
    for (const file of [old, fresh]) await (await openForTest(file)).close();
    assert.deepEqual(shape(old), shape(fresh));
  });
});
