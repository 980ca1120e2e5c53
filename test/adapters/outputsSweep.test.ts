import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { dropOldOutputs } from "../../src/adapters/outputsSweep";

const DAY_MS = 24 * 3_600_000;

describe("outputs of past runs", () => {
  let home: string;
  const now = Date.now();
  const run = (name: string, days: number, bytes: number) => {
    const folder = path.join(home, name);
    mkdirSync(folder);
    writeFileSync(path.join(folder, "o1.txt"), "x".repeat(bytes));
    const at = new Date(now - days * DAY_MS);
    for (const one of [path.join(folder, "o1.txt"), folder]) utimesSync(one, at, at);
  };
  beforeEach(() => {
    home = mkdtempSync(path.join(os.tmpdir(), "turnpike-outputs-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("are gone after a week", async () => {
    run("old", 8, 10);
    run("new", 6, 10);
    writeFileSync(path.join(home, "a file"), "");
    await dropOldOutputs(home, now);
    assert.deepEqual(readdirSync(home), ["a file", "new"]);
  });

  it("stay within a limit together, the oldest going first, those of today never", async () => {
    run("a", 3, 100_000);
    run("b", 2, 100_000);
    run("c", 0.5, 100_000);
    await dropOldOutputs(home, now, 250_000);
    assert.deepEqual(readdirSync(home), ["b", "c"]);
    await dropOldOutputs(home, now, 1);
    assert.deepEqual(readdirSync(home), ["c"]);
  });

  it("are no trouble where there are none", async () => {
    await dropOldOutputs(path.join(home, "none"), now);
  });
});
