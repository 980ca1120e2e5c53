import assert from "node:assert/strict";
import { progressSince } from "../../../src/core/policy/progress";
import type { PlanLine, TurnRecord } from "../../../src/core/runState";
import { checks, edits, reads, turnRecords } from "../../support/turns";

const since = (turns: readonly TurnRecord[], mark: number, plan: readonly PlanLine[] = [], words: readonly string[] = []) =>
  progressSince({ turns, plan, words }, mark);

describe("progress since a mark", () => {
  it("is a workspace in a state it was not in before", () => {
    const turns = turnRecords(edits("src/a.ts", "a0", "a1"), edits("src/a.ts", "a1", "a2"));
    assert.deepEqual(since(turns, 1), ["src/a.ts changed in turn 2"]);
    assert.deepEqual(since(turns, 2), []);
  });

  it("is no edit that is undone, nor one that goes back and forth", () => {
    const undone = turnRecords(reads("src/a.ts"), edits("src/a.ts", "a0", "a1"), edits("src/a.ts", "a1", "a0"));
    assert.deepEqual(since(undone, 1), []);
    const back = turnRecords(edits("src/a.ts", "a0", "a1"), edits("src/a.ts", "a1", "a2"), edits("src/a.ts", "a2", "a1"));
    assert.deepEqual(since(back, 2), []);
    const toTheFirst = turnRecords(edits("src/a.ts", "a0", "a1"), edits("src/a.ts", "a1", "a0"));
    assert.deepEqual(since(toTheFirst, 1), []);
  });

  it("is no file that was made and taken away again, and no scratch file", () => {
    const gone = turnRecords(reads("x"), edits("probe.ts", null, "p1"), edits("probe.ts", "p1", null));
    assert.deepEqual(since(gone, 1), []);
    assert.deepEqual(since(turnRecords(edits("tmp/probe.ts", null, "p1")), 0), []);
  });

  it("counts a change whose text was too large to keep", () => {
    const turns = turnRecords(
      reads("big.json"),
      [edits("big.json", null, null)].map((call) => ({
        ...call,
        changes: [{ path: "big.json", added: 9, removed: 3, before: null, after: null }],
      })),
    );
    assert.deepEqual(since(turns, 1), ["big.json changed in turn 2"]);
  });

  it("is fewer failing checks than when last counted before it", () => {
    const turns = turnRecords(checks(3), checks(1), checks(2));
    assert.deepEqual(since(turns, 1), ["failing checks 3 → 2"]);
    assert.deepEqual(since(turns, 2), []);
    assert.deepEqual(since(turnRecords(checks(2), checks(0)), 1), ["failing checks 2 → 0"]);
    assert.deepEqual(since(turnRecords(reads("a"), checks(0)), 1), []);
  });

  it("compares failing checks of one command, with its first count where there is none before the mark", () => {
    const other = turnRecords(checks(3), checks(0, "npm run lint"));
    assert.deepEqual(since(other, 1), []);
    const both = turnRecords(checks(3), checks(1), checks(0, "npm run lint"));
    assert.deepEqual(since(both, 1), ["failing checks 3 → 1"]);
    assert.deepEqual(since(turnRecords(checks(5), checks(2)), 0), ["failing checks 5 → 2"]);
    assert.deepEqual(since(turnRecords(checks(5), checks(2), checks(6)), 0), []);
  });

  it("is any file read for the first time, until something is changed", () => {
    const turns = turnRecords(reads("src/a.ts"), reads("src/a.ts"), [reads("src/b.ts"), reads("./src/a.ts"), reads("lib/c.ts")]);
    assert.deepEqual(since(turns, 1), ["2 files read for the first time"]);
    assert.deepEqual(since(turns, 3), []);
  });

  it("is, after a change, only a file that the task or a failed check names, or one beside a changed file", () => {
    const readThen = (path: string) =>
      since(
        turnRecords([edits("src/a.ts", "a0", "a1"), checks(1, "npm test", "at run (lib/tax.ts:3)")], reads(path)),
        1,
        [],
        ["Fix docs/guide.md"],
      );
    for (const path of ["src/z.ts", "lib/tax.ts", "docs/guide.md"])
      assert.deepEqual(readThen(path), ["1 file read for the first time"], path);
    assert.deepEqual(readThen("other/unrelated.ts"), []);
  });

  it("is an item of the plan that was open at the mark and is done now", () => {
    const plan: PlanLine[] = [
      { text: "find the fault", sinceTurn: 1, doneTurn: 3 },
      { text: "mend it", sinceTurn: 1, doneTurn: 6 },
      { text: "made up and done at once", sinceTurn: 6, doneTurn: 6 },
      { text: "test it", sinceTurn: 1, doneTurn: null },
    ];
    assert.deepEqual(since([], 4, plan), ["plan: mend it done"]);
  });
});
