import assert from "node:assert/strict";
import { summarise } from "../../scripts/eval/summary";
import { tableOf } from "../../scripts/eval/table";
import { tryRecord } from "./records";

const FACTS = { model: "m", tasks: 2, repeats: 1, seed: 1 };
const row = (markdown: string, policy: string) =>
  (markdown.split("\n").find((line) => line.startsWith(`| \`${policy}\``)) ?? "").split("|").map((cell) => cell.trim());

describe("the figures of an evaluation", () => {
  it("charge every try, solved or not, to the tasks that were solved", () => {
    const records = [
      tryRecord({ usd: 0.1 }),
      tryRecord({ task: "b", usd: 0.3, solved: false, end: "cut", turns: 10 }),
      tryRecord({ task: "c", usd: 0.2, solved: false, changedFiles: 0, turns: 1 }),
    ];
    const [unrestricted] = summarise(records, ["unrestricted"], 1).policies;
    assert.deepEqual([unrestricted?.tries, unrestricted?.solved, unrestricted?.emptyPatches, unrestricted?.usd], [3, 1, 1, 0.6]);
    assert.equal(unrestricted?.usdPerSolved?.value, 0.6);
    assert.equal(unrestricted?.turns.value, 5);
    assert.deepEqual(unrestricted?.ends, { done: 2, cut: 1 });
  });

  it("leave out what failed outside the agent, but not its money", () => {
    const lost = tryRecord({ task: "b", end: "infrastructure", solved: null, usd: 0.05 });
    const summary = summarise([tryRecord(), lost], ["unrestricted"], 1);
    assert.equal(summary.policies[0]?.tries, 1);
    assert.deepEqual(summary.leftOut, { ends: { infrastructure: 1 }, usd: 0.05 });
    assert.equal(summary.usd, 0.06);
  });

  it("say that a cost is not known rather than take it for nothing", () => {
    const records = [tryRecord(), tryRecord({ task: "b", usd: null, knownUsd: 0.01, unknownCharges: 1 })];
    const other = records.map((one) => ({ ...one, policy: "fixed:9", usd: 0.01 }));
    const summary = summarise([...records, ...other], ["unrestricted", "fixed:9"], 1);
    assert.equal(summary.usd, null);
    const [unrestricted, fixed] = summary.policies;
    assert.deepEqual([unrestricted?.usd, unrestricted?.usdPerTry, unrestricted?.usdPerSolved], [null, null, null]);
    assert.equal(fixed?.against?.saving, null);
    const table = tableOf(summary, FACTS);
    assert.deepEqual(row(table, "unrestricted").slice(6, 9), ["unknown", "unknown", "unknown"]);
    assert.match(table, /Billed in all: not known in full/);
  });

  it("compare with the unrestricted runs task by task, over tasks that both have", () => {
    const records = [
      tryRecord({ usd: 0.2 }),
      tryRecord({ task: "b", usd: 0.4, solved: false }),
      tryRecord({ task: "c", usd: 9 }),
      tryRecord({ policy: "fixed:9", usd: 0.1, solved: false }),
      tryRecord({ policy: "fixed:9", task: "b", usd: 0.2, solved: false }),
    ];
    const fixed = summarise(records, ["unrestricted", "fixed:9"], 1).policies[1];
    assert.equal(fixed?.against?.tasks, 2);
    assert.equal(fixed?.against?.saving?.value, 0.5);
    // Half the price on each task: whichever tasks are drawn, half is saved.
    assert.deepEqual(fixed?.against?.saving?.interval, { low: 0.5, high: 0.5 });
    assert.equal(fixed?.against?.solveRate.value, -0.5);
    assert.deepEqual(fixed?.against?.solveRate.interval, { low: -1, high: 0 });
  });

  it("have no interval of a cost per solved where none is solved, and one without end where a resample has none", () => {
    const none = [tryRecord({ solved: false }), tryRecord({ task: "b", solved: false })];
    assert.equal(row(tableOf(summarise(none, ["unrestricted"], 1), FACTS), "unrestricted")[8], "none solved");
    const some = [tryRecord(), tryRecord({ task: "b", solved: false })];
    assert.equal(row(tableOf(summarise(some, ["unrestricted"], 1), FACTS), "unrestricted")[8], "$0.0200 [$0.0100, none solved]");
  });

  it("take a try that is there twice as it stands last", () => {
    const summary = summarise([tryRecord({ solved: false }), tryRecord({ usd: 0.03 })], ["unrestricted"], 1);
    assert.deepEqual([summary.policies[0]?.tries, summary.policies[0]?.solved, summary.policies[0]?.usd], [1, 1, 0.03]);
    assert.equal(summary.usd, 0.04);
  });

  it("are printed in the published layout, and warn of rows that are not alike", () => {
    const records = [
      tryRecord({ usd: 0.2 }),
      tryRecord({ task: "b", usd: 0.2 }),
      tryRecord({ policy: "fixed:9", usd: 0.1, solved: false, end: "cut" }),
    ];
    const table = tableOf(summarise(records, ["unrestricted", "fixed:9"], 1), FACTS);
    assert.match(
      table,
      /^\| strategy \| tries \| solved \| empty patches \| turns \| cost per try \| cost \| cost per solved \| saving \|/m,
    );
    assert.deepEqual(row(table, "unrestricted").slice(1, -1), [
      ...["`unrestricted`", "2", "2 (100 %) [100 %, 100 %]", "0", "4.0 [4.0, 4.0]"],
      ...["$0.20 [$0.20, $0.20]", "$0.40", "$0.20 [$0.20, $0.20]", "", ""],
    ]);
    assert.deepEqual(row(table, "fixed:9").slice(2, -1), [
      "1",
      "0 (0 %)",
      "0",
      "4.0",
      "$0.10",
      "$0.10",
      "none solved",
      "50 %",
      "-100 pt",
    ]);
    assert.match(table, /`fixed:9` \(--policy x\): 1 cut by a cap/);
    assert.match(table, /different numbers of tries/);
  });
});
