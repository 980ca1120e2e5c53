import assert from "node:assert/strict";
import type { Outlook } from "../../src/core/agentEvent";
import type { Forecast } from "../../src/core/forecast/forecast";
import { usd } from "../../src/core/money";
import { NO_CAPS } from "../../src/core/runConfig";
import { outlookModel, startForecast } from "../../src/present/forecast";
import * as scenes from "../webview/scenes";

const OUTLOOK: Outlook = {
  turnsLeft: { p10: 3.4, p50: 6.2, p90: 13.7 },
  usdLeft: { p10: usd(0.018), p50: usd(0.0412), p90: usd(0.1) },
  chance: 0.714,
  n: 48,
};
const outlook = (part: Partial<Outlook> = {}) => outlookModel({ outlook: { ...OUTLOOK, ...part }, question: null });

const EXPECTED: Forecast = {
  turnsLeft: { p10: 9, p50: 24, p90: 60.2 },
  usdLeft: { p10: usd(0.03), p50: usd(0.11), p90: usd(0.384) },
  n: 48,
  within: () => 0.5,
};
const start = (turns: number | null, dollars: number | null, part: Partial<Forecast> = {}) =>
  startForecast({ ...EXPECTED, ...part }, turns, { ...NO_CAPS, usd: dollars === null ? null : usd(dollars) });

describe("forecast in words", () => {
  it("says what is likely, how sure that is within the limits, and by how many runs", () => {
    const { text, chance, tight, title } = outlook();
    assert.deepEqual([text, chance, tight], ["Likely 6 more turns (3–14), $0.041", "71 % within the limits", false]);
    assert.equal(title, "From 48 past runs that had come as far. Eight in ten take 3 to 14 more turns and $0.018 to $0.10.");
  });

  it("says it plainly when the limits are more likely too low than not", () => {
    const { chance, tight } = outlook({ chance: 0.31 });
    assert.deepEqual([chance, tight], ["31 % within the limits: most such runs need more", true]);
  });

  it("speaks of no limits where there are none, and of no dollars where nobody knows them", () => {
    assert.equal(outlook({ chance: null }).chance, "");
    assert.equal(outlook({ usdLeft: null }).text, "Likely 6 more turns (3–14)");
  });

  it("leaves the limits out while they are in question", () => {
    const { state } = scenes.extensionAsked();
    assert.deepEqual([outlookModel(state).chance, outlookModel(state).tight], ["", false]);
  });

  it("expects at least one turn of a run that goes on", () => {
    assert.equal(outlook({ turnsLeft: { p10: 0, p50: 0.2, p90: 1 }, usdLeft: null }).text, "Likely 1 more turn");
  });

  it("admits that there are too few past runs", () => {
    assert.equal(outlookModel({ outlook: null, question: null }).text, "No forecast yet: too few past runs");
    assert.equal(startForecast(null, 60, NO_CAPS), null);
  });

  it("tells before a start the middle and the long end", () => {
    const model = start(80, 0.5);
    assert.equal(model?.text, "Likely 24 turns, $0.11; 1 in 10 takes more than 61 turns, $0.38.");
    assert.deepEqual([model?.chance, model?.tight], ["", false]);
    assert.equal(start(null, null, { usdLeft: null })?.text, "Likely 24 turns; 1 in 10 takes more than 61 turns.");
  });

  it("warns before a start when half of such runs need more than it is given, in turns or in dollars", () => {
    for (const model of [start(23, null), start(null, 0.1)]) {
      assert.deepEqual([model?.chance, model?.tight], ["Half of such runs need more than these limits.", true]);
    }
    assert.equal(start(24, 0.11)?.tight, false);
    assert.equal(start(24, 0.1, { usdLeft: null })?.tight, false, "what is not known is not above a limit");
  });
});
