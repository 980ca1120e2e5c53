import assert from "node:assert/strict";
import { calibrateTurns, percentile } from "../../src/core/policy/calibrate";
import { createPolicy, type PolicyView } from "../../src/core/policy/policy";
import { bandOf, reminderLine, type Standing } from "../../src/core/policy/reminder";
import { NO_CAPS, type PolicySettings } from "../../src/core/runConfig";
import { dollars } from "../support/scriptedRun";

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
  return { turnsUsed: 0, limit: 40, hard: 55, progress: [], against: [], turnUsd: null, freeUsd: null, ...change };
}

describe("the policies", () => {
  it("unrestricted goes on for ever, unless a cap in turns leaves only the landing turn", () => {
    const policy = createPolicy({ kind: "unrestricted", cadence: every });
    assert.equal(policy.next(view({ turnsUsed: 10_000, limit: null, hard: null })).kind, "go");
    assert.equal(policy.next(view({ turnsUsed: 9, limit: 10, hard: 10 })).kind, "land");
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
      { change: { progress: ["a"], turnUsd: dollars(0.02), freeUsd: dollars(0.19) }, reason: /money/ },
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

describe("the reminder", () => {
  const standing: Standing = {
    turnsUsed: 11,
    limit: 34,
    caps: { ...NO_CAPS, usd: dollars(0.5), minutes: 10 },
    usedUsd: dollars(0.18),
    usedTokens: 0,
    usedMs: 190_000,
  };

  it("says what is left in one line, with the band of the scarcest unit", () => {
    const settings: PolicySettings = { kind: "fixed", maxTurns: 34, cadence: every };
    assert.equal(reminderLine(settings, standing), "[budget] turn 12 of 34 · $0.18 of $0.50 · 3 of 10 min · MEDIUM");
  });

  it("counts down as published, after every turn from the first", () => {
    assert.equal(reminderLine(published, { ...standing, turnsUsed: 0, limit: 52 }), null);
    assert.equal(
      reminderLine(published, { ...standing, turnsUsed: 1, limit: 52 }),
      "ENVIRONMENT REMINDER: You have 51 turns left to complete the task.",
    );
  });

  it("can be kept for the last turns, or be off", () => {
    const last: PolicySettings = { kind: "fixed", maxTurns: 34, cadence: { kind: "last", turns: 3 } };
    assert.equal(reminderLine(last, { ...standing, turnsUsed: 30 }), null);
    assert.match(reminderLine(last, { ...standing, turnsUsed: 31 }) ?? "", /turn 32 of 34.*CRITICAL$/);
    assert.equal(reminderLine({ kind: "fixed", maxTurns: 34, cadence: { kind: "off" } }, standing), null);
  });

  it("has nothing to say where nothing is capped", () => {
    assert.equal(reminderLine({ kind: "unrestricted", cadence: every }, { ...standing, limit: null, caps: NO_CAPS }), null);
  });

  it("draws its bands at 70, 30 and 10 percent", () => {
    assert.deepEqual([1, 0.7, 0.69, 0.3, 0.29, 0.1, 0.09, 0].map(bandOf), [
      "HIGH",
      "HIGH",
      "MEDIUM",
      "MEDIUM",
      "LOW",
      "LOW",
      "CRITICAL",
      "CRITICAL",
    ]);
  });
});

describe("calibration", () => {
  it("interpolates between order statistics and rounds up to a whole turn", () => {
    assert.equal(percentile([1, 2, 3, 4], 0.5), 2.5);
    assert.equal(percentile([10, 20], 0.75), 17.5);
    const turns = [10, 20, 30, 40, 50, 60, 70, 80];
    assert.deepEqual(calibrateTurns(turns, []), { p50: 45, p75: 63, p90: 73, source: "project", n: 8 });
  });

  it("asks the wider source when there are fewer than eight runs, and falls back to 40/60/80", () => {
    const eight = Array.from({ length: 8 }, () => 12);
    assert.equal(calibrateTurns([5, 5], eight).source, "model");
    assert.deepEqual(calibrateTurns([5], [5, 6]), { p50: 40, p75: 60, p90: 80, source: "fallback", n: 0 });
  });
});
