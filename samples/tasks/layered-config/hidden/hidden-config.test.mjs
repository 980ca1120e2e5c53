import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { ConfigError, loadConfig } from "./src/config.js";

function folder(files) {
  const dir = mkdtempSync(path.join(process.cwd(), "hidden-"));
  for (const [name, value] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), typeof value === "string" ? value : JSON.stringify(value));
  }
  return (name) => path.join(dir, name);
}
const plain = (value) => JSON.stringify(value);

test("the files of the project", () => {
  assert.equal(
    plain(loadConfig("configs/dev.json")),
    '{"server":{"port":3000,"host":"0.0.0.0"},"features":["search","export","debug"]}',
  );
  assert.deepEqual(loadConfig("configs/prod.json"), {
    server: { port: 9443, host: "prod.example", proxy: "http://proxy:3128", tls: { min: "1.2" }, banner: 'say "hello"' },
    features: ["search", "export"],
    limits: { retries: 3, timeoutMs: 1500 },
  });
});

test("layers: order, depth, lists, null", () => {
  const at = folder({
    "a.json": { x: { one: 1, two: 2, deep: { k: 1 } }, list: [1, null, 3], gone: { a: 1 }, first: true },
    "sub/b.json": { x: { two: 22, deep: null }, list: [9], gone: null, never: null },
    "c.json": { extends: ["./a.json", "sub/b.json"], x: { three: 3 }, gone: { b: 2 }, fresh: { keep: 1, drop: null } },
    "d.json": { extends: "c.json", x: "flat" },
    "e.json": { extends: "d.json", x: { again: null, new: 1 } },
  });
  const merged = { x: { one: 1, two: 22, three: 3 }, list: [9], first: true, gone: { b: 2 }, fresh: { keep: 1 } };
  assert.deepEqual(loadConfig(at("c.json")), merged);
  assert.equal(plain(loadConfig(at("a.json"))), '{"x":{"one":1,"two":2,"deep":{"k":1}},"list":[1,null,3],"gone":{"a":1},"first":true}');
  assert.equal(loadConfig(at("d.json")).x, "flat");
  assert.deepEqual(loadConfig(at("e.json")).x, { new: 1 });
});

test("the same file by two ways is no circle", () => {
  const at = folder({
    "root.json": { v: 0, r: 1 },
    "l.json": { extends: "root.json", v: 1 },
    "r.json": { extends: "root.json", w: 2 },
    "top.json": { extends: ["l.json", "r.json"] },
  });
  assert.deepEqual(loadConfig(at("top.json")), { v: 0, r: 1, w: 2 });
});

const throwsError = (load, message) =>
  assert.throws(load, (error) => error instanceof ConfigError && (message instanceof RegExp ? message.test(error.message) : error.message === message));

test("circles", () => {
  const at = folder({
    "start.json": { extends: "a.json" },
    "a.json": { extends: "b.json" },
    "b.json": { extends: "./sub/../a.json" },
    "self.json": { extends: ["self.json"] },
  });
  throwsError(() => loadConfig(at("start.json")), "circle: a.json -> b.json -> a.json");
  throwsError(() => loadConfig(at("self.json")), "circle: self.json -> self.json");
});

test("errors say which file, and how it was reached", () => {
  const at = folder({
    "prod.json": { extends: "tls.json" },
    "far.json": { extends: "near.json" },
    "near.json": { extends: "bad.json" },
    "bad.json": "{ not json",
    "list.json": [1],
    "onlist.json": { extends: ["list.json"] },
    "null.json": "null",
  });
  throwsError(() => loadConfig(at("prod.json")), /^tls\.json \(from prod\.json\): ./);
  throwsError(() => loadConfig(at("far.json")), /^bad\.json \(from .*near\.json\): ./);
  throwsError(() => loadConfig(at("bad.json")), /^bad\.json: ./);
  throwsError(() => loadConfig(at("onlist.json")), "list.json (from onlist.json): the top is not an object");
  throwsError(() => loadConfig(at("null.json")), "null.json: the top is not an object");
});

test("odd keys are data, and nothing else changes", () => {
  const at = folder({
    "base.json": '{"__proto__":{"polluted":1},"constructor":{"prototype":{"worse":1}},"toString":"text"}',
    "over.json": '{"extends":"base.json","__proto__":{"more":2},"constructor":{"x":1},"valueOf":{"y":1}}',
  });
  const result = loadConfig(at("over.json"));
  assert.equal({}.polluted, undefined);
  assert.equal({}.worse, undefined);
  assert.equal(Object.prototype.more, undefined);
  assert.equal(typeof {}.toString, "function");
  assert.deepEqual(Object.keys(result), ["__proto__", "constructor", "toString", "valueOf"]);
  assert.equal(plain(result), '{"__proto__":{"polluted":1,"more":2},"constructor":{"prototype":{"worse":1},"x":1},"toString":"text","valueOf":{"y":1}}');
});

test("results share nothing", () => {
  const at = folder({ "a.json": { list: [{ x: 1 }], o: { p: { q: 1 } } }, "b.json": { extends: "a.json" } });
  const first = loadConfig(at("b.json"));
  first.list[0].x = 2;
  first.o.p.q = 2;
  first.added = 1;
  assert.deepEqual(loadConfig(at("b.json")), { list: [{ x: 1 }], o: { p: { q: 1 } } });
});
