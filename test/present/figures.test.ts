import assert from "node:assert/strict";
import { usd, ZERO_USD } from "../../src/core/money";
import type { TurnRecord } from "../../src/core/runState";
import { figureText, priceWords, sumFigure, turnFigure } from "../../src/present/figures";
import { config, priceRow, Story, type Turn } from "../webview/story";

function turnOf(turn: Turn, price = config().price): TurnRecord {
  const [record] = new Story(config({ price }), 0).take(turn).state.turns;
  if (!record) throw new Error("one turn was taken");
  return record;
}

const usage = { freshInput: 4_720, cacheRead: 512, output: 210 };

describe("figures", () => {
  it("say where a figure comes from", () => {
    const priced = turnFigure(turnOf({ usage }), false);
    assert.deepEqual(priced, { text: "$0.0081", mark: "", title: "computed from genai-prices of 2026-11-01" });
    const reported = turnFigure(turnOf({ usage, provenance: "reported" }), false);
    assert.equal(reported.title, "billed by the provider");
    const own = turnFigure(turnOf({ usage }, priceRow("user")), false);
    assert.equal(own.title, "computed from your own price");
  });

  it("mark what is estimated, and never show what is unknown as nothing", () => {
    const estimated = turnFigure(turnOf({ usage, provenance: "estimated" }), false);
    assert.equal(figureText(estimated), "≈ $0.0081");
    const unknown = turnFigure(turnOf({ usage }, null), false);
    assert.deepEqual([unknown.text, unknown.mark], ["?", "?"]);
  });

  it("tell a sum that is known in part from one that is not known at all", () => {
    const sum = { usd: usd(0.12345), charges: 12, estimatedCharges: 0, unknownCharges: 1 };
    assert.deepEqual(sumFigure(sum, false), { text: "≥ $0.12", mark: "?", title: "12 calls, 1 of unknown cost, not in the sum" });
    assert.equal(sumFigure({ ...sum, usd: ZERO_USD }, false).text, "?");
    assert.equal(sumFigure({ ...sum, unknownCharges: 0, estimatedCharges: 2 }, false).mark, "≈");
    assert.equal(sumFigure({ ...sum, unknownCharges: 0 }, false).text, "$0.12");
  });

  it("mark play money as such", () => {
    const figure = sumFigure({ usd: usd(0.07), charges: 3, estimatedCharges: 0, unknownCharges: 0 }, true);
    assert.deepEqual(figure, { text: "$0.0700", mark: "demo", title: "demo money: nothing is billed; 3 calls" });
  });

  it("show what is held for a call before it is billed, rounded up", () => {
    const story = new Story(config(), 0).begin({ freshInput: 900, cacheRead: 16_384 });
    const [turn] = story.state.turns;
    if (!turn) throw new Error("one turn was begun");
    assert.equal(turnFigure(turn, false, usd(0.03101)).text, "≤ $0.0311");
    assert.equal(turnFigure(turn, false).text, "");
  });

  it("put a price in words", () => {
    assert.equal(priceWords(priceRow()), "$1.25 in, $0.125 cached, $10 out per million tokens; genai-prices of 2026-11-01");
  });
});
