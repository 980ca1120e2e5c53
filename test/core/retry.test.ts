import assert from "node:assert/strict";
import type { ModelResult } from "../../src/core/ports";
import { MOST_ATTEMPTS, nextTry } from "../../src/core/retry";
import { runScript } from "../support/scriptedRun";

const later = (askedMs: number | null) => ({ kind: "refused", reason: "429 slow down", retry: "later", askedMs }) as const;

describe("the next try", () => {
  it("waits twice as long each time, and at least as long as it was asked to", () => {
    const waits = (askedMs: number | null) => [1, 2, 3, 4].map((attempt) => nextTry(later(askedMs), attempt, 0));
    const again = (...ms: number[]) => ms.map((waitMs) => ({ kind: "again", waitMs }));
    assert.deepEqual(waits(null), again(500, 1_000, 2_000, 4_000));
    assert.deepEqual(waits(0), again(500, 1_000, 2_000, 4_000));
    assert.deepEqual(waits(1_500), again(1_500, 1_500, 2_000, 4_000));
  });

  it("goes out at once where it only takes another form", () => {
    assert.deepEqual(nextTry({ kind: "refused", reason: "another form", retry: "now" }, 2, 0), { kind: "again", waitMs: 0 });
  });

  it("says when to come back instead of waiting for long", () => {
    const reason = (askedMs: number) => nextTry(later(askedMs), 1, 0);
    assert.deepEqual(reason(1_500_000), { kind: "giveUp", reason: "429 slow down; try again in 25 minutes" });
    assert.deepEqual(reason(86_400_000), { kind: "giveUp", reason: "429 slow down; try again in 24 hours" });
  });

  it("puts up with one silence, whatever came before it, and with no second", async () => {
    const partial = { text: "", toolCalls: [], finish: "unknown", reasoning: "" } as const;
    const stalled = { kind: "broken", reason: "no answer came", cause: "stalled", partial, bill: null, silentMs: 0 } as const;
    const run = await runScript((_request, index) => (index === 0 ? later(0) : stalled));
    assert.deepEqual([run.requests.length, run.outcome], [3, { kind: "failed", reason: "no answer came" }]);
  });

  it("ends after the last attempt, and says after how many", async () => {
    const run = await runScript((): ModelResult => later(0));
    assert.equal(run.requests.length, MOST_ATTEMPTS);
    assert.deepEqual(run.clock.slept, [500, 1_000, 2_000, 4_000]);
    assert.deepEqual(run.outcome, { kind: "failed", reason: `gave up after ${MOST_ATTEMPTS} attempts: 429 slow down` });
  });
});
