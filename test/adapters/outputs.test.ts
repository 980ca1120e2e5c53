import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createFileOutputs, createMemoryOutputs } from "../../src/adapters/outputs";

describe("outputs", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(os.tmpdir(), "turnpike-outputs-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("give a text back by its short id, also to a later process", async () => {
    const folder = path.join(home, "deep/outputs");
    const outputs = createFileOutputs(folder);
    assert.equal(outputs.save("call-1", "one 漢"), "o1");
    assert.equal(outputs.save("call-2", "two"), "o2");
    const later = createFileOutputs(folder);
    assert.equal(later.save("call-3", "three"), "o3");
    assert.equal(await later.load("o1"), "one 漢");
    assert.equal(await later.load("o9"), null);
  });

  it("give back nothing but outputs", async () => {
    writeFileSync(path.join(home, "secret.txt"), "secret");
    const outputs = createFileOutputs(path.join(home, "outputs"));
    for (const id of ["../secret", "o1/../../secret", "", "o0", "o1.txt"]) assert.equal(await outputs.load(id), null, id);
  });

  it("keep the newest within their bounds", async () => {
    const onDisk = createFileOutputs(home, 250);
    const inMemory = createMemoryOutputs(250);
    for (const outputs of [onDisk, inMemory]) {
      for (let i = 1; i <= 5; i += 1) outputs.save("c", String(i).repeat(100));
      assert.equal(await outputs.load("o3"), null);
      assert.equal(await outputs.load("o4"), "4".repeat(100));
      outputs.save("c", "x".repeat(1_000));
      assert.equal((await outputs.load("o6"))?.length, 1_000, "even one too large alone");
    }
    assert.deepEqual(readdirSync(home), ["o6.txt"]);
  });

  it("stay in memory where the folder cannot be made", async () => {
    writeFileSync(path.join(home, "file"), "");
    const outputs = createFileOutputs(path.join(home, "file/outputs"));
    const id = outputs.save("c", "kept");
    assert.equal(await outputs.load(id), "kept");
  });
});
