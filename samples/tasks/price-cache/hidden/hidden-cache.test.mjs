import assert from "node:assert/strict";
import test from "node:test";
import { createCache } from "./src/cache.js";
import { createShop } from "./src/shop.js";

function setUp({ ttlMs = 100, max = 10 } = {}) {
  let time = 1000;
  const asked = [];
  const load = (key) => new Promise((resolve, reject) => asked.push({ key, resolve, reject }));
  const cache = createCache({ load, ttlMs, max, now: () => time });
  return { cache, asked, pass: (ms) => (time += ms), keys: () => asked.map(({ key }) => key).join("") };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
async function fill(set, key, ...given) {
  const [value] = given.length > 0 ? given : [key];
  const got = set.cache.get(key);
  await settle();
  set.asked.at(-1).resolve(value);
  assert.equal(await got, value);
}

test("those who ask at once share a load, and its failure, which is forgotten", async () => {
  const set = setUp();
  const [one, two] = [set.cache.get("a"), set.cache.get("a")];
  await settle();
  assert.equal(set.keys(), "a");
  set.asked[0].reject(new Error("down"));
  await assert.rejects(one, /down/);
  await assert.rejects(two, /down/);
  await fill(set, "a", 5);
  assert.equal(set.keys(), "aa");
  assert.equal(await set.cache.get("a"), 5);
});

test("a load that throws at once", async () => {
  let calls = 0;
  const cache = createCache({
    load: () => {
      calls += 1;
      if (calls === 1) throw new Error("no promise");
      return Promise.resolve("ok");
    },
    ttlMs: 10,
    max: 2,
    now: () => 0,
  });
  await assert.rejects(Promise.resolve().then(() => cache.get("a")), /no promise/);
  assert.equal(await cache.get("a"), "ok");
});

test("undefined is a value", async () => {
  const set = setUp();
  await fill(set, "a", undefined);
  assert.equal(await set.cache.get("a"), undefined);
  assert.equal(set.keys(), "a");
});

test("time counts from the arrival, and ends at ttlMs", async () => {
  const set = setUp();
  const got = set.cache.get("a");
  await settle();
  set.pass(500);
  set.asked[0].resolve("A");
  await got;
  await settle();
  set.pass(99);
  assert.equal(await set.cache.get("a"), "A");
  set.pass(1);
  await fill(set, "a", "B");
  assert.equal(set.keys(), "aa");
  assert.equal(await set.cache.get("a"), "B");
});

test("a slow load is shared however long it takes", async () => {
  const set = setUp();
  const one = set.cache.get("a");
  await settle();
  set.pass(1000);
  const two = set.cache.get("a");
  await settle();
  assert.equal(set.keys(), "a");
  set.asked[0].resolve(1);
  assert.deepEqual(await Promise.all([one, two]), [1, 1]);
});

test("the least recently used goes first; loads on their way do not count", async () => {
  const set = setUp({ max: 2 });
  await fill(set, "a");
  await fill(set, "b");
  await set.cache.get("a");
  await fill(set, "c");
  await set.cache.get("a");
  await set.cache.get("c");
  assert.equal(set.keys(), "abc");
  const waiting = ["x", "y", "z"].map((key) => set.cache.get(key));
  const again = set.cache.get("x");
  await settle();
  assert.equal(set.keys(), "abcxyz");
  assert.equal(await set.cache.get("a"), "a");
  for (const one of set.asked.slice(3)) one.resolve(one.key);
  assert.deepEqual(await Promise.all([...waiting, again]), ["x", "y", "z", "x"]);
  assert.equal(await set.cache.get("z"), "z");
  assert.equal(await set.cache.get("y"), "y");
  assert.equal(set.keys(), "abcxyz");
  await fill(set, "b");
  assert.equal(set.keys(), "abcxyzb");
});

test("what is deleted on its way is not kept, and does not take the place of a later load", async () => {
  const set = setUp();
  const old = set.cache.get("a");
  await settle();
  set.cache.delete("a");
  const fresh = set.cache.get("a");
  await settle();
  assert.equal(set.keys(), "aa");
  set.asked[1].resolve("new");
  assert.equal(await fresh, "new");
  set.asked[0].resolve("old");
  assert.equal(await old, "old");
  await settle();
  assert.equal(await set.cache.get("a"), "new");
  set.cache.delete("a");
  const third = set.cache.get("a");
  await settle();
  set.cache.delete("a");
  set.asked[2].reject(new Error("late"));
  await assert.rejects(third, /late/);
  await fill(set, "a", 4);
});

test("the shop", async () => {
  let down = true;
  let asked = 0;
  const service = {
    async price(id) {
      asked += 1;
      if (down) throw new Error("the service is down");
      return id === "none" ? undefined : { amount: 0, currency: "EUR" };
    },
  };
  const shop = createShop(service, { now: () => 0 });
  await assert.rejects(shop.displayPrice("a"), /the service is down/);
  assert.equal(asked, 1);
  down = false;
  assert.equal(await shop.displayPrice("a"), "0.00");
  assert.equal(await shop.displayPrice("none"), "no price");
  assert.equal(await shop.displayPrice("none"), "no price");
  assert.equal(asked, 3);
});
