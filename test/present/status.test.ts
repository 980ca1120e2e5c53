import assert from "node:assert/strict";
import { usd } from "../../src/core/money";
import { escapeMarkdown, statusBarModel } from "../../src/present/status";
import * as scenes from "../webview/scenes";
import { config, Story } from "../webview/story";

const of = (story: Story) => statusBarModel(story.state, story.at);

describe("status bar", () => {
  it("shows turns and dollars with the binding unit first, and turns while it runs", () => {
    assert.equal(of(scenes.writing()).text, "$(loading~spin) 12/34 · $0.0715/$0.50");
    assert.equal(of(scenes.stoppedByDollars()).text, "$(pulse) $0.0774/$0.08 · 12/34");
    assert.equal(of(scenes.unpriced()).text, "$(loading~spin) 12/34 · ?");
  });

  it("keeps turns and dollars in sight when another unit binds", () => {
    const caps = { turns: null, usd: usd(5), tokens: 10_000, minutes: null };
    const story = new Story(config({ caps }), 0).take({ usage: { freshInput: 8_000, output: 100 } });
    assert.equal(of(story).text, "$(loading~spin) 8.10 k/10 k tokens · 1/34 · $0.0110/$5.00");
  });

  it("asks for nothing while another window has the run", () => {
    const { state, at } = scenes.commandApproval();
    const { text, label } = statusBarModel(state, at, { elsewhere: true });
    assert.equal(text, "$(pulse) 12/34 · $0.0771/$0.50");
    assert.match(label, /^Turnpike, runs in another window: /);
  });

  it("idles calmly", () => {
    const idle = statusBarModel(null, 0);
    assert.deepEqual([idle.text, idle.level], ["$(pulse) Turnpike", "ok"]);
  });

  it("asks for attention instead of spinning when it waits for the user", () => {
    const asking = of(scenes.commandApproval());
    assert.equal(asking.text, "$(bell-dot) 12/34 · $0.0771/$0.50");
    assert.equal(asking.label, "Turnpike, waiting for you: 12/34 · $0.0771/$0.50");
  });

  it("warns at the warn level, stops at a cap, and is calm when done", () => {
    const levels = [
      ...[scenes.writing(), scenes.estimated(), scenes.stoppedByTurns(), scenes.done(), scenes.failed(), scenes.infeasible()],
    ].map((story) => of(story).level);
    assert.deepEqual(levels, ["ok", "warn", "stop", "ok", "warn", "ok"]);
  });

  it("tells all units, policy, model, price and forecast in its tooltip", () => {
    const { tooltip } = of(scenes.writing());
    assert.match(tooltip, /\| turns \| 12 \| of 34 turns \| 35 % \|/);
    assert.match(tooltip, /\| tokens \| 20\.2 k \| no cap \| {2}\|/);
    assert.match(tooltip, /Reserved for the call in flight: at most \$0\.0631/);
    assert.match(tooltip, /Policy: dynamic\\, on evidence\\: 34 turns\\, at most 60/);
    assert.match(tooltip, /2026\\-11\\-01/);
    assert.match(tooltip, /Likely 6 more turns \\\(3–14\\\)\\, \\\$0\\\.041 · 71 \\% within the limits · from 48 past runs/);
    assert.match(of(scenes.starting()).tooltip, /No forecast yet/);
    assert.doesNotMatch(of(scenes.done()).tooltip, /forecast|Likely/);
  });

  it("marks play money", () => {
    const { text, tooltip } = of(scenes.demo());
    assert.match(text, / · demo$/);
    assert.match(tooltip, /demo money: nothing is billed/);
  });

  it("lets no task become a link or a command", () => {
    const evil = "[click](command:workbench.action.quit) <b> $(trash) https://x.y";
    assert.doesNotMatch(escapeMarkdown(evil), /(^|[^\\])[[\]()<>$:/]/);
    const story = scenes.starting();
    const state = { ...story.state, config: { ...config(), task: evil } };
    assert.ok(!statusBarModel(state, story.at).tooltip.includes("](command"));
  });
});
