import assert from "node:assert/strict";
import type { AgentRun } from "../../scripts/eval/agentRun";
import { endOf } from "../../scripts/eval/attempt";
import { usd } from "../../src/core/money";

type Kind = NonNullable<AgentRun["ended"]>["outcome"]["kind"];

function ended(kind: Kind, reason: string, { callOpen = false, turns = 3 } = {}): AgentRun {
  const none = { freshInput: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0, estimatedCharges: 0, unknownCharges: 0 };
  return {
    ended: { outcome: { kind, reason }, totals: { turns, usd: 0, ...none } },
    callOpen,
    exitCode: 0,
    stderr: "",
    seconds: 1,
  };
}

const WHOLE = { usd: usd(1), whole: true };

describe("how a try ended", () => {
  it("tells the agent's ends from those it is not to blame for", () => {
    for (const [run, end] of [
      [ended("done", "it works"), "done"],
      [ended("stopped", "turns"), "cut"],
      [ended("stopped", "time"), "cut"],
      [ended("stopped", "dollars"), "cut"],
      [ended("stopped", "stuck"), "stuck"],
      [ended("failed", "infeasible: there is no such file"), "gaveUp"],
      [ended("failed", "the model gave 3 empty answers"), "failed"],
      [ended("failed", "The conversation is longer than the model takes (400)", { callOpen: true }), "failed"],
      [ended("failed", "The provider is overloaded (503)", { callOpen: true }), "infrastructure"],
      [ended("failed", "the disk is full", { turns: 0 }), "infrastructure"],
      [ended("interrupted", "the process was asked to end"), "infrastructure"],
      [{ ...ended("done", ""), ended: null }, "infrastructure"],
    ] as const)
      assert.equal(endOf(run, WHOLE, false), end, JSON.stringify(run.ended?.outcome));
  });

  it("lays a stop by dollars to the evaluation where the try had less than its whole share", () => {
    assert.equal(endOf(ended("stopped", "dollars"), { usd: usd(0.1), whole: false }, false), "budget");
    assert.equal(endOf(ended("stopped", "turns"), { usd: usd(0.1), whole: false }, false), "cut");
  });

  it("knows the user's interruption, also of a run that left no word", () => {
    assert.equal(endOf(ended("interrupted", "the process was asked to end"), WHOLE, true), "interrupted");
    assert.equal(endOf({ ...ended("done", ""), ended: null }, WHOLE, true), "interrupted");
    assert.equal(endOf(ended("done", "just in time"), WHOLE, true), "done");
  });
});
