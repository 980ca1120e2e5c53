import assert from "node:assert/strict";
import { parseFromHistory, parseFromSidebar } from "../../src/protocol/guards";

const choice = {
  ...{ policy: "dynamic", preset: "evidence", turns: null, usd: 0.5, tokens: null, minutes: 30 },
  ...{ model: "gpt-5", approval: "ask" },
};

describe("guards of page messages", () => {
  it("let every message through that a page sends", () => {
    const messages = [
      { kind: "ready" },
      { kind: "start", task: "Fix it", choice },
      { kind: "followUp", runId: "r1", text: "and this", choice },
      { kind: "choose", runId: null, revision: 1, change: { policy: "unrestricted", usd: null } },
      { kind: "choose", runId: "r1", revision: 7, change: {} },
      { kind: "stop" },
      { kind: "land" },
      { kind: "extend", runId: "r1", segment: "fresh", turns: 9, usd: null, tokens: null, minutes: null },
      { kind: "resume", runId: "r1", segment: "same" },
      { kind: "resume", runId: "r1", segment: null },
      { kind: "setBack", runId: "r1" },
      { kind: "newTask" },
      { kind: "approve", callId: "c1", allowed: true },
      { kind: "answerExtension", answer: "land" },
      { kind: "detail", turn: 12 },
      { kind: "openDiff", callId: "c1", path: "src/a.ts" },
      { kind: "previewEdit", callId: "c1" },
      { kind: "openFile", path: "src/a.ts" },
      { kind: "copy", text: "npm test" },
      { kind: "command", command: "turnpike.setApiKey" },
      { kind: "command", command: "workbench.trust.manage" },
    ];
    for (const message of messages) assert.deepEqual(parseFromSidebar(message), message);
    const ofHistory = [
      { kind: "ready" },
      { kind: "back" },
      { kind: "open", runId: "r1" },
      { kind: "continueRun", runId: "r1" },
      { kind: "detail", turn: 3 },
      { kind: "openDiff", callId: "c1", path: "a" },
      { kind: "openFile", path: "a" },
      { kind: "copy", text: "npm test" },
    ];
    for (const message of ofHistory) assert.deepEqual(parseFromHistory(message), message);
  });

  it("refuse what is unbounded, unknown or not of the right type", () => {
    const refused: readonly unknown[] = [
      ...[null, undefined, 7, "ready", [], {}, { kind: "toString" }],
      { kind: "start", task: "   ", choice },
      { kind: "start", task: "x".repeat(100_001), choice },
      { kind: "start", task: "x", choice: { ...choice, usd: Number.NaN } },
      { kind: "start", task: "x", choice: { ...choice, usd: Number.POSITIVE_INFINITY } },
      { kind: "start", task: "x", choice: { ...choice, usd: -1 } },
      { kind: "start", task: "x", choice: { ...choice, turns: 1.5 } },
      { kind: "start", task: "x", choice: { ...choice, approval: "all" } },
      { kind: "start", task: "x" },
      { kind: "approve", callId: "c1", allowed: "yes" },
      { kind: "detail", turn: 0 },
      { kind: "extend", runId: "r1", segment: null, turns: 9 },
      { kind: "resume", runId: "r1" },
      { kind: "resume", runId: "r1", segment: "other" },
      { kind: "setBack" },
      { kind: "copy", text: "" },
      { kind: "copy", text: "x".repeat(20_001) },
      { kind: "choose", runId: null, revision: 1, change: { turns: 10_001 } },
      { kind: "choose", runId: null, revision: 1, change: { usd: undefined } },
      { kind: "choose", runId: null, revision: 0, change: {} },
      { kind: "choose", revision: 1, change: {} },
      { kind: "openFile", path: "" },
    ];
    for (const raw of refused) assert.equal(parseFromSidebar(raw), null, JSON.stringify(raw));
    assert.equal(parseFromHistory({ kind: "start", task: "x", choice }), null);
  });

  it("pass only the commands that a page may ask for", () => {
    for (const command of [
      "workbench.action.terminal.sendSequence",
      "turnpike",
      "turnpike.a b",
      "xturnpike.stop",
      "turnpike.stop\n",
    ]) {
      assert.equal(parseFromSidebar({ kind: "command", command }), null, command);
    }
  });

  it("drop what does not belong to a message", () => {
    assert.deepEqual(parseFromSidebar({ kind: "stop", extra: 1, __proto__: { x: 1 } }), { kind: "stop" });
  });
});
