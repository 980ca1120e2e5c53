import assert from "node:assert/strict";
import path from "node:path";
import { Sqlite } from "../../src/adapters/sqlite";
import { SqliteOwners } from "../../src/adapters/sqliteOwners";
import { recoverOrphans } from "../../src/adapters/sqliteRecovery";
import { buildChild, kill, startChild } from "./sqliteChildren";
import { needSqlite, openForTest } from "./sqliteOpen";
import { cents, SetClock, scratchFolder, stamped } from "./storeSamples";

/** Real processes at one store. */
describe("sqlite with several processes", function () {
  this.timeout(60_000);
  const scratch = scratchFolder();
  let script = "";
  let count = 0;
  const file = () => path.join(scratch.path, `processes-${++count}.db`);
  before(async () => {
    script = await buildChild(scratch.path);
  });
  after(() => scratch.remove());

  it("grants four processes together exactly the cap", async () => {
    const place = file();
    const store = await openForTest(place);
    const cap = 401;
    await store.books.openScope({ id: "day", kind: "day", capUsd: cents(cap), capTokens: null });
    const children = ["a", "b", "c", "d"].map((name) => startChild(script, "take", place, name));
    for (const child of children) assert.equal(await child.line(), "ready");
    for (const child of children) child.process.stdin?.write("go\n");
    const got = await Promise.all(children.map(async (child) => Number(await child.line())));
    assert.equal(
      got.reduce((sum, part) => sum + part, 0),
      cap,
      `granted ${got.join(" + ")}`,
    );
    const [day] = await store.books.balances(["day"]);
    assert.equal(day && day.settledUsd + day.reservedUsd, cents(cap));
    await store.close();
  });

  it("loses no acknowledged event and opens again after kill -9 in the middle of writing", async () => {
    const place = file();
    const rounds = 8;
    let acknowledged = 0;
    for (let round = 0; round < rounds; round++) {
      const name = `run-${round}`;
      const child = startChild(script, "append", place, name);
      assert.equal(await child.line(), "ready");
      await child.line();
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 120));
      await kill(child);
      const last = Number((await child.rest()).at(-1) ?? 0);
      const store = await openForTest(place);
      const events = await store.runs.events(name);
      assert.ok(events.length > last, `${last} acknowledged, ${events.length} there`);
      assert.deepEqual(
        events.map((event) => event.seq),
        events.map((_, index) => index),
      );
      const [run] = await store.runs.runs({ limit: 1 });
      const charges = events.filter((event) => event.kind === "charged").length;
      assert.deepEqual([run?.runId, run?.outcome?.kind, run?.usd], [name, "interrupted", cents(charges)]);
      await store.close();
      acknowledged += last;
    }
    const db = new (needSqlite().DatabaseSync)(place);
    assert.deepEqual({ ...db.prepare("PRAGMA integrity_check").get() }, { integrity_check: "ok" });
    db.close();
    assert.ok(acknowledged > rounds * 10, `only ${acknowledged} events were written in all`);
  });

  it("leaves a living process its reservation, and settles a dead one's at the worst case", async () => {
    const place = file();
    const store = await openForTest(place);
    await store.books.openScope({ id: "day", kind: "day", capUsd: cents(100), capTokens: null });
    const child = startChild(script, "hold", place, "r");
    assert.deepEqual([await child.line(), await child.line()], ["ready", "held"]);
    const balance = async () => {
      const [day] = await store.books.balances(["day"]);
      return day && [day.settledUsd, day.settledTokens, day.reservedUsd, day.reservedTokens];
    };
    assert.equal(await store.recoverOrphans(), 0);
    assert.deepEqual(await balance(), [cents(3), 40, cents(8), 100]);
    assert.equal((await store.runs.runs({ limit: 1 }))[0]?.outcome, null);

    await kill(child);
    const [run] = await store.runs.runs({ limit: 1 });
    assert.deepEqual(await balance(), [cents(11), 140, 0, 0]);
    assert.equal(await store.recoverOrphans(), 0);
    assert.deepEqual([run?.outcome?.kind, run?.usd, run?.unknownCharges], ["interrupted", cents(3), 1]);
    const events = await store.runs.events("r");
    const charges = events.flatMap((event) =>
      event.kind === "charged" ? [[event.turn, event.charge.usd, event.charge.provenance]] : [],
    );
    assert.deepEqual(charges, [
      [1, cents(3), "priced"],
      [2, null, "unknown"],
    ]);
    assert.deepEqual(
      events.map((event) => event.kind),
      ["started", "turnStarted", "charged", "charged", "ended"],
    );
    await assert.rejects(store.books.release("r-2", "late"), /already orphaned/);

    const [resumed] = stamped(
      [{ kind: "resumed", caps: { turns: null, usd: null, tokens: null, minutes: null }, limit: null }],
      Date.now(),
      events.length,
    );
    assert.ok(resumed);
    await store.runs.append("r", resumed);
    assert.equal((await store.runs.runs({ limit: 1 }))[0]?.outcome, null);
    await store.close();
  });

  it("cleans up once, however many windows come back at the same time", async () => {
    const place = file();
    const store = await openForTest(place);
    await store.books.openScope({ id: "day", kind: "day", capUsd: cents(100), capTokens: null });
    const child = startChild(script, "hold", place, "r");
    assert.deepEqual([await child.line(), await child.line()], ["ready", "held"]);
    await kill(child);

    const said: string[] = [];
    const say = (text: string) => said.push(text);
    const [quick, slow] = [new Sqlite(needSqlite(), place), new Sqlite(needSqlite(), place)];
    const transaction = slow.transaction.bind(slow);
    let waits = true;
    // It has looked at what is left behind, and waits for the lock of the quick one.
    slow.transaction = (work) => {
      if (waits) recoverOrphans(quick, new SqliteOwners(quick, new SetClock(), say));
      waits = false;
      return transaction(work);
    };
    recoverOrphans(slow, new SqliteOwners(slow, new SetClock(), say));
    quick.close();
    slow.close();

    assert.deepEqual(said, []);
    const events = await store.runs.events("r");
    assert.deepEqual(
      events.map((event) => event.kind),
      ["started", "turnStarted", "charged", "charged", "ended"],
    );
    const [day] = await store.books.balances(["day"]);
    assert.deepEqual([day?.settledUsd, day?.reservedUsd], [cents(11), 0]);
    await store.close();
  });

  it("takes over what a store that was closed in this process left behind", async () => {
    const place = file();
    const first = await openForTest(place);
    await first.books.openScope({ id: "day", kind: "day", capUsd: cents(100), capTokens: null });
    await first.books.reserve({
      ...{ id: "x", runId: "r", turn: 1, attempt: 1, purpose: "turn" },
      scopes: ["day"],
      worst: { usd: cents(8), tokens: 9 },
      maxOutput: 1,
      inputUpper: 8,
    });
    await first.close();
    await assert.rejects(first.books.balances(["day"]), /has been closed/);
    const second = await openForTest(place, new SetClock());
    const [day] = await second.books.balances(["day"]);
    assert.deepEqual([day?.settledUsd, day?.reservedUsd], [cents(8), 0]);
    await second.close();
  });
});
