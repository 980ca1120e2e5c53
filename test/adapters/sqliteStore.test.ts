import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { openStore } from "../../src/adapters/openStore";
import { Sqlite } from "../../src/adapters/sqlite";
import { SqliteOwners } from "../../src/adapters/sqliteOwners";
import { recoverOrphans } from "../../src/adapters/sqliteRecovery";
import { prepareStore, SCHEMA_VERSION } from "../../src/adapters/sqliteSchema";
import { openSqliteStore } from "../../src/adapters/sqliteStore";
import { needSqlite, openForTest } from "./sqliteOpen";
import { cents, charged, request, SetClock, scratchFolder, stamped, started, turnStarted, wholeRun } from "./storeSamples";

describe("sqlite store", () => {
  const scratch = scratchFolder();
  let count = 0;
  const file = () => path.join(scratch.path, `open-${++count}`, "deep", "turnpike.db");
  const connect = (place: string) => new (needSqlite().DatabaseSync)(place);
  after(() => scratch.remove());

  it("makes a store that is private to the user", async function () {
    if (process.platform === "win32") this.skip();
    const place = file();
    const store = await openForTest(place);
    for (const event of wholeRun("r", 1)) await store.runs.append("r", event);
    assert.equal(statSync(path.dirname(place)).mode & 0o777, 0o700);
    for (const end of ["", "-wal", "-shm"]) assert.equal(statSync(place + end).mode & 0o777, 0o600, end);
    await store.close();
  });

  it("takes back rights that others have to an old store", async function () {
    if (process.platform === "win32") this.skip();
    const place = file();
    await (await openForTest(place)).close();
    chmodSync(place, 0o644);
    await (await openForTest(place)).close();
    assert.equal(statSync(place).mode & 0o777, 0o600);
  });

  it("finds everything again when opened anew", async () => {
    const place = file();
    const first = await openForTest(place);
    await first.books.openScope({ id: "day", kind: "day", capUsd: cents(9), capTokens: null });
    await first.books.observeInput("m1", 1.2);
    for (const event of wholeRun("r", 2)) await first.runs.append("r", event);
    const key = await first.runs.saveText("text");
    await first.close();
    const again = await openForTest(place);
    assert.equal((await again.runs.runs({ limit: 9 })).length, 1);
    assert.equal((await again.books.balances(["day"]))[0]?.capUsd, cents(9));
    assert.equal(await again.books.inputFactor("m1"), 1.2);
    assert.equal(key && (await again.runs.loadText(key)), "text");
    await again.close();
  });

  it("opens at once when several do so on a new file", async () => {
    const place = file();
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore({ file: place, clock: new SetClock() })));
    assert.deepEqual(
      stores.map((store) => store.degraded),
      [null, null, null, null],
    );
    for (const store of stores) await store.close();
  });

  it("writes ahead, checks foreign keys and knows its version", async () => {
    const place = file();
    const store = await openForTest(place);
    const db = connect(place);
    const pragma = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
    assert.equal(pragma("journal_mode"), "wal");
    assert.equal(pragma("user_version"), SCHEMA_VERSION);
    const lax = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE '%STRICT%'")
      .all();
    assert.deepEqual(lax, []);
    db.close();
    await store.close();
  });

  async function degradedBy(place: string): Promise<string> {
    const before = readFileSync(place);
    const store = await openStore({ file: place, clock: new SetClock() });
    for (const event of stamped([started("r")])) await store.runs.append("r", event);
    await store.books.openScope({ id: "run", kind: "run", capUsd: cents(1), capTokens: null });
    assert.ok((await store.books.reserve(request(["run"], { usd: cents(1), tokens: 1 }))).ok);
    assert.equal((await store.runs.runs({ limit: 9 })).length, 1);
    await store.close();
    assert.ok(readFileSync(place).equals(before), "the file was changed");
    return store.degraded ?? "";
  }

  it("does not touch a store that a newer Turnpike wrote", async () => {
    const place = file();
    await (await openForTest(place)).close();
    const db = connect(place);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    db.close();
    assert.match(await degradedBy(place), /newer Turnpike: update this one/);
  });

  it("does not touch another program's database, or a file that is none", async () => {
    const place = file();
    mkdirSync(path.dirname(place), { recursive: true });
    const db = connect(place);
    db.exec("CREATE TABLE notes (text TEXT)");
    db.close();
    assert.match(await degradedBy(place), /not a Turnpike store/);
    const diary = file();
    mkdirSync(path.dirname(diary), { recursive: true });
    writeFileSync(diary, "dear diary, ".repeat(100));
    assert.match(await degradedBy(diary), /not a Turnpike store/);
  });

  it("does not touch a store whose pages are damaged, nor hold on to it", async () => {
    const place = file();
    const store = await openForTest(place);
    for (const event of stamped([started("r")])) await store.runs.append("r", event);
    await store.close();
    const db = connect(place);
    const { rootpage } = { ...db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'owners'").get() };
    db.close();
    // Of all pages only the one that is read to look for dead processes.
    const from = (Number(rootpage) - 1) * 4_096;
    writeFileSync(place, readFileSync(place).fill(0xee, from, from + 4_096));
    assert.match(await degradedBy(place), /damaged: move it away/);
    if (process.platform !== "linux") return;
    const open = readdirSync("/proc/self/fd").flatMap((fd) => targetOf(`/proc/self/fd/${fd}`));
    assert.deepEqual(
      open.filter((target) => target.startsWith(place)),
      [],
    );
  });

  it("leaves out what cannot be read, and says so once, where the rest is sound", async () => {
    const place = file();
    const said: string[] = [];
    const first = await openForTest(place);
    await first.books.openScope({ id: "day", kind: "day", capUsd: null, capTokens: null });
    for (const id of ["bad", "good"]) {
      for (const event of stamped([started(id), turnStarted(1), charged(1)])) await first.runs.append(id, event);
      await first.books.reserve({ ...request(["day"], { usd: cents(2), tokens: 7 }, `${id}-1`), runId: id, turn: 2 });
    }
    await first.close();
    const db = connect(place);
    db.exec(`UPDATE runs SET policy = '{"kind":"newer"}' WHERE run_id = 'bad'`);
    db.exec("UPDATE reservations SET worst_tokens = -7 WHERE id = 'bad-1'");
    db.exec("UPDATE events SET body = '{' WHERE kind = 'turnStarted' AND run = 1");
    db.close();

    const store = await openSqliteStore(needSqlite(), place, new SetClock(), (text) => said.push(text));
    const runs = await store.runs.runs({ limit: 9 });
    assert.deepEqual(
      runs.map((run) => [run.runId, run.outcome?.kind, run.unknownCharges]),
      [["good", "interrupted", 1]],
    );
    const [day] = await store.books.balances(["day"]);
    assert.deepEqual([day?.settledUsd, day?.reservedUsd], [cents(2), cents(2)], "what cannot be read stays reserved");
    assert.deepEqual(
      (await store.runs.events("bad")).map((event) => event.kind),
      ["started", "charged"],
    );
    assert.equal((await store.runs.spend("model"))[0]?.runs, 2);
    await store.runs.runs({ limit: 9 });
    assert.ok(said.length >= 3 && new Set(said).size === said.length, said.join("\n"));
    await store.close();
  });

  it("goes on in memory where the folder cannot be made", async () => {
    const place = file();
    mkdirSync(path.dirname(path.dirname(place)), { recursive: true });
    writeFileSync(path.dirname(place), "a file where a folder should be");
    const store = await openStore({ file: place, clock: new SetClock() });
    assert.match(store.degraded ?? "", /cannot be opened.*in memory/);
    await store.close();
  });

  it("recovers the write-ahead log of a process that did not close", async () => {
    const place = file();
    const copy = path.join(path.dirname(file()), "copy.db");
    const store = await openForTest(place);
    for (const event of wholeRun("r", 3)) await store.runs.append("r", event);
    mkdirSync(path.dirname(copy), { recursive: true });
    for (const end of ["", "-wal"]) copyFileSync(place + end, copy + end);
    const again = await openForTest(copy);
    assert.equal((await again.runs.events("r")).length, 11);
    await again.close();
    await store.close();
    assert.ok(!existsSync(`${place}-wal`));
  });

  it("waits for a locked store without blocking the thread all the while", async () => {
    const place = file();
    const store = await openForTest(place);
    await store.books.openScope({ id: "day", kind: "day", capUsd: null, capTokens: null });
    const db = connect(place);
    db.exec("BEGIN IMMEDIATE");
    // The lock is let go by this very thread, so it must get to run.
    setTimeout(() => db.exec("ROLLBACK"), 1_000);
    const before = performance.eventLoopUtilization();
    assert.ok((await store.books.reserve(request(["day"], { usd: cents(1), tokens: 1 }))).ok);
    const { utilization } = performance.eventLoopUtilization(before);
    assert.ok(utilization < 0.4, `the thread was held for ${Math.round(utilization * 100)} % of the wait`);
    db.close();
    await store.close();
  });

  function targetOf(link: string): readonly string[] {
    try {
      return [readlinkSync(link)];
    } catch {
      return [];
    }
  }

  describe("owners", () => {
    async function openOwners(place: string, clock: SetClock) {
      const db = new Sqlite(needSqlite(), place);
      prepareStore(db);
      return { db, owners: new SqliteOwners(db, clock) };
    }

    it("show signs of life only while something depends on them", async () => {
      const place = file();
      const clock = new SetClock();
      await (await openForTest(place)).close();
      const { db, owners } = await openOwners(place, clock);
      const heartbeats = () => db.all("SELECT heartbeat_at AS at FROM owners").map((row) => ({ ...Object(row) }));
      owners.register();
      const start = clock.at;
      clock.at += 10_000;
      assert.equal(owners.beat(), false);
      assert.deepEqual(heartbeats(), [{ at: start }]);
      owners.hold("reservation");
      assert.equal(owners.beat(), true);
      assert.deepEqual(heartbeats(), [{ at: clock.at }]);
      owners.drop("reservation");
      assert.equal(owners.beat(), false);
      db.close();
    });

    it("on another host are left alone until they have been silent for long", async () => {
      const place = file();
      const clock = new SetClock();
      const store = await openForTest(place, clock);
      await store.books.openScope({ id: "day", kind: "day", capUsd: cents(9), capTokens: null });
      await store.books.reserve(request(["day"], { usd: cents(5), tokens: 1 }));
      const { db, owners } = await openOwners(place, clock);
      db.run("UPDATE owners SET host = 'elsewhere'");
      const looks = (count: number) =>
        Array.from({ length: count }, () => {
          clock.at += 60_000;
          return recoverOrphans(db, owners);
        });
      assert.deepEqual(new Set(looks(59)), new Set([0]));
      assert.deepEqual(
        looks(3).filter((found) => found > 0),
        [1],
      );
      const [day] = await store.books.balances(["day"]);
      assert.deepEqual([day?.settledUsd, day?.reservedUsd], [cents(5), 0]);
      db.close();
      await store.close();
    });
  });
});
