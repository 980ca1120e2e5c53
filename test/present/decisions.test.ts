import assert from "node:assert/strict";
import { usd } from "../../src/core/money";
import { decisionsOf } from "../../src/present/decisions";
import * as scenes from "../webview/scenes";
import { config, DYNAMIC, Story } from "../webview/story";

const NONE = { progress: [], against: [], chunkUsd: null, chance: null, wish: null };
const of = (story: Story) => decisionsOf(story.state);

describe("decisions between the steps", () => {
  it("come newest first, each with its reasons, its price and its chance", () => {
    assert.deepEqual(of(scenes.extensionsDecided()), [
      {
        ...{ afterTurn: 51, kind: "kept", title: "Not extended at 52" },
        ...{ text: "no progress since the last grant, not enough money for the chunk", facts: [] },
      },
      {
        ...{ afterTurn: 42, kind: "extended", title: "You extended 43 → 52" },
        ...{ text: "although no progress since the last grant", facts: ["about $0.090"] },
      },
      {
        ...{ afterTurn: 33, kind: "extended", title: "Extended 34 → 43" },
        text: "src/module3.ts changed in turn 31, failing checks 5 → 2, plan: Use the same total in the CSV export done",
        facts: ["about $0.083", "62 % to finish in it"],
      },
    ]);
  });

  it("count reasons that are too many for a line", () => {
    const progress = ["a changed", "b changed", "c changed", "d changed", "e changed", "f changed"];
    const story = scenes.starting().emit({
      ...{ kind: "extended", turn: 1, from: 34, to: 43, by: "policy" },
      evidence: { ...NONE, progress },
    });
    assert.equal(of(story)[0]?.text, "a changed, b changed, c changed, d changed and 2 more");
  });

  it("say of a blind extension that it is one", () => {
    const story = new Story(config({ policy: { ...DYNAMIC, preset: "published" } }), 0);
    story.emit({ kind: "extended", turn: 34, from: 34, to: 48, by: "policy", evidence: { ...NONE, chunkUsd: usd(0.2) } });
    assert.deepEqual([of(story)[0]?.text, of(story)[0]?.facts], ["once, as published", ["about $0.20"]]);
  });

  it("tell a run that was let go on from one that was extended, and what the user refused", () => {
    const story = scenes.stuckAsked();
    const evidence = { ...NONE, against: ["run_command npm test gave the same result 8 times"] };
    story.emit({ kind: "extended", turn: 20, from: 34, to: 34, by: "user", evidence }).take({});
    story.emit({ kind: "extensionRefused", turn: 21, limit: 34, by: "user", evidence });
    assert.deepEqual(
      of(story).map(({ title, text }) => [title, text]),
      [
        ["You did not extend at 34", "run npm test gave the same result 8 times"],
        ["You let it go on, up to 34", "although run npm test gave the same result 8 times"],
      ],
    );
  });

  it("mark where a conversation began afresh, after what was decided at the end of the one before", () => {
    const story = scenes.interrupted();
    story.emit({ kind: "extensionRefused", turn: 23, limit: 34, by: "policy", evidence: NONE });
    story.emit({ kind: "resumed", caps: story.state.caps, limit: 34, segment: "fresh" });
    assert.deepEqual(
      of(story).map(({ afterTurn, kind }) => [afterTurn, kind]),
      [
        [23, "fresh"],
        [23, "kept"],
      ],
    );
    story.emit({ kind: "resumed", caps: story.state.caps, limit: 34, segment: "same" });
    assert.equal(of(story).length, 2);
  });
});
