import assert from "node:assert/strict";
import { bestCheckpoint } from "../../src/core/checkpoint";
import { cheaperSegment, segmentPrices } from "../../src/core/segment";
import { formatLikely } from "../../src/present/format";
import { bestModel, resumeOptions, setBackAsked, setBackTold } from "../../src/present/goingOn";
import * as scenes from "../webview/scenes";
import { change, config, Story } from "../webview/story";

const HOUR_MS = 3_600_000;

describe("going on", () => {
  it("offers both ways with their prices, the cheaper first", () => {
    const { state, at } = scenes.interrupted();
    for (const now of [at, at + HOUR_MS]) {
      const prices = segmentPrices(state, now);
      const options = resumeOptions(state, now);
      assert.equal(options[0]?.segment, cheaperSegment(prices));
      const same = options.find(({ segment }) => segment === "same");
      assert.equal(same?.label, `Resume · about ${prices.same === null ? "" : formatLikely(prices.same)}`);
      const fresh = options.find(({ segment }) => segment === "fresh");
      assert.equal(fresh?.label, `Fresh start · about ${prices.fresh === null ? "" : formatLikely(prices.fresh)}`);
    }
    assert.equal(resumeOptions(state, at + HOUR_MS)[0]?.segment, "fresh", "an old conversation is paid for in full");
  });

  it("offers one plain way where there is no price", () => {
    const story = scenes.unpriced().emit({ kind: "ended", outcome: { kind: "interrupted", reason: "gone" } });
    const options = resumeOptions(story.state, story.at);
    assert.deepEqual(
      options.map(({ segment, label, extendLabel }) => [segment, label, extendLabel]),
      [[null, "Resume", "Extend and go on"]],
    );
  });

  it("offers none for a run that is done or goes on", () => {
    for (const story of [scenes.done(), scenes.writing()]) assert.deepEqual(resumeOptions(story.state, story.at), []);
  });

  it("tells which state was better, once the run has ended in a worse one", () => {
    const best = bestModel(scenes.interrupted().state);
    assert.equal(best?.text, "Turn 11 was better: all passed then, 2 failing at the last check (npm test).");
    assert.equal(best?.action, "Set 3 files back…");
    assert.equal(bestModel(scenes.done().state), null);
    assert.equal(bestModel(scenes.commandRunning().state), null);
  });

  it("names failing checks of both states", () => {
    const check = (failures: number) => ({
      ...{ tool: "run_command", subject: "npm test", ok: false, exitCode: 1 },
      check: { command: "npm test", passed: false, failures },
    });
    const edit = { tool: "edit_file", subject: "a.ts", changes: [change("a.ts", 2, 1)] };
    const story = new Story(config(), 0).take({ calls: [check(1)] }).take({ calls: [edit, check(4)] });
    story.emit({ kind: "ended", outcome: { kind: "interrupted", reason: "gone" } });
    assert.equal(bestModel(story.state)?.text, "Turn 1 was better: 1 failing then, 4 at the last check (npm test).");
  });

  it("asks with every file named, and says what happens to those that came later or are not kept", () => {
    const best = bestCheckpoint(scenes.interrupted().state);
    if (!best) throw new Error("the scene was better once");
    const files = [
      { path: "a.ts", holds: { kind: "text", key: "2" }, held: { kind: "text", key: "1" } },
      { path: "b.ts", holds: { kind: "text", key: "2" }, held: { kind: "absent" } },
      { path: "c.bin", holds: null, held: { kind: "text", key: "1" } },
    ] as const;
    const { message, detail } = setBackAsked({ ...best, files });
    assert.equal(message, "Set 3 files back to turn 11?");
    assert.match(detail, /\n\na\.ts\nb\.ts \(is deleted: it came later\)\nc\.bin \(too large to be kept: stays as it is\)\n\n/);
  });

  it("reports what was set back, and what was left and why", () => {
    assert.equal(setBackTold({ turn: 3 }, { done: ["a", "b"], left: [] }), "Set back to turn 3: a, b.");
    const left = [{ path: "c", why: "was changed since" }];
    assert.equal(setBackTold({ turn: 3 }, { done: [], left }), "No file was set back. Left as it is: c was changed since.");
  });
});
