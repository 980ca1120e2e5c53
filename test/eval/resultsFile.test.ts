import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { appendResult, readResults } from "../../scripts/eval/resultsFile";
import { workspace } from "../support/cli";
import { tryRecord } from "./records";

describe("the file of results", () => {
  it("gives back what was put in, one line each", () => {
    const file = path.join(workspace({}), "r.jsonl");
    const records = [tryRecord(), tryRecord({ task: "b", usd: null, knownUsd: null, outcome: null, solved: null, turns: null })];
    for (const record of records) appendResult(file, record);
    assert.deepEqual(readResults(file, assert.fail), records);
    assert.equal(readFileSync(file, "utf8").split("\n").length, 3);
  });

  it("loses a last line that was cut short, and nothing else", () => {
    const file = path.join(workspace({}), "r.jsonl");
    appendResult(file, tryRecord());
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, whole + whole.slice(0, 50));
    const said: string[] = [];
    assert.equal(readResults(file, (line) => said.push(line)).length, 1);
    assert.match(said.join(), /cut short/);
    assert.equal(readFileSync(file, "utf8"), whole);
  });

  it("is refused when it is something else", () => {
    const folder = workspace({ "notes.txt": "hello\n", "other.jsonl": '{"kind":"event"}\n' });
    for (const [file, message] of [
      [path.join(folder, "notes.txt"), /line 1 of .*no JSON/],
      [path.join(folder, "other.jsonl"), /line 1 of .*no try of an evaluation/],
      [path.join(folder, "no/such/r.jsonl"), /no folder/],
      [folder, /not a file/],
    ] as const)
      assert.throws(() => readResults(file, assert.fail), message);
  });
});
