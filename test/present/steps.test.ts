import assert from "node:assert/strict";
import fc from "fast-check";
import { reduceRun } from "../../src/core/reduceRun";
import type { Usage } from "../../src/core/usage";
import { chartUnit, usdBar } from "../../src/present/bars";
import { stepDetail } from "../../src/present/details";
import { stepList } from "../../src/present/steps";
import { barSum } from "../../src/protocol/bars";
import * as scenes from "../webview/scenes";
import { config, priceRow, Story } from "../webview/story";

const list = (story: Story) => stepList(story.state, story.at);

describe("steps", () => {
  it("come newest first, with the height of each relative to the dearest", () => {
    const { steps, top } = list(scenes.done());
    assert.deepEqual(
      steps.map(({ turn }) => turn),
      [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
    );
    assert.equal(Math.max(...steps.map(({ height }) => height)), 1);
    assert.equal(top, "$0.0141");
  });

  it("split every bill into parts that sum to it", () => {
    const part = fc.integer({ min: 0, max: 3_000_000 });
    const usages = fc.tuple(part, part, part, part, part, part).map(
      ([freshInput, cacheRead, cacheWrite5m, cacheWrite1h, output, some]): Usage => ({
        ...{ freshInput, cacheRead, cacheWrite5m, cacheWrite1h, output },
        reasoning: Math.min(output, some),
      }),
    );
    fc.assert(
      fc.property(usages, (usage) => {
        const [turn] = new Story(config(), 0).take({ usage }).state.turns;
        if (!turn) throw new Error("one turn was taken");
        assert.ok(Math.abs(barSum(usdBar(turn, null)) - (turn.usd ?? 0)) < 1);
      }),
    );
  });

  it("count in tokens where there is no price, or one of nothing", () => {
    const [tier] = priceRow().tiers;
    const free = { ...tier, freshInput: 0, cacheRead: 0, cacheWrite5m: 0, cacheWrite1h: 0, output: 0 };
    assert.deepEqual(
      [chartUnit(priceRow()), chartUnit(null), chartUnit({ ...priceRow(), tiers: [free] })],
      ["usd", "tokens", "tokens"],
    );
    const { steps, unit, top } = list(scenes.unpriced());
    assert.deepEqual([unit, top], ["tokens", "16.6 k tokens"]);
    assert.equal(steps.at(-1)?.running.text, "?");
  });

  it("say what calls did: the verdict, the size, the time", () => {
    const { steps } = list(scenes.done());
    const calls = steps
      .flatMap((step) => step.calls)
      .map(({ verb, subject, verdict, facts }) => [verb, subject, verdict, ...facts]);
    assert.deepEqual(calls.at(-3), ["run", "npm test", "2 failing", "1.9 s"]);
    assert.deepEqual(calls.at(-1), ["read", "package.json", null, "280 tokens"]);
    assert.deepEqual(calls[1], ["run", "npm test", "passed", "1.8 s"]);
  });

  it("mark checks, retries, hints, estimates and passed limits", () => {
    const marks = (story: Story, turn: number) => list(story).steps.find((step) => step.turn === turn)?.marks;
    assert.deepEqual(marks(scenes.done(), 7), ["checkFailed", "retry"]);
    assert.deepEqual(marks(scenes.done(), 10), ["hint"]);
    assert.deepEqual(marks(scenes.estimated(), 13), ["estimated"]);
    const story = scenes.extensionAsked();
    const evidence = { progress: [], against: [], chunkUsd: null, chance: null, wish: null };
    story.emit({ kind: "extended", turn: 33, from: 34, to: 43, by: "user", evidence }).take({}).take({});
    assert.deepEqual(marks(story, 33), ["extended"]);
  });

  it("mark a sum as uncertain from the first uncertain step on", () => {
    const running = list(scenes.estimated()).steps.map((step) => step.running.mark);
    assert.deepEqual(running.slice(0, 5), ["≈", "≈", "≈", "≈", ""]);
  });

  it("keep a row that has not changed from view to view", () => {
    const story = scenes.writing();
    const before = story.state;
    const delta = { kind: "delta", turn: 12, channel: "text", text: "more", seq: 999, at: story.at } as const;
    const after = reduceRun(before, delta);
    const rows = [before, after].map((state) => stepList(state, story.at).steps.at(-1)?.calls);
    assert.equal(rows[0], rows[1]);
  });

  it("show the step that is under way with its time, what it is at and what is held for it", () => {
    const [live] = list(scenes.writing()).steps;
    assert.deepEqual([live?.live, live?.says, live?.seconds, live?.cost.text], [true, "writing", "3.4 s", "≤ $0.0631"]);
  });

  it("begin a result with its first line that says something", () => {
    const story = new Story(config(), 0).take({
      calls: [{ tool: "run_command", subject: "npm test", text: "\n  \n> invoices\n\nok" }],
    });
    assert.equal(stepDetail(story.state, 1)?.calls[0]?.result, "> invoices\n\nok");
  });

  it("show how long a step worked, not how long it waited for the user", () => {
    const story = scenes.commandApproval();
    const seconds = (now: number) => stepList(story.state, now).steps[0]?.seconds;
    assert.equal(seconds(story.at + 60_000), seconds(story.at), "the clock stands while the question is open");
    const before = seconds(story.at);
    story.emit({ kind: "approvalAnswered", turn: story.turn, callId: "ask-1", allowed: true, by: "user" }, 60_000);
    assert.equal(seconds(story.at), before);
    story.call({ tool: "run_command", subject: "npm test", ms: 500 });
    story.emit({ kind: "ended", outcome: { kind: "done", reason: "ok" } }, 5_000);
    assert.deepEqual([before, list(story).steps[0]?.seconds], ["3.1 s", "3.6 s"]);
  });

  it("know the time of a step that was left while the user was asked", () => {
    const story = scenes.commandApproval();
    const before = list(story).steps[0]?.seconds;
    story.emit({ kind: "ended", outcome: { kind: "interrupted", reason: "gone" } }, 60_000);
    assert.equal(list(story).steps[0]?.seconds, before);
  });

  it("show the time of a call that failed, and none where no end was recorded", () => {
    const failed = new Story(config(), 0).begin({ freshInput: 900 });
    failed.emit({ kind: "released", turn: 1, attempt: 1, reason: "500" }, 60_000);
    failed.emit({ kind: "ended", outcome: { kind: "failed", reason: "500" } });
    assert.equal(list(failed).steps[0]?.seconds, "1:00");
    const lost = new Story(config(), 0).begin({ freshInput: 900 });
    lost.emit({ kind: "ended", outcome: { kind: "interrupted", reason: "gone" } }, 60_000);
    assert.equal(list(lost).steps[0]?.seconds, "");
  });

  it("show what the user is asked to allow, until it begins", () => {
    const story = scenes.commandApproval();
    const [step] = list(story).steps;
    assert.deepEqual(
      step?.calls.map(({ verb, verdict, state }) => [verb, verdict, state]),
      [["run", "waiting for you", "running"]],
    );
    assert.equal(
      list(story)
        .steps.slice(1)
        .flatMap(({ calls }) => calls.filter(({ state }) => state === "running")).length,
      0,
    );
  });

  it("give the whole of a step on request", () => {
    const detail = stepDetail(scenes.done().state, 10);
    assert.deepEqual(
      detail?.tokens.map(({ label, value, usd }) => [label, value, usd]),
      [
        ["cache read", "14,208", "$0.0018"],
        ["fresh input", "1,610", "$0.0020"],
        ["output", "482", "$0.0048"],
        ["reasoning", "128", "$0.0013"],
      ],
    );
    assert.match(
      detail?.plan ?? "",
      /^Reserved before sending: at most \$0\.0612, of which 16 % was used, for 16,175 tokens in and 4,096 out\./,
    );
    assert.equal(detail?.tail, "[budget] turn 10 of 34 · $0.06 of $0.50 · MEDIUM");
    assert.match(detail?.hint ?? "", /^You have read .* twice/);
    assert.deepEqual(stepDetail(scenes.done().state, 7)?.retries, ["429: too many requests"]);
    assert.equal(stepDetail(scenes.done().state, 99), null);
  });
});
