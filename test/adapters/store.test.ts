import assert from "node:assert/strict";
import path from "node:path";
import { StoreQueue } from "../../src/adapters/sqlite";
import { StoreError } from "../../src/adapters/storeErrors";
import { defaultStoreFile } from "../../src/adapters/storeFile";
import { type OwnerSign, OwnerWatch, thisOwner } from "../../src/adapters/storeOwner";
import type { Clock } from "../../src/core/ports";

describe("default store file", () => {
  it("is in the data folder of the platform", () => {
    assert.equal(defaultStoreFile({}, "linux", "/home/ann"), "/home/ann/.local/share/turnpike/turnpike.db");
    assert.equal(defaultStoreFile({ XDG_DATA_HOME: "/data" }, "linux", "/home/ann"), "/data/turnpike/turnpike.db");
    assert.equal(
      defaultStoreFile({ XDG_DATA_HOME: "data" }, "linux", "/home/ann"),
      "/home/ann/.local/share/turnpike/turnpike.db",
    );
    assert.equal(defaultStoreFile({}, "darwin", "/Users/ann"), "/Users/ann/Library/Application Support/turnpike/turnpike.db");
    const local = "C:\\Users\\ann\\AppData\\Local";
    assert.equal(defaultStoreFile({ LOCALAPPDATA: local }, "win32", "C:\\Users\\ann"), `${local}\\turnpike\\turnpike.db`);
    assert.equal(defaultStoreFile({}, "win32", "C:\\Users\\ann"), `${local}\\turnpike\\turnpike.db`);
  });

  it("is where TURNPIKE_STORE says", () => {
    assert.equal(
      defaultStoreFile({ TURNPIKE_STORE: "/x/y.db", XDG_DATA_HOME: "/data" }, "linux", "/home/ann"),
      path.resolve("/x/y.db"),
    );
    assert.equal(defaultStoreFile({ TURNPIKE_STORE: "y.db" }, "linux", "/home/ann"), path.resolve("y.db"));
  });
});

describe("owner watch", () => {
  const HOUR = 3_600_000;
  const now = Date.now();
  const me: OwnerSign = { ...thisOwner(), heartbeatAt: now, closedAt: null };
  /** Looks `times` as often as a process does that lives, and says what the last look saw. */
  function look(watch: OwnerWatch, owner: OwnerSign, times: number): boolean {
    return Array.from({ length: times }, (_, index) => watch.isDead(owner, now + index * 10_000)).at(-1) ?? false;
  }

  it("takes a process that runs for alive, however long it was silent", function () {
    if (process.platform !== "linux") this.skip();
    assert.equal(look(new OwnerWatch(), { ...me, heartbeatAt: now - 1_000 * HOUR }, 20), false);
  });

  it("takes a process that is gone, that has closed, or whose pid another one has, for dead at once", function () {
    const gone = { ...me, pid: 2 ** 22 + 1 };
    assert.equal(look(new OwnerWatch(), gone, 1), true);
    assert.equal(look(new OwnerWatch(), { ...me, closedAt: now }, 1), true);
    if (process.platform !== "linux") this.skip();
    assert.equal(look(new OwnerWatch(), { ...me, processStart: "another boot:1" }, 1), true);
  });

  it("believes in the death of one it cannot ask only after a long silence that it has watched", () => {
    const elsewhere = { ...me, host: "elsewhere", heartbeatAt: now - 2 * HOUR };
    assert.equal(look(new OwnerWatch(), elsewhere, 5), false);
    assert.equal(look(new OwnerWatch(), elsewhere, 10), true);
    assert.equal(look(new OwnerWatch(), { ...elsewhere, heartbeatAt: now - HOUR / 2 }, 10), false);
    const watch = new OwnerWatch();
    assert.equal(look(watch, elsewhere, 5), false);
    assert.equal(watch.isDead({ ...elsewhere, heartbeatAt: now }, now + 2 * HOUR), false);
  });
});

describe("store queue", () => {
  const busy = () => Object.assign(new Error("database is locked"), { errcode: 5 });
  const slept: number[] = [];
  const clock: Clock = {
    now: () => 0,
    sleep: async (ms) => {
      slept.push(ms);
    },
  };

  it("works in order, and goes on after a failure", async () => {
    const queue = new StoreQueue(clock, "x.db");
    const seen: number[] = [];
    let locked = 2;
    const all = [
      queue.run(() => {
        if (locked-- > 0) throw busy();
        seen.push(1);
      }),
      queue.run(() => {
        throw new Error("a mistake");
      }),
      queue.run(() => seen.push(2)),
    ];
    const ends = await Promise.allSettled(all);
    assert.deepEqual(
      ends.map((end) => end.status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(seen, [1, 2]);
  });

  it("gives up on a store that stays locked, in words for people", async () => {
    slept.length = 0;
    const queue = new StoreQueue(clock, "x.db");
    const error = await queue
      .run(() => {
        throw busy();
      })
      .then(
        () => null,
        (reason: unknown) => reason,
      );
    assert.ok(error instanceof StoreError);
    assert.equal(error.fault, "busy");
    assert.match(error.message, /locked by another program: x\.db/);
    assert.ok(slept.length > 10);
  });
});
