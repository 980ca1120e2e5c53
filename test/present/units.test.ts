import assert from "node:assert/strict";
import { usd } from "../../src/core/money";
import type { RunState } from "../../src/core/runState";
import { bindingUse, unitUses } from "../../src/present/budget";
import { meterModel, unitModels } from "../../src/present/units";
import * as scenes from "../webview/scenes";
import { config, Story } from "../webview/story";

const at = (state: RunState, now = state.lastAt) => {
  const uses = unitUses(state, now);
  return { units: unitModels(state, uses), meter: meterModel(state, uses), binding: bindingUse(uses)?.unit ?? null };
};

describe("units and meter", () => {
  it("show all four units, and mark the one that binds", () => {
    const { units, binding } = at(scenes.writing().state);
    assert.deepEqual(
      units.map(({ used, of }) => `${used} ${of}`),
      ["12 of 34 turns", "$0.0715 of $0.50", "20.2 k tokens, no cap", "0:55 of 10 min"],
    );
    assert.equal(binding, "turns");
    assert.deepEqual(
      units.map((unit) => unit.binding),
      [true, false, false, false],
    );
  });

  it("cut the binding cap into settled, in flight, free and kept for the landing", () => {
    const { meter } = at(scenes.writing().state);
    assert.deepEqual([meter?.settled.text, meter?.reserved.text, meter?.free.text, meter?.landing.text], ["11", "1", "21", "1"]);
    assert.ok(meter && Math.abs(meter.settled.share - 11 / 34) < 1e-9);
  });

  it("hold the reservation of dollars on top of what is settled, and never pass the cap", () => {
    for (const scene of [scenes.estimated, scenes.stoppedByDollars, scenes.twoHundred, scenes.landingNow, scenes.starting]) {
      const { meter } = at(scene().state);
      if (!meter) throw new Error("all of these have caps");
      const parts = [meter.settled, meter.reserved, meter.free, meter.landing].map((part) => part.share);
      assert.ok(Math.abs(parts.reduce((sum, share) => sum + share, 0) - 1) < 1e-9, scene.name);
      assert.ok(
        parts.every((share) => share >= 0),
        scene.name,
      );
    }
  });

  it("keep nothing back once the landing is under way", () => {
    assert.equal(at(scenes.landingNow().state).meter?.landing.share, 0);
    assert.equal(at(scenes.done().state).meter?.landing.share, 0);
  });

  it("keep of a cap in minutes what the core keeps: half a minute, or a quarter of a short cap", () => {
    const keptOf = (minutes: number) => {
      const { state } = new Story(config({ caps: { turns: null, usd: null, tokens: null, minutes } }), 0);
      return unitUses(state, state.lastAt).find((use) => use.unit === "minutes")?.landing;
    };
    assert.deepEqual([10, 2, 1, 0.5].map(keptOf), [30_000, 30_000, 15_000, 7_500]);
  });

  it("lay the forecast beside the cap that binds, cut off at its end", () => {
    const { meter } = at(scenes.writing().state);
    assert.ok(meter?.likely);
    const shares = [meter.likely.from, meter.likely.middle, meter.likely.to];
    assert.deepEqual(
      shares.map((share) => Math.round(share * 34)),
      [11 + 3, 11 + 6, 11 + 14],
    );
    assert.equal(at(scenes.tight().state).meter?.likely?.to, 1);
    assert.equal(at(scenes.starting().state).meter?.likely, null);
    const over = scenes.writing().emit({ kind: "ended", outcome: { kind: "stopped", reason: "user" } });
    assert.equal(at(over.state).meter?.likely, null, "nothing is likely of what has ended");
  });

  it("warn from the run's own level and stop at the cap", () => {
    const levels = (state: RunState) => at(state).units.map((unit) => unit.level);
    assert.deepEqual(levels(scenes.twoHundred().state), ["warn", "ok", "ok", "ok"]);
    assert.deepEqual(levels(scenes.stoppedByTurns().state), ["stop", "ok", "ok", "ok"]);
    assert.deepEqual(levels(scenes.stoppedByDollars().state), ["ok", "stop", "ok", "ok"]);
    assert.deepEqual(levels(scenes.done().state), ["ok", "ok", "ok", "ok"]);
  });

  it("take a cap of 0 for used up, and no cap for no meter", () => {
    const none = new Story(config({ caps: { turns: null, usd: usd(0), tokens: null, minutes: null } }), 0);
    assert.equal(at(none.state).binding, "usd");
    const free = config({
      policy: { kind: "unrestricted", cadence: { kind: "off" } },
      caps: { turns: null, usd: null, tokens: null, minutes: null },
    });
    assert.equal(at(new Story(free, 0).state).meter, null);
  });

  it("never show unknown dollars as $0", () => {
    const [, dollars] = at(scenes.unpriced().state).units;
    assert.deepEqual([dollars?.used, dollars?.of], ["?", "no cap"]);
  });

  it("let the clock run while the run does, not while it waits", () => {
    const { state } = scenes.writing();
    assert.equal(at(state, state.lastAt + 60_000).units[3]?.used, "1:55");
    const { state: asking } = scenes.commandApproval();
    assert.equal(at(asking, asking.lastAt + 60_000).units[3]?.used, "0:55");
  });
});
