import assert from "node:assert/strict";
import { bandOf, reminderLine, type Standing } from "../../../src/core/policy/reminder";
import { NO_CAPS, type PolicySettings } from "../../../src/core/runConfig";
import { dollars } from "../../support/scriptedRun";

const every = { kind: "every" } as const;
const published: PolicySettings = {
  kind: "dynamic",
  preset: "published",
  baseTurns: 52,
  hardTurns: 64,
  onLimit: "land",
  cadence: every,
};

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
