import assert from "node:assert/strict";
import type { RunState } from "../../src/core/runState";
import { runModel } from "../../src/present/sidebar";
import * as scenes from "../webview/scenes";
import type { Story } from "../webview/story";

const of = (story: Story) => runModel(story.state, story.at);

describe("sidebar", () => {
  it("says in a few words what a run is at", () => {
    const statuses = [
      ...[scenes.starting(), scenes.thinking(), scenes.writing(), scenes.commandRunning(), scenes.commandApproval()],
      ...[scenes.landingNow(), scenes.stoppedByTurns(), scenes.done()],
      scenes.writing().emit({ kind: "ending", how: "landing" }),
      scenes.writing().emit({ kind: "ending", how: "stopping" }),
    ].map((story) => of(story).status);
    assert.deepEqual(statuses, [
      ...["turn 1 · waiting", "turn 12 · thinking", "turn 12 · writing", "turn 12 · running", "waiting for you"],
      ...["landing", "stopped: turn limit", "done", "landing after this step", "stopping"],
    ]);
  });

  it("offers only what can be done", () => {
    assert.deepEqual(of(scenes.writing()).can, { stop: true, land: true, extend: true, resume: false });
    const landing = scenes.writing().emit({ kind: "ending", how: "landing" });
    assert.deepEqual(of(landing).can, { stop: true, land: true, extend: false, resume: false });
    assert.deepEqual(of(scenes.landingNow()).can, { stop: true, land: false, extend: false, resume: false });
    assert.deepEqual(of(scenes.stoppedByTurns()).can, { stop: false, land: false, extend: true, resume: false });
    assert.deepEqual(of(scenes.failed()).can, { stop: false, land: false, extend: false, resume: true });
    assert.deepEqual(of(scenes.done()).can, { stop: false, land: false, extend: false, resume: false });
  });

  it("only shows a run that another window has, without its question", () => {
    const { state, at } = scenes.commandApproval();
    const model = runModel(state, at, { elsewhere: true });
    assert.deepEqual([model.phase, model.status, model.question], ["elsewhere", "runs in another window", null]);
    assert.ok(Object.values(model.can).every((can) => !can));
  });

  it("proposes to extend what stopped the run", () => {
    assert.deepEqual(of(scenes.stoppedByTurns()).extendBy, { turns: 9, usd: null, tokens: null, minutes: null });
    assert.deepEqual(of(scenes.stoppedByDollars()).extendBy, { turns: null, usd: 0.04, tokens: null, minutes: null });
  });

  it("tells how it ended, and the hand-off with facts that need no model", () => {
    const stopped = of(scenes.stoppedByTurns());
    assert.deepEqual(stopped.outcome, {
      kind: "stopped",
      title: "Stopped at the limit of 34 turns",
      text: "Your files are as the agent left them.",
    });
    assert.deepEqual(stopped.note?.files, ["src/invoice.ts", "src/domain/taxation/rates/tax.ts"]);
    assert.deepEqual(stopped.note?.check, { text: "npm test: 2 failing", passed: false });
    assert.equal(of(scenes.done()).outcome?.title, "Done · 12 turns, $0.0754, 0:54");
  });

  it("tells an end that was declared on purpose from a failure", () => {
    const model = of(scenes.infeasible());
    assert.deepEqual([model.outcome?.kind, model.level, model.status], ["infeasible", "ok", "declared infeasible"]);
    assert.equal(model.outcome?.title, "Declared infeasible · 12 turns, $0.0754, 0:54");
    assert.match(model.outcome?.text ?? "", /^the totals come from/);
    assert.deepEqual([of(scenes.failed()).outcome?.kind, of(scenes.failed()).level], ["failed", "warn"]);
  });

  it("keeps the agent's plan by what is done and what comes next", () => {
    const { plan } = of(scenes.writing());
    assert.deepEqual([plan?.count, plan?.next, plan?.items.length], ["3/5", "Use the same total in the CSV export", 5]);
    const story = scenes.writing();
    story.emit({ kind: "planned", turn: 12, items: [{ text: "all of it", done: true }] });
    assert.deepEqual([of(story).plan?.count, of(story).plan?.next], ["1/1", "all done"]);
    assert.equal(of(scenes.starting()).plan, null);
  });

  it("forecasts only what still goes on", () => {
    assert.match(of(scenes.writing()).forecast?.text ?? "", /^Likely 6 more turns/);
    assert.equal(of(scenes.stoppedByTurns()).forecast, null);
  });

  it("offers nothing more to set back once that is done, and nothing of a run elsewhere", () => {
    const { state, at } = scenes.interrupted();
    assert.ok(runModel(state, at).best);
    assert.equal(runModel(state, at, { wasSetBack: true }).best, null);
    const other = runModel(state, at, { elsewhere: true });
    assert.deepEqual([other.best, other.resume], [null, []]);
  });

  it("admits what was billed above a bound", () => {
    const { state } = scenes.stoppedByTurns();
    const over: RunState = { ...state, totals: { ...state.totals, overrunUsd: state.totals.usd } };
    assert.match(runModel(over, 0).outcome?.text ?? "", /^The provider billed \$0\.25 above/);
  });

  it("stays small: the whole of 200 steps within 150 kB, what streams within its newest 4,000 characters", () => {
    assert.ok(JSON.stringify(of(scenes.twoHundred())).length < 150_000);
    const story = scenes.writing();
    story.emit({ kind: "delta", turn: 12, channel: "text", text: "x".repeat(90_000) });
    assert.equal(of(story).live.text.length, 4_000);
  });

  it("knows play money everywhere", () => {
    const model = of(scenes.demo());
    assert.ok(model.demo);
    assert.ok(model.steps.every((step) => step.cost.mark === "demo"));
    assert.equal(model.units[1]?.of, "of $0.50 demo");
  });
});
