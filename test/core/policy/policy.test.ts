import assert from "node:assert/strict";
import { nano } from "../../../src/core/money";
import { createPolicy, type PolicyView } from "../../../src/core/policy/policy";
import type { PolicySettings } from "../../../src/core/runConfig";
import { dollars } from "../../support/scriptedRun";

const every = { kind: "every" } as const;
const evidence: PolicySettings = {
  kind: "dynamic",
  preset: "evidence",
  baseTurns: 40,
  hardTurns: 55,
  onLimit: "land",
  cadence: every,
};
const published: PolicySettings = {
  kind: "dynamic",
  preset: "published",
  baseTurns: 52,
  hardTurns: 64,
  onLimit: "land",
  cadence: every,
};

function view(change: Partial<PolicyView>): PolicyView {
  const nothing = { progress: [], against: [], isStuck: false, freeUsd: null, wish: null };
  return { turnsUsed: 0, limit: 40, hard: 55, ...nothing, priceOf: () => null, chanceIn: () => null, ...change };
}

describe("the policies", () => {
  it("unrestricted goes on for ever, unless a cap in turns leaves only the landing turn", () => {
    const policy = createPolicy({ kind: "unrestricted", cadence: every });
    assert.equal(policy.next(view({ turnsUsed: 10_000, limit: null, hard: null })).kind, "go");
    assert.equal(policy.next(view({ turnsUsed: 9, limit: 10, hard: 10 })).kind, "land");
  });

  it("leave the only turn of a limit of one to the task", () => {
    for (const settings of [
      { kind: "fixed", maxTurns: 1, cadence: every } as const,
      { ...evidence, baseTurns: 1, hardTurns: 1 },
    ]) {
      const policy = createPolicy(settings);
      assert.equal(policy.next(view({ turnsUsed: 0, limit: 1, hard: 1 })).kind, "go");
      assert.equal(policy.next(view({ turnsUsed: 1, limit: 1, hard: 1 })).kind, "land");
      assert.equal(policy.next(view({ turnsUsed: 0, limit: 0, hard: 0 })).kind, "land");
    }
  });

  it("fixed keeps its last turn for landing", () => {
    const policy = createPolicy({ kind: "fixed", maxTurns: 10, cadence: every });
    assert.equal(policy.next(view({ turnsUsed: 8, limit: 10, hard: 10 })).kind, "go");
    assert.equal(policy.next(view({ turnsUsed: 9, limit: 10, hard: 10 })).kind, "land");
  });

  it("on evidence extends by a quarter of the base, as far as the hard limit, when something came of the turns", () => {
    const policy = createPolicy(evidence);
    const progress = ["src/a.ts changed in turn 30"];
    assert.equal(policy.next(view({ turnsUsed: 38, progress })).kind, "go");
    const first = policy.next(view({ turnsUsed: 39, progress }));
    assert.ok(first.kind === "extend" && first.turns === 10);
    const last = policy.next(view({ turnsUsed: 49, limit: 50, progress }));
    assert.ok(last.kind === "extend" && last.turns === 5);
    assert.equal(policy.next(view({ turnsUsed: 54, limit: 55, progress })).kind, "land");
  });

  it("on evidence refuses a chunk without progress, when stuck, or without the money for it, and says which", () => {
    const policy = createPolicy(evidence);
    const refusals = [
      { change: {}, reason: /no progress/ },
      { change: { progress: ["a"], against: ["read_file a gave the same result 4 times"] }, reason: /same result/ },
      {
        change: { progress: ["a"], priceOf: (turns: number) => nano(dollars(0.02) * turns), freeUsd: dollars(0.19) },
        reason: /money/,
      },
    ];
    for (const { change, reason } of refusals) {
      const decision = policy.next(view({ turnsUsed: 39, ...change }));
      assert.ok(decision.kind === "land" && decision.why === "turns");
      assert.match(decision.refused?.against.join() ?? "", reason);
    }
  });

  it("on evidence asks a user who wants to be asked", () => {
    const policy = createPolicy({ ...evidence, onLimit: "ask" });
    const decision = policy.next(view({ turnsUsed: 39 }));
    assert.ok(decision.kind === "ask" && decision.chunk === 10);
  });

  it("as published extends once, blindly, in the words of the paper", () => {
    const policy = createPolicy(published);
    assert.equal(policy.next(view({ turnsUsed: 51, limit: 52, hard: 64 })).kind, "go");
    const decision = policy.next(view({ turnsUsed: 52, limit: 52, hard: 64 }));
    assert.ok(decision.kind === "extend");
    assert.equal(decision.turns, 12);
    assert.equal(
      decision.note,
      "ENVIRONMENT REMINDER: You have used up all turns but have not yet completed the task. You are granted an additional 12 turns to continue and complete the task.",
    );
    assert.equal(policy.next(view({ turnsUsed: 63, limit: 64, hard: 64 })).kind, "land");
  });
});
