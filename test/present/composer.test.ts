import assert from "node:assert/strict";
import type { Forecast } from "../../src/core/forecast/forecast";
import { usd } from "../../src/core/money";
import type { PolicySettings } from "../../src/core/runConfig";
import { type ComposerInput, composerModel } from "../../src/present/composer";
import type { ComposerChoice } from "../../src/protocol/sidebar";
import * as scenes from "../webview/scenes";
import { DYNAMIC, priceRow } from "../webview/story";

const CHOICE: ComposerChoice = {
  ...{ policy: "dynamic", preset: "evidence", turns: null, usd: 0.5, tokens: null, minutes: 30 },
  ...{ model: "gpt-5", approval: "ask" },
};
const UNRESTRICTED: PolicySettings = { kind: "unrestricted", cadence: { kind: "every" } };

function composer(choice: Partial<ComposerChoice> = {}, part: Partial<ComposerInput> = {}) {
  return composerModel({
    choice: { ...CHOICE, ...choice },
    revision: 0,
    models: [{ id: "gpt-5", price: priceRow() }],
    price: priceRow(),
    policy: DYNAMIC,
    fixedTurns: 60,
    typical: {
      p50: 34,
      p75: 48,
      p90: 60,
      sources: [
        { kind: "model", n: 23 },
        { kind: "prior", n: 124 },
      ],
    },
    inputError: null,
    expected: null,
    obstacle: null,
    notice: null,
    starting: false,
    trusted: true,
    run: null,
    ...part,
  });
}

describe("composer", () => {
  it("says before the start what can be billed at most", () => {
    assert.equal(composer().bound, "Cannot bill more than $0.50 (+ input-count error).");
    assert.equal(
      composer({}, { inputError: 0.004 }).bound,
      "Cannot bill more than $0.50 (+ input-count error, so far at most 0.4 %).",
    );
  });

  it("says in plain words when no dollars are capped", () => {
    assert.equal(composer({ usd: null }).bound, "No dollar limit: stops at 60 turns or 30 min, whatever that costs.");
    const none = composer({ usd: null, minutes: null }, { policy: UNRESTRICTED });
    assert.equal(none.bound, "No limit of any kind: it runs until it is done or you stop it.");
    assert.equal(none.limits, "no limits");
  });

  it("calls play money by its name", () => {
    assert.equal(
      composer({}, { price: priceRow("demo") }).bound,
      "Demo model: nothing is billed. The limit of $0.50 is kept all the same.",
    );
  });

  it("refuses a dollar limit without a price, and only then", () => {
    const blocked = composer({ model: "glm-5" }, { price: null }).blocked;
    assert.deepEqual(blocked, {
      text: "A dollar limit needs a price, and none is known for glm-5.",
      command: "turnpike.setPrice",
      action: "Set its price",
    });
    assert.equal(composer({ usd: null }, { price: null }).blocked, null);
    assert.equal(composer({}, { price: undefined }).blocked, null);
  });

  it("puts what the host knows before what it finds itself", () => {
    const obstacle = { text: "There is no API key for OpenAI.", command: "turnpike.setApiKey", action: "Set API key" };
    assert.equal(composer({}, { obstacle, price: null }).blocked, obstacle);
  });

  it("takes 0 for a limit that lets nothing through", () => {
    assert.match(composer({ usd: 0 }).blocked?.text ?? "", /\$0 lets nothing/);
    assert.match(composer({ turns: 0 }).blocked?.text ?? "", /0 lets nothing/);
  });

  it("shows where turns start and may end, and where that comes from", () => {
    assert.equal(composer().limits, "$0.50 · 34–60 turns · 30 min");
    assert.equal(composer({ turns: 20 }).limits, "$0.50 · 20 turns · 30 min");
    assert.equal(
      composer().policyNote,
      "Starts with 34 turns; progress earns 9 more at a time, never past 60. From 23 runs of this model, drawn towards 124 published runs.",
    );
  });

  it("says before a start what past runs took, and nothing where there are none or a run goes on", () => {
    const expected: Forecast = {
      turnsLeft: { p10: 9, p50: 24, p90: 61 },
      usdLeft: { p10: usd(0.03), p50: usd(0.11), p90: usd(0.38) },
      n: 48,
      within: () => 0.5,
    };
    assert.match(composer({}, { expected }).forecast?.text ?? "", /^Likely 24 turns, \$0\.11;/);
    assert.equal(composer({ turns: 20 }, { expected }).forecast?.tight, true);
    assert.equal(composer().forecast, null);
    assert.equal(composer({}, { expected, run: scenes.done().state }).forecast, null);
  });

  it("goes on with a run under limits in all, as long as something is left", () => {
    const run = scenes.done().state;
    const model = composer({ turns: 34, usd: 0.5 }, { run });
    assert.deepEqual([model.mode, model.blocked], ["followUp", null]);
    assert.equal(model.bound, "Cannot bill more than $0.50 in all (+ input-count error); $0.42 is left.");
    assert.equal(composer({ turns: 12 }, { run }).blocked?.text, "Nothing is left of 12 turns. Raise this limit to go on.");
    assert.equal(composer({ usd: 0.05 }, { run }).blocked?.text, "Nothing is left of $0.05. Raise this limit to go on.");
  });

  it("goes on after a stop only under a limit that is higher than the one that stopped it", () => {
    const run = scenes.stoppedByDollars().state;
    const before = { turns: run.limit, usd: 0.08, minutes: 10 };
    assert.equal(composer(before, { run }).blocked?.text, "The run stopped at the limit of $0.08. Raise it to go on.");
    assert.equal(composer({ ...before, usd: 0.12 }, { run }).blocked, null);
    assert.equal(composer({ ...before, usd: null }, { run }).blocked, null);
    const landed = scenes.stoppedByTurns().state;
    const early = { ...landed, turns: landed.turns.slice(0, -1) };
    const text = composer({ turns: 34 }, { run: early }).blocked?.text;
    assert.equal(text, "The run stopped at the limit of 34 turns. Raise it to go on.");
    assert.equal(composer({ turns: 40 }, { run: early }).blocked, null);
  });

  it("says what the policy itself sets where no turns are chosen", () => {
    const fixed: PolicySettings = { kind: "fixed", maxTurns: 60, cadence: { kind: "every" } };
    const none = (policy: PolicySettings) => composer({}, { policy }).turnsNone;
    assert.deepEqual([none(fixed), none(DYNAMIC), none(UNRESTRICTED)], ["60", "60", "no limit"]);
    assert.equal(composer({}, { run: scenes.done().state }).turnsNone, "no limit");
  });

  it("lets the last refusal be said without standing in the way", () => {
    const notice = { text: "No such model.", command: null, action: "" };
    const model = composer({}, { notice });
    assert.deepEqual([model.notice, model.blocked], [notice, null]);
  });

  it("offers the chosen model even when it is not on the list", () => {
    assert.deepEqual(
      composer({ model: "local" }, { price: null }).models.map(({ id, label }) => [id, label]),
      [
        ["local", "local"],
        ["gpt-5", "gpt-5 · $1.25 / $10"],
      ],
    );
  });
});
