import assert from "node:assert/strict";
import { findStuck, stuckHint } from "../../../src/core/policy/stuck";
import type { CallRecord, TurnRecord } from "../../../src/core/runState";
import { NO_USAGE } from "../../../src/core/usage";
import { dollars } from "../../support/scriptedRun";

const call = (tool: string, subject: string, text: string, changed = false): CallRecord => ({
  callId: "c",
  tool,
  subject,
  state: "ok",
  text,
  resultTokens: null,
  truncated: false,
  ms: 1,
  exitCode: null,
  changes: changed ? [{ path: subject, added: 1, removed: 0, before: null, after: null }] : [],
  check: null,
});

const read = (path: string, text = `text of ${path}`) => call("read_file", path, text);

/** One turn per entry, numbered from 1. */
function turns(...calls: (CallRecord | readonly CallRecord[])[]): TurnRecord[] {
  return calls.map((one, index) => ({
    turn: index + 1,
    purpose: "turn",
    tail: null,
    plan: null,
    charges: [],
    retries: [],
    usage: NO_USAGE,
    usd: null,
    provenance: null,
    runningUsd: dollars(0),
    text: "",
    calls: [one].flat(),
    hint: null,
    startedAt: 0,
    endedAt: 1,
    waitedMs: 0,
  }));
}

const times = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => make(index));

describe("stuck", () => {
  it("grows from a hint at 3 over a strong one at 5 to a stop at 8, each said once", () => {
    const seen = times(9, (n) => findStuck(turns(...times(n + 1, () => read("a.ts")))));
    assert.deepEqual(
      seen.map(({ level }) => level),
      ["none", "none", "hint", "hint", "strong", "strong", "strong", "stop", "stop"],
    );
    assert.deepEqual(
      seen.slice(0, 7).map(({ fresh }) => fresh),
      [false, false, true, false, true, false, false],
    );
    assert.match(
      stuckHint(findStuck(turns(...times(5, () => read("a.ts"))))),
      /^\[hint\] read_file a\.ts gave the same result 5 times\. Stop repeating it/,
    );
  });

  it("sees two calls that take turns", () => {
    const both = turns(...times(6, (n) => read(n % 2 === 0 ? "a.ts" : "b.ts")));
    assert.equal(findStuck(both).level, "hint");
  });

  it("counts an unchanged re-read as the result it stands for", () => {
    const unchanged = "unchanged since turn 1";
    assert.equal(findStuck(turns(read("a.ts"), read("a.ts", unchanged), read("a.ts", unchanged))).level, "hint");
  });

  it("looks through durations and process ids, but not through a result that changes", () => {
    const slow = times(3, (n) => call("run_command", "npm test", `2 failed in ${n}.5 s, pid ${n}00`));
    assert.equal(findStuck(turns(...slow)).level, "hint");
    const polls = times(9, (n) => call("run_command", "ps", `${n} jobs left`));
    assert.equal(findStuck(turns(...polls)).level, "none");
  });

  it("starts anew with a change to the workspace, and with a word from the user", () => {
    const edited = turns(...times(4, () => read("a.ts")), call("edit_file", "a.ts", "done", true), read("a.ts"), read("a.ts"));
    assert.equal(findStuck(edited).level, "none");
    const spoken = turns(...times(8, () => read("a.ts")));
    assert.equal(findStuck(spoken, 7).level, "none");
  });

  it("forgets a repetition that was left behind", () => {
    const later = turns(...times(3, () => read("a.ts")), ...times(6, (n) => read(`new${n}.ts`)));
    assert.equal(findStuck(later).level, "none");
    assert.equal(findStuck(later.slice(0, 8)).level, "hint");
  });

  it("says of a second repetition, after a first that was left behind, what it said of that one", () => {
    const all = turns(...times(5, () => read("a.ts")), ...times(8, () => read("b.ts")));
    const said = times(13, (n) => findStuck(all.slice(0, n + 1))).map(
      ({ level, fresh, why }) => fresh && `${level} ${why.slice(10, 14)}`,
    );
    assert.deepEqual(
      said.map((words, at) => [at + 1, words]).filter(([, words]) => words !== false),
      [
        [3, "hint a.ts"],
        [5, "strong a.ts"],
        [8, "hint b.ts"],
        [10, "strong b.ts"],
        [13, "stop b.ts"],
      ],
    );
  });

  it("hints after six turns in which nothing was new", () => {
    const known = times(3, (n) => read(`f${n}.ts`));
    const stale = turns(...known, ...times(6, (n) => [read(`f${n % 3}.ts`)]));
    const found = findStuck(stale.slice(0, 9));
    assert.equal(found.level, "hint");
  });
});
