import "./stub/install";

import assert from "node:assert/strict";
import { COMMANDS } from "../../src/host/manifest";
import type { FromSidebar, SidebarModel } from "../../src/protocol/sidebar";
import { FakeEngine } from "./stub/fakeEngine";
import { closeWindow, openEditor, settled, type TestWindow } from "./stub/testWindow";

const bash = { callId: "c1", tool: "run_command", access: "command", subject: "npm test" } as const;

describe("a window", () => {
  let window: TestWindow;

  beforeEach(async () => {
    window = await openEditor();
  });

  afterEach(() => closeWindow(window));

  const say = async (message: FromSidebar) => {
    window.view.webview.say(message);
    await settled();
  };
  const model = (): SidebarModel => window.model();
  /** A change that the page makes to the choice it is shown. */
  const choose = async (change: Partial<SidebarModel["composer"]["choice"]>) => {
    const { run, composer } = model();
    await say({ kind: "choose", runId: run?.runId ?? null, revision: composer.revision + 1, change });
  };
  const start = async (change: Partial<SidebarModel["composer"]["choice"]> = {}) => {
    await say({ kind: "start", task: "Fix it", choice: { ...model().composer.choice, ...change } });
  };

  it("sends the whole model when the page is ready, before any run", () => {
    assert.equal(model().run, null);
    assert.equal(model().composer.mode, "start");
    assert.equal(model().composer.blocked, null);
    assert.match(model().composer.bound, /\$0\.50/);
    assert.equal(window.engine.starts.length, 0);
  });

  it("starts a run with the settings and choices of that moment, and freezes them", async () => {
    window.editor.setting("maxOutputTokens", 2_048);
    await start({ usd: 0.25, approval: "autoEdit" });
    const [request] = window.engine.starts;
    assert.ok(request);
    assert.deepEqual(request.project, { name: "sample", path: "/sample" });
    assert.deepEqual(request.connection, { modelId: "gpt-5", baseUrl: null, apiKey: "sk-test", price: null });
    assert.deepEqual(request.caps, { turns: null, usd: 250_000_000, tokens: null, minutes: 30 });
    assert.deepEqual([request.approval, request.requestedOutput, request.warn.usd], ["autoEdit", 2_048, 0.8]);
    assert.equal(model().run?.title, "Fix it");
    window.editor.setting("maxUsd", 99);
    await settled();
    assert.equal(window.engine.run.state.caps.usd, 250_000_000);
    assert.equal(window.engine.run.extensions.length, 0);
  });

  it("starts tasks under a limit taken over from the replay lab, whatever was chosen before", async () => {
    await choose({ policy: "dynamic", preset: "evidence", turns: 5 });
    await window.editor.commands.get(COMMANDS.openHistory)?.();
    const page = window.editor.panels.at(-1)?.webview ?? assert.fail("no history");
    page.say({ kind: "useLimit", policy: "fixed", limit: 46 });
    await settled();
    assert.deepEqual([model().composer.choice.policy, model().composer.choice.turns], ["fixed", 46]);
    page.say({ kind: "useLimit", policy: "evidence", limit: 80 });
    await settled();
    const { policy, preset, turns } = model().composer.choice;
    assert.deepEqual([policy, preset, turns], ["dynamic", "evidence", null]);
  });

  it("starts one run at a time, and asks for its folder once", async () => {
    window.addFolder("other");
    const sample = { project: { name: "sample", path: "/sample" } };
    window.editor.answers.push(sample, sample);
    const { choice } = model().composer;
    window.view.webview.say({ kind: "start", task: "one", choice });
    window.view.webview.say({ kind: "start", task: "two", choice });
    await settled();
    assert.deepEqual(
      window.engine.starts.map(({ task }) => task),
      ["one"],
    );
    assert.equal(window.editor.asked.length, 1);
  });

  it("draws the status bar and sets the context keys of what can be done", async () => {
    const [item] = window.editor.statusItems;
    assert.ok(item?.shown);
    assert.equal(item.command, COMMANDS.startTask);
    assert.match(item.text, /Turnpike/);
    await start();
    assert.match(item.text, /loading~spin.*\$0\.50/);
    assert.equal(window.editor.context("turnpike.canStop"), true);
    assert.equal(window.editor.context("turnpike.canResume"), false);
    await say({ kind: "stop" });
    assert.equal(window.engine.run.stoppedBy, "user");
    assert.equal(window.editor.context("turnpike.canStop"), false);
    assert.equal(window.editor.context("turnpike.canResume"), true);
    await window.engine.run.end({ kind: "stopped", reason: "dollars" });
  });

  it("posts at most every 100 ms, however fast events come", async () => {
    await start();
    const before = window.view.webview.posted.length;
    for (let n = 0; n < 100; n++) {
      window.engine.run.emit({ kind: "delta", turn: 1, channel: "text", text: "x" });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await settled();
    const posts = window.view.webview.posted.length - before;
    assert.ok(posts >= 2 && posts <= 6, `${posts} posts`);
    assert.equal(model().run?.live.text.length, 100);
  });

  it("asks in the sidebar, and hands the answer to the run", async () => {
    await start();
    const { run } = window.engine;
    run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    run.emit({ kind: "approvalAsked", turn: 1, request: bash });
    const answer = run.approver.approve(bash, run.aborted.signal);
    await settled();
    assert.equal(model().run?.question?.kind, "approval");
    await say({ kind: "approve", callId: "c1", allowed: true });
    assert.deepEqual(await answer, { allowed: true });
    assert.equal(window.editor.asked.length, 0, "no notification while the sidebar is in sight");
  });

  it("notifies when a question comes while the sidebar is out of sight, and lets it be refused there", async () => {
    await start();
    window.view.setVisible(false);
    window.editor.answers.push("Reject");
    const { run } = window.engine;
    const answer = await run.approver.approve(bash, run.aborted.signal);
    assert.equal(answer.allowed, false);
    assert.equal(window.editor.asked[0]?.how, "warning");
  });

  it("closes the question when the run is stopped", async () => {
    await start();
    const { run } = window.engine;
    const answer = run.approver.approve(bash, run.aborted.signal);
    await say({ kind: "stop" });
    assert.equal((await answer).allowed, false);
  });

  it("shows a proposed edit as a diff, and only the one that is asked about", async () => {
    await start();
    const { run } = window.engine;
    const edit = { path: "a.ts", before: "1\n", after: "2\n" };
    const asked = { callId: "c2", tool: "edit_file", access: "edit", subject: "a.ts" } as const;
    const request = { ...asked, edit };
    run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    run.emit({ kind: "approvalAsked", turn: 1, request: asked });
    const answer = run.approver.approve(request, run.aborted.signal);
    await settled();
    const question = model().run?.question;
    assert.ok(question?.kind === "approval" && question.diff && question.preview.length > 0);
    await say({ kind: "previewEdit", callId: "c1" });
    assert.equal(window.executed("vscode.diff"), 0);
    await say({ kind: "previewEdit", callId: "c2" });
    assert.equal(window.executed("vscode.diff"), 1);
    await say({ kind: "approve", callId: "c2", allowed: false });
    assert.equal((await answer).allowed, false);
  });

  it("blocks a start without a key, and opens when one is set", async () => {
    window.secrets.values.clear();
    window.secrets.changed.fire({ key: "" });
    await settled();
    assert.equal(model().composer.blocked?.command, COMMANDS.setApiKey);
    await start();
    assert.equal(window.engine.starts.length, 0);
    window.editor.answers.push("sk-new");
    await say({ kind: "command", command: COMMANDS.setApiKey });
    assert.equal(model().composer.blocked, null);
    await start();
    assert.equal(window.engine.starts[0]?.connection.apiKey, "sk-new");
  });

  it("needs no key for the demo model", async () => {
    window.secrets.values.clear();
    window.engine.prices.set("turnpike-demo", { ...window.price, source: "demo" });
    window.editor.setting("model", "turnpike-demo");
    await settled();
    assert.equal(model().composer.blocked, null);
    await start();
    assert.equal(window.engine.starts[0]?.connection.apiKey, null);
  });

  it("refuses a dollar cap without a price, and takes the price the user then gives", async () => {
    await choose({ model: "mystery" });
    assert.equal(model().composer.blocked?.command, COMMANDS.setPrice);
    window.editor.answers.push("mystery", "2", "8,5", "", "");
    await say({ kind: "command", command: COMMANDS.setPrice });
    assert.deepEqual(window.editor.settings.get("prices"), { mystery: { input: 2, output: 8.5, cacheRead: 2, cacheWrite: 2 } });
    const [first] = window.editor.asked;
    assert.match(JSON.stringify(first?.args), /"value":"mystery"/);
    assert.equal(model().composer.blocked, null);
    await start();
    assert.equal(window.engine.starts[0]?.connection.price?.tiers[0].output, 8_500_000_000);
  });

  it("says which setting is wrong instead of starting with another", async () => {
    window.editor.setting("maxUsd", "lots");
    await settled();
    assert.match(model().composer.blocked?.text ?? "", /^turnpike\.maxUsd must be/);
    await start();
    assert.equal(window.engine.starts.length, 0);
  });

  it("wants a folder", async () => {
    window.editor.folders = [];
    window.editor.foldersChanged.fire(null);
    await settled();
    assert.equal(model().composer.blocked?.command, "vscode.openFolder");
  });

  it("asks which folder to work in when there are several", async () => {
    window.addFolder("other");
    window.editor.answers.push({ project: { name: "other", path: "/other" } });
    await start();
    assert.equal(window.engine.starts[0]?.project.path, "/other");
    assert.equal(window.editor.asked[0]?.how, "quickPick");
  });

  it("only reads in a workspace that is not trusted", async () => {
    window.editor.trusted = false;
    await start({ approval: "autoAll" });
    assert.equal(window.engine.starts[0]?.approval, "readOnly");
  });

  it("shows the engine's refusal until something changes", async () => {
    window.engine.refusal = { refused: "badRequest", text: "No such model." };
    await start();
    assert.equal(model().composer.notice?.text, "No such model.");
    assert.equal(model().composer.blocked, null, "it may be tried again as it is");
    assert.equal(model().run, null);
    await start();
    assert.equal(window.engine.starts.length, 2);
    await choose({ usd: 1 });
    assert.equal(model().composer.notice, null);
  });

  it("loses no change to the choice, however fast they come, and says which it holds", async () => {
    window.view.webview.say({ kind: "choose", runId: null, revision: 1, change: { usd: 2 } });
    window.view.webview.say({ kind: "choose", runId: null, revision: 2, change: { approval: "autoEdit" } });
    window.view.webview.say({ kind: "choose", runId: null, revision: 3, change: { tokens: 300_000 } });
    await settled();
    const { choice, revision } = model().composer;
    assert.deepEqual([choice.usd, choice.approval, choice.tokens, revision], [2, "autoEdit", 300_000, 3]);
  });

  it("ignores what was meant for another run than the one shown", async () => {
    await start();
    await window.engine.run.end({ kind: "failed", reason: "401" });
    await settled();
    const { choice } = model().composer;
    await say({ kind: "choose", runId: null, revision: 9, change: { usd: 9 } });
    await say({ kind: "followUp", runId: "run-0", text: "go on", choice });
    await say({ kind: "extend", runId: "run-0", segment: null, turns: 5, usd: null, tokens: null, minutes: null });
    await say({ kind: "resume", runId: "run-0", segment: null });
    assert.deepEqual([model().composer.choice.usd, window.engine.resumes.length], [0.5, 0]);
  });

  it("says that it is starting while it looks up what the run needs", async () => {
    const price = window.engine.priceOf.bind(window.engine);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    window.engine.priceOf = async (id) => {
      await released;
      return price(id);
    };
    await start();
    assert.deepEqual([model().composer.starting, model().composer.blocked], [true, null]);
    release();
    await settled();
    assert.equal(model().composer.starting, false);
    assert.equal(window.engine.starts.length, 1);
  });

  it("lets a key that may be missing be a hint for an endpoint of the user's own", async () => {
    window.editor.setting("baseUrl", "https://models.example.org/v1");
    await settled();
    assert.match(model().composer.notice?.text ?? "", /no API key for https:\/\/models\.example\.org/);
    assert.equal(model().composer.blocked, null);
    window.editor.setting("baseUrl", "http://ollama:11434/v1");
    await settled();
    assert.equal(model().composer.notice, null);
    await start();
    assert.equal(window.engine.starts[0]?.connection.apiKey, null);
  });

  it("says how far prompts were billed above their count so far", async () => {
    window.engine.factors.set("gpt-5", 1.004);
    window.engine.factors.set("gpt-5-mini", 0.97);
    window.editor.setting("maxUsd", 1);
    await settled();
    assert.equal(model().composer.bound, "Cannot bill more than $1.00 (+ input-count error, so far at most 0.4 %).");
    await start();
    assert.match(model().run?.bound ?? "", /so far at most 0\.4 %/);
    await window.engine.run.end({ kind: "done", reason: "ok" });
    await say({ kind: "newTask" });
    await choose({ model: "gpt-5-mini" });
    window.engine.prices.set("gpt-5-mini", window.price);
    await choose({ usd: 2 });
    assert.equal(model().composer.bound, "Cannot bill more than $2.00 (+ input-count error, none so far).");
  });

  it("forgets a price when its setting is deleted, without a reload", async () => {
    window.editor.setting("prices", { "gpt-5": { input: 5, output: 50 } });
    await start();
    assert.equal(window.engine.starts[0]?.connection.price?.tiers[0].output, 50_000_000_000);
    await window.engine.run.end({ kind: "done", reason: "ok" });
    window.editor.setting("prices", {});
    await settled();
    await say({ kind: "newTask" });
    await start();
    assert.equal(window.engine.starts[1]?.connection.price, null);
  });

  it("shows what went wrong when the engine throws", async () => {
    window.engine.start = async () => {
      throw new Error("the disk is full, key sk-test");
    };
    await start();
    assert.equal(window.editor.asked[0]?.how, "error");
    assert.match(String(window.editor.asked[0]?.args[0]), /^Turnpike: the disk is full, key \[hidden\]$/);
    assert.equal(model().composer.blocked, null);
  });

  it("continues the run with a message, under what is left or under a new cap", async () => {
    await start({ policy: "fixed", turns: 10 });
    await window.engine.run.end({ kind: "done", reason: "all green" });
    await settled();
    assert.equal(model().composer.mode, "followUp");
    const { choice } = model().composer;
    assert.deepEqual([choice.turns, choice.usd], [10, 0.5]);
    await say({ kind: "followUp", runId: "run-1", text: "and now?", choice });
    assert.deepEqual(window.engine.resumes[0], {
      ...{ runId: "run-1", message: "and now?", extraTurns: 0, approval: "ask", segment: null },
      connection: { modelId: "gpt-5", baseUrl: null, apiKey: "sk-test", price: null },
      caps: { turns: null, usd: 500_000_000, tokens: null, minutes: 30 },
    });
    await window.engine.run.end({ kind: "done", reason: "done again" });
    await say({ kind: "followUp", runId: "run-1", text: "more", choice: { ...model().composer.choice, turns: 14, usd: 0.75 } });
    assert.deepEqual([window.engine.resumes[1]?.extraTurns, window.engine.resumes[1]?.caps.usd], [4, 750_000_000]);
  });

  it("asks for a new cap when nothing is left, and goes on when one is given", async () => {
    await start({ policy: "fixed", turns: 1 });
    window.engine.run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    await window.engine.run.end({ kind: "stopped", reason: "turns" });
    await settled();
    assert.match(model().composer.blocked?.text ?? "", /Nothing is left of 1 turn/);
    await say({ kind: "followUp", runId: "run-1", text: "go on", choice: model().composer.choice });
    assert.equal(window.engine.resumes.length, 0);
    await choose({ turns: 3 });
    assert.equal(model().composer.blocked, null);
    await say({ kind: "followUp", runId: "run-1", text: "go on", choice: model().composer.choice });
    assert.equal(window.engine.resumes[0]?.extraTurns, 2);
  });

  it("extends a run in progress, and goes on with one that was stopped by its cap", async () => {
    await start({ policy: "fixed", turns: 10 });
    await say({ kind: "extend", runId: "run-1", segment: null, turns: 5, usd: 0.1, tokens: null, minutes: null });
    assert.deepEqual(window.engine.run.extensions[0]?.extraTurns, 5);
    assert.equal(window.engine.run.extensions[0]?.caps.usd, 600_000_000);
    await window.engine.run.end({ kind: "stopped", reason: "dollars" });
    await say({ kind: "extend", runId: "run-1", segment: null, turns: null, usd: 0.4, tokens: null, minutes: null });
    assert.equal(window.engine.resumes[0]?.caps.usd, 1_000_000_000);
    assert.equal(window.engine.resumes[0]?.message, null);
  });

  it("refuses to extend or to go on where the folder of the run is not open, and offers to open it", async () => {
    await start({ policy: "fixed", turns: 1 });
    window.engine.run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    await window.engine.run.end({ kind: "stopped", reason: "turns" });
    window.editor.folders = [];
    window.addFolder("other");
    await settled();
    const { choice, blocked } = model().composer;
    assert.match(blocked?.text ?? "", /^This run worked in sample \(\/sample\), which is not open here\.$/);
    await say({ kind: "followUp", runId: "run-1", text: "go on", choice: { ...choice, turns: 9 } });
    await say({ kind: "extend", runId: "run-1", segment: null, turns: 5, usd: null, tokens: null, minutes: null });
    assert.equal(window.engine.resumes.length, 0);
    assert.equal(window.editor.context("turnpike.canOpenFolder"), true);
    await say({ kind: "command", command: COMMANDS.openRunFolder });
    const opened = window.editor.executed.find(({ command }) => command === "vscode.openFolder");
    assert.equal(String(opened?.args[0]), "file:///sample");
  });

  it("refuses to extend without a key, but not because nothing is left", async () => {
    await start({ policy: "fixed", turns: 1 });
    window.engine.run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    await window.engine.run.end({ kind: "stopped", reason: "turns" });
    window.secrets.values.clear();
    window.secrets.changed.fire({ key: "" });
    await settled();
    const extend = { kind: "extend", runId: "run-1", segment: null, turns: 5, usd: null, tokens: null, minutes: null } as const;
    await say(extend);
    assert.equal(window.engine.resumes.length, 0);
    window.secrets.values.set("turnpike.apiKey:default", "sk-test");
    await say(extend);
    assert.equal(window.engine.resumes[0]?.extraTurns, 5);
  });

  it("grants as many turns as the user says while the question about them is open", async () => {
    await start();
    const { run } = window.engine;
    const evidence = { progress: [], against: [], chunkUsd: null, chance: null, wish: null };
    run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    run.emit({ kind: "extensionAsked", turn: 1, limit: 40, chunk: 10, evidence });
    const answer = run.approver.extend({ limit: 40, chunk: 10 }, run.aborted.signal);
    window.editor.answers.push({ unit: "turns" }, "20");
    await window.editor.commands.get(COMMANDS.extend)?.();
    assert.deepEqual(await answer, { kind: "extend", turns: 20 });
    const again = run.approver.extend({ limit: 60, chunk: 10 }, run.aborted.signal);
    await say({ kind: "extend", runId: "run-1", segment: null, turns: 7, usd: null, tokens: null, minutes: null });
    assert.deepEqual(await again, { kind: "extend", turns: 7 });
  });

  it("reads thousands in the input boxes as the page does", async () => {
    await start({ tokens: 400_000 });
    window.editor.answers.push({ unit: "tokens" }, "300,000");
    await window.editor.commands.get(COMMANDS.extend)?.();
    assert.equal(window.engine.run.extensions[0]?.caps.tokens, 700_000);
    const { validateInput } = Object(window.editor.asked.at(-1)?.args[0]);
    assert.equal(validateInput("300,000"), null);
    assert.equal(validateInput("1234,567"), "Not clear; write 1500, 1,500 or 1.5k.");
    assert.equal(validateInput("0"), "A number above 0.");
  });

  it("answers what is asked by commands, and allows nothing that is not in sight", async () => {
    await start();
    const { run } = window.engine;
    run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    run.emit({ kind: "approvalAsked", turn: 1, request: bash });
    const first = run.approver.approve(bash, run.aborted.signal);
    await settled();
    assert.equal(window.editor.context("turnpike.canAnswer"), true);
    window.view.setVisible(false);
    await window.editor.commands.get(COMMANDS.allow)?.();
    assert.equal(window.executed("turnpike.sidebar.focus"), 1);
    window.view.setVisible(true);
    await window.editor.commands.get(COMMANDS.allow)?.();
    assert.deepEqual(await first, { allowed: true });
    const second = run.approver.approve(bash, run.aborted.signal);
    const reject = async (reason?: string) => {
      window.editor.answers.push(reason);
      await window.editor.commands.get(COMMANDS.reject)?.();
    };
    await reject();
    assert.match(JSON.stringify(window.editor.asked.at(-1)?.args), /npm test/);
    await reject(" too slow ");
    assert.deepEqual(await second, { allowed: false, note: "too slow" }, "given up, the question stayed open");
    const third = run.approver.approve(bash, run.aborted.signal);
    await reject("");
    assert.deepEqual(await third, { allowed: false });
    run.emit({ kind: "approvalAnswered", turn: 1, callId: "c1", allowed: false, by: "user" });
    await settled();
    assert.equal(window.editor.context("turnpike.canAnswer"), false);
  });

  it("announces an end as loudly as it is bad, and a limit that is near as one that is not used up", async () => {
    await start();
    window.view.setVisible(false);
    window.editor.answers.push(undefined);
    void window.engine.run.approver.extend({ limit: 34, chunk: 9 }, window.engine.run.aborted.signal);
    await settled();
    assert.equal(window.editor.asked[0]?.args[0], "The agent is at its limit of 34 turns. Extend by 9 turns?");
    await window.engine.run.end({ kind: "failed", reason: "402" });
    assert.equal(window.editor.asked[1]?.how, "error");
  });

  it("takes Land as the answer to an open extension question", async () => {
    await start();
    const { run } = window.engine;
    const answer = run.approver.extend({ limit: 4, chunk: 2 }, run.aborted.signal);
    await window.editor.commands.get(COMMANDS.landNow)?.();
    assert.deepEqual(await answer, { kind: "land" });
    assert.equal(run.landed, true);
  });

  it("puts a run away for a new task, also over a reload", async () => {
    await start();
    await window.engine.run.end({ kind: "done", reason: "ok" });
    await say({ kind: "newTask" });
    assert.equal(model().run, null);
    await window.reload();
    assert.equal(model().run, null);
  });

  it("shows the run again after a reload, as interrupted if it was running, and resumes it", async () => {
    await start();
    window.engine.run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
    await window.reload({ killed: true });
    assert.equal(model().run?.runId, "run-1");
    assert.equal(model().run?.outcome?.kind, "interrupted");
    assert.equal(model().run?.can.resume, true);
    await say({ kind: "resume", runId: "run-1", segment: null });
    assert.equal(window.engine.resumes[0]?.runId, "run-1");
  });

  it("shows the newest run of this folder in a window that showed none, but not one that goes on elsewhere", async () => {
    await start();
    await window.engine.run.end({ kind: "done", reason: "ok" });
    await say({ kind: "newTask" });
    await start();
    window.workspaceState.values.clear();
    await window.reload({ beside: true });
    assert.equal(model().run?.runId, "run-1");
  });

  it("shows its last run read-only while another window goes on with it, and as it ended after that", async () => {
    await start();
    const { run } = window.engine;
    await window.reload({ beside: true });
    assert.deepEqual([model().run?.phase, model().run?.status], ["elsewhere", "runs in another window"]);
    assert.equal(window.editor.context("turnpike.canStop"), false);
    await say({ kind: "resume", runId: "run-1", segment: null });
    assert.equal(window.engine.resumes.length, 0);
    await run.end({ kind: "done", reason: "ok" });
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    assert.equal(model().run?.outcome?.kind, "done");
    assert.equal(model().composer.mode, "followUp");
  });

  it("moves to another store when one is set, but not from under a run in progress", async () => {
    await start();
    await window.engine.run.end({ kind: "done", reason: "ok" });
    await settled();
    const first = window.engine;
    window.engine = new FakeEngine();
    window.editor.setting("store", "/data/other.db");
    await settled();
    assert.deepEqual([window.needs.at(-1)?.storeFile, first.closed, model().run], ["/data/other.db", true, null]);
    await start();
    const second = window.engine;
    window.engine = first;
    window.editor.setting("store", "");
    await settled();
    assert.equal(second.closed, false);
    assert.equal(model().run?.phase, "running");
    await second.run.end({ kind: "done", reason: "ok" });
    await settled();
    assert.deepEqual([second.closed, model().run?.outcome?.kind], [true, "done"]);
  });

  it("takes up a run of the history, and offers to open its folder when it is not open", async () => {
    await start();
    await window.engine.run.end({ kind: "stopped", reason: "turns" });
    await say({ kind: "newTask" });
    await window.editor.commands.get(COMMANDS.openHistory)?.();
    const page = window.editor.panels[0]?.webview;
    page?.say({ kind: "continueRun", runId: "run-1" });
    await settled();
    assert.equal(model().run?.runId, "run-1");
    await say({ kind: "newTask" });
    window.editor.folders = [];
    window.addFolder("other");
    await settled();
    window.editor.answers.push("Open Folder");
    page?.say({ kind: "continueRun", runId: "run-1" });
    await settled();
    assert.equal(model().run, null);
    assert.equal(window.executed("vscode.openFolder"), 1);
  });

  it("ends a run in progress as interrupted when the window is closed, and closes the engine", async () => {
    await start();
    const { run } = window.engine;
    await window.reload();
    assert.equal(run.stoppedBy, "interrupt");
    assert.equal(run.listeners, 0);
    assert.equal(window.closedEngines, 1);
  });

  it("opens files of the workspace, and none outside it", async () => {
    await start();
    await say({ kind: "openFile", path: "src/a.ts" });
    assert.match(String(window.editor.asked[0]?.args[0]), /\/sample\/src\/a\.ts$/);
    await say({ kind: "openFile", path: "../../etc/passwd" });
    assert.equal(window.editor.asked[1]?.how, "error");
  });

  it("puts on the clipboard what a page copies", async () => {
    await say({ kind: "copy", text: "npm test" });
    assert.equal(window.editor.clipboard, "npm test");
  });

  it("ignores what is not a message, and commands that are not its own", async () => {
    const before = window.editor.executed.length;
    for (const raw of [null, 7, {}, { kind: "start" }, { kind: "command", command: "workbench.action.terminal.sendSequence" }]) {
      window.view.webview.say(raw);
    }
    await settled();
    assert.equal(window.editor.executed.length, before);
    assert.equal(window.editor.logged.filter((line) => line.includes("not understood")).length, 5);
  });

  it("explains itself when Resume cannot", async () => {
    await start();
    await window.engine.run.end({ kind: "failed", reason: "401" });
    window.secrets.values.clear();
    await window.editor.commands.get(COMMANDS.resume)?.();
    assert.equal(window.editor.asked[0]?.how, "warning");
    assert.match(String(window.editor.asked[0]?.args[0]), /no API key/);
  });

  it("says before a start what past runs took, of the model that is chosen", async () => {
    assert.equal(model().composer.forecast, null);
    window.engine.expected = { turnsLeft: { p10: 9, p50: 24, p90: 61 }, usdLeft: null, n: 48, within: () => 0.5 };
    await choose({ usd: 1 });
    assert.equal(model().composer.forecast?.text, "Likely 24 turns; 1 in 10 takes more than 61 turns.");
    assert.equal(window.engine.forecasts.at(-1), "gpt-5");
  });

  it("lets a task start although nothing can be forecast", async () => {
    window.engine.forecastStart = async () => {
      throw new Error("odd runs");
    };
    await choose({ usd: 1 });
    assert.deepEqual([model().composer.forecast, model().composer.blocked], [null, null]);
    await start();
    assert.equal(model().run?.phase, "running");
  });

  it("goes on in the way that was chosen, by default in the cheaper one", async () => {
    await start();
    await window.engine.run.end({ kind: "failed", reason: "500" });
    await say({ kind: "resume", runId: "run-1", segment: "fresh" });
    await window.engine.run.end({ kind: "stopped", reason: "dollars" });
    await say({ kind: "extend", runId: "run-1", segment: "same", turns: null, usd: 0.4, tokens: null, minutes: null });
    await window.engine.run.end({ kind: "failed", reason: "500" });
    await settled();
    await window.editor.commands.get(COMMANDS.resume)?.();
    assert.deepEqual(
      window.engine.resumes.map(({ segment }) => segment),
      ["fresh", "same", null],
    );
  });

  describe("whose run ended in a worse state than it once had", () => {
    beforeEach(async () => {
      await start();
      worsen();
      await window.engine.run.end({ kind: "stopped", reason: "turns" });
      await settled();
    });

    /** Nothing fails after the first turn, two checks after an edit in the second. */
    const worsen = () => {
      const { run } = window.engine;
      const check = (turn: number, passed: boolean) => {
        const call = { turn, callId: `c${turn}`, tool: "run_command", subject: "npm test" };
        run.emit({ kind: "turnStarted", turn, purpose: "turn", tail: null, withheld: false });
        run.emit({ kind: "toolStarted", ...call });
        const result = { ok: passed, text: "", resultTokens: 1, truncated: false, ms: 1, exitCode: passed ? 0 : 1 };
        const edit = { path: "src/a.ts", added: 1, removed: 1, before: "1", after: "2" };
        const verdict = { command: "npm test", passed, failures: passed ? null : 2 };
        run.emit({ kind: "toolEnded", ...call, ...result, changes: passed ? [] : [edit], check: verdict });
      };
      check(1, true);
      check(2, false);
    };

    it("sets its files back when the user says so, with every file named, and offers it no more", async () => {
      assert.equal(model().run?.best?.action, "Set 1 file back…");
      assert.equal(window.editor.context("turnpike.canSetBack"), true);
      window.editor.answers.push("Set Back");
      await say({ kind: "setBack", runId: "run-1" });
      const [asked, told] = window.editor.asked;
      assert.match(JSON.stringify(asked?.args), /"modal":true.*src\/a\.ts/);
      assert.deepEqual(window.engine.setBacks, ["run-1"]);
      assert.deepEqual([told?.how, told?.args[0]], ["information", "Set back to turn 1: src/a.ts."]);
      assert.equal(model().run?.best, null);
      assert.equal(window.editor.context("turnpike.canSetBack"), false);
      await window.editor.commands.get(COMMANDS.setBack)?.();
      assert.equal(window.engine.setBacks.length, 1);
    });

    it("sets nothing back when the user thinks better of it, or where files may be read only", async () => {
      await window.editor.commands.get(COMMANDS.setBack)?.();
      assert.equal(window.editor.asked[0]?.how, "warning");
      window.editor.trusted = false;
      window.editor.answers.push("Set Back");
      window.editor.setting("maxUsd", 1);
      await settled();
      await say({ kind: "setBack", runId: "run-1" });
      assert.match(String(window.editor.asked[1]?.args[0]), /not trusted/);
      await say({ kind: "setBack", runId: "run-0" });
      assert.deepEqual(window.engine.setBacks, []);
    });

    it("sets nothing back in a folder that is not open", async () => {
      window.editor.folders = [];
      window.addFolder("other");
      await settled();
      await say({ kind: "setBack", runId: "run-1" });
      assert.match(String(window.editor.asked[0]?.args[0]), /not open here/);
      assert.deepEqual(window.engine.setBacks, []);
    });

    it("tells what was left and why, and offers it again", async () => {
      window.engine.setBackResult = { done: [], left: [{ path: "src/a.ts", why: "was changed since" }] };
      window.editor.answers.push("Set Back");
      await say({ kind: "setBack", runId: "run-1" });
      const told = window.editor.asked[1];
      assert.equal(told?.how, "warning");
      assert.equal(told?.args[0], "No file was set back. Left as it is: src/a.ts was changed since.");
      assert.ok(model().run?.best);
      window.engine.refusal = { refused: "badRequest", text: "This run goes on: stop it first." };
      window.editor.answers.push("Set Back");
      await say({ kind: "setBack", runId: "run-1" });
      assert.equal(window.editor.asked[3]?.args[0], "This run goes on: stop it first.");
    });
  });

  it("tells of an end that was declared on purpose as of no failure", async () => {
    await start();
    window.view.setVisible(false);
    window.editor.answers.push(undefined);
    await window.engine.run.end({ kind: "failed", reason: "infeasible: there is no such file" });
    assert.equal(window.editor.asked[0]?.how, "information");
    assert.match(String(window.editor.asked[0]?.args[0]), /Declared infeasible/);
  });

  it("still shows the log and the settings when its code cannot be loaded, and says why", async () => {
    await window.reload({ broken: true });
    assert.match(String(window.editor.asked[0]?.args[0]), /chunk is missing/);
    await window.editor.commands.get(COMMANDS.showLog)?.();
    await window.editor.commands.get(COMMANDS.openSettings)?.();
    assert.equal(window.executed("showChannel"), 1);
    assert.equal(window.executed("workbench.action.openSettings"), 1);
  });
});
