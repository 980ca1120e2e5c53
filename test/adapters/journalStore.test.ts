import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { JournalStore } from "../../src/adapters/journalStore";
import { openStore } from "../../src/adapters/openStore";
import { describeRuns } from "./storeBehaviour";
import { cents, request, SetClock, scratchFolder, stamped, started, turnStarted, wholeRun } from "./storeSamples";

describe("journal", () => {
  const scratch = scratchFolder();
  let count = 0;
  const folder = () => path.join(scratch.path, `journal-${++count}`);
  after(() => scratch.remove());

  describeRuns("journal", async () => new JournalStore(folder(), new SetClock(), "no database"));
  describeRuns("memory", async () => new JournalStore(null, new SetClock(), "no database"));

  it("shows what other processes left, and interrupts the unfinished runs of dead ones", async () => {
    const place = folder();
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
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
    const [file] = readdirSync(place);
    assert.ok(file && dead);
    const text = readFileSync(path.join(place, file), "utf8");
    writeFileSync(path.join(place, file), text.replace(`"pid":${process.pid}`, `"pid":${dead}`));
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
