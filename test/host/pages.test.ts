import "./stub/install";

import assert from "node:assert/strict";
import type { RunQuery } from "../../src/core/history";
import { usd } from "../../src/core/money";
import { HistoryPage } from "../../src/host/historyPage";
import { Log } from "../../src/host/log";
import { Memory } from "../../src/host/memory";
import { readSettings } from "../../src/host/settings";
import { SidebarView } from "../../src/host/sidebarView";
import type { FromSidebar } from "../../src/protocol/sidebar";
import { recordedRun } from "../support/recordedRuns";
import { FakeEngine } from "./stub/fakeEngine";
import { editor, newEditor } from "./stub/install";
import { FakeMemento } from "./stub/memento";
import { FakePanel, FakeView } from "./stub/pages";
import { settled } from "./stub/testWindow";
import { Uri } from "./stub/uri";

const extensionUri = Object(Uri.file("/ext"));
const lines: string[] = [];
const add = (line: string) => lines.push(line);
const log = new Log(Object({ debug: add, info: add, warn: add, error: add, show: () => {} }));

describe("SidebarView", () => {
  let heard: FromSidebar[] = [];
  let sidebar: SidebarView;
  let view: FakeView;

  beforeEach(() => {
    newEditor();
    heard = [];
    const onMessage = async (message: FromSidebar) => {
      heard.push(message);
    };
    sidebar = new SidebarView({ extensionUri, log, onMessage });
    view = new FakeView();
    sidebar.resolve(Object(view));
  });

  it("writes a page that runs our script alone, by a nonce that is new each time", () => {
    const { html, options } = view.webview;
    const nonce = /script-src 'nonce-([0-9a-f]{32})'/.exec(html)?.[1];
    assert.ok(nonce);
    assert.match(html, /default-src 'none'/);
    assert.doesNotMatch(html, /unsafe|<style|style=|\son\w+=/);
    const scripts = [...html.matchAll(/<script ([^>]*)>([^<]*)/g)].map((match) => [match[1], match[2]]);
    assert.deepEqual(scripts, [[`nonce="${nonce}" src="https:///page.test/ext/dist/webview/sidebar.js"`, ""]]);
    const again = new FakeView();
    sidebar.resolve(Object(again));
    assert.notEqual(/nonce-(\w+)/.exec(again.webview.html)?.[1], nonce);
    const { localResourceRoots, enableCommandUris } = Object(options);
    assert.deepEqual(localResourceRoots.map(String), ["file:///ext/dist/webview"]);
    assert.equal(enableCommandUris, false);
  });

  it("posts nothing to a page that does not listen, before it is ready or while it is hidden", () => {
    sidebar.post({ kind: "focus" });
    assert.equal(view.webview.posted.length, 0);
    view.webview.say({ kind: "ready" });
    sidebar.post({ kind: "focus" });
    assert.equal(view.webview.posted.length, 1);
    view.setVisible(false);
    sidebar.post({ kind: "focus" });
    view.setVisible(true);
    sidebar.post({ kind: "focus" });
    assert.equal(view.webview.posted.length, 1);
    assert.deepEqual(heard, [{ kind: "ready" }]);
  });

  it("shows and takes back what it does not understand, and tells the log no more of it than its kind", () => {
    view.webview.say({ kind: "ready" });
    lines.length = 0;
    view.webview.say({ kind: "start", task: "my secret plan", choice: null });
    assert.deepEqual(lines, ["a message of the sidebar was not understood (start)"]);
    assert.equal(editor().asked[0]?.how, "error");
    assert.match(String(editor().asked[0]?.args[0]), /asked for \(start\) was not understood, and nothing was done/);
    assert.deepEqual(view.webview.posted, [{ kind: "rejected" }]);
  });

  it("asks for the keyboard once the page is there", async () => {
    await sidebar.focus();
    assert.equal(editor().executed[0]?.command, "turnpike.sidebar.focus");
    assert.equal(view.webview.posted.length, 0);
    view.webview.say({ kind: "ready" });
    assert.deepEqual(view.webview.posted, [{ kind: "focus" }]);
  });

  it("lets go of a view that is gone", () => {
    view.disposal.fire();
    assert.equal(view.webview.messages.listeners, 0);
    assert.equal(view.visibility.listeners, 0);
    assert.equal(sidebar.visible, false);
  });
});

describe("HistoryPage", () => {
  let engine: FakeEngine;
  let page: HistoryPage;
  let asked: string[] = [];
  let chosen: object[] = [];
  let memento: FakeMemento;

  beforeEach(async () => {
    newEditor();
    asked = [];
    chosen = [];
    memento = new FakeMemento();
    engine = new FakeEngine();
    const openers = {
      openDiff: async (_state: object, callId: string, path: string) => void asked.push(`diff ${callId} ${path}`),
      openFile: async (_state: object, path: string) => void asked.push(`file ${path}`),
      copy: async (text: string) => void asked.push(`copy ${text}`),
    };
    const continueRun = async ({ config }: { config: { runId: string } }) => void asked.push(`continue ${config.runId}`);
    page = new HistoryPage({
      extensionUri,
      log,
      engine: async () => engine,
      memory: new Memory(memento),
      current: () => null,
      openers,
      continueRun,
      settings: () => readSettings({ get: (name) => editor().settings.get(name) }),
      presentLimit: () => ({ limit: 60, inForce: true }),
      choose: async (choice) => void chosen.push(choice),
    });
    const connection = { modelId: "gpt-5", baseUrl: null, apiKey: null, price: null };
    const result = await engine.start(
      {
        ...{ task: "Fix it", project: { name: "p", path: "/p" }, connection, approval: "ask", requestedOutput: null },
        policy: { kind: "fixed", maxTurns: 9, cadence: { kind: "off" } },
        caps: { turns: null, usd: usd(0.5), tokens: null, minutes: null },
        warn: { turns: 0.8, usd: 0.8, tokens: 0.8, minutes: 0.8 },
      },
      Object({}),
    );
    assert.ok("runId" in result);
    engine.run.emit({ kind: "turnStarted", turn: 1, purpose: "turn", tail: null, withheld: false });
  });

  afterEach(() => page.dispose());

  const panel = (): FakePanel => {
    const last = editor().panels.at(-1);
    assert.ok(last);
    return last;
  };
  const say = async (message: unknown) => {
    panel().webview.say(message);
    await settled();
  };
  const sent = () => panel().webview.posted.map((message) => Object(message));
  const shown = () => sent().findLast(({ kind }) => kind === "model").model.shown;

  it("opens one tab and brings the same one back", async () => {
    await page.show();
    await page.show();
    assert.equal(editor().panels.length, 1);
    assert.equal(panel().revealed, 1);
    panel().dispose();
    await page.show();
    assert.equal(editor().panels.length, 2);
  });

  it("lists the runs, and opens one with all its steps; one whose process is gone is interrupted", async () => {
    engine.store.kill();
    await page.show();
    await say({ kind: "ready" });
    assert.equal(shown().rows[0].task, "Fix it");
    await say({ kind: "open", runId: "run-1" });
    assert.equal(shown().run.outcome.kind, "interrupted");
    assert.equal(shown().run.steps.length, 1);
    await say({ kind: "detail", turn: 1 });
    assert.equal(sent().at(-1).detail.turn, 1);
    await say({ kind: "back" });
    assert.equal(shown().kind, "list");
  });

  it("lists own runs before imported ones where there is no room for all", async () => {
    const [own] = await engine.store.runs({ limit: 1 });
    assert.ok(own);
    const imported = Array.from({ length: 500 }, (_, n) => ({ ...own, runId: `i${n}`, source: "codex", startedAt: 5_000 }));
    engine.store.runs = async (query: RunQuery) => (query.source ? [own] : imported);
    await page.show();
    await say({ kind: "ready" });
    assert.deepEqual([shown().rows.length, shown().rows.at(-1).runId], [500, own.runId]);
  });

  describe("the replay lab", () => {
    const open = async () => {
      engine.store.recorded = Array.from({ length: 20 }, (_, index) =>
        recordedRun(10 * (index + 1), { model: index % 2 === 0 ? "a" : "b" }),
      );
      await page.show();
      await say({ kind: "ready" });
      await say({ kind: "whatIf" });
      await drawn();
    };
    /** The curve is worked out a limit at a time. */
    const drawn = async () => {
      await settled();
      for (let tries = 0; tries < 50 && shown().working; tries += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    };

    it("draws what limits would have made of the runs that are picked, with the present one among them", async () => {
      await open();
      assert.deepEqual([shown().kind, shown().policy, shown().present.limit], ["whatIf", "evidence", 60]);
      const at60 = shown().points.find(({ limit }: { limit: number }) => limit === 60);
      assert.match(at60.text, /^60 turns, enough for 30 % of the runs: saves .*, cuts 1\d of 20 runs/);
      await say({ kind: "labPolicy", policy: "fixed" });
      await say({ kind: "labPick", pick: "model:a" });
      await drawn();
      const fixed = shown().points.find(({ limit }: { limit: number }) => limit === 60);
      assert.match(fixed.text, /cuts 7 of 10 runs/);
    });

    it("writes a limit to the user's settings when that is asked for, and not before", async () => {
      await open();
      assert.equal(editor().settings.get("policy"), undefined);
      await say({ kind: "labPolicy", policy: "fixed" });
      await say({ kind: "useLimit", policy: "fixed", limit: 46 });
      assert.deepEqual([editor().settings.get("policy"), editor().settings.get("maxTurns")], ["fixed", 46]);
      await say({ kind: "useLimit", policy: "evidence", limit: 80 });
      const { settings } = editor();
      assert.deepEqual(
        ["policy", "preset", "baseTurns", "hardTurns"].map((name) => settings.get(name)),
        ["dynamic", "evidence", 80, 80],
      );
      assert.deepEqual(chosen, [
        { policy: "fixed", turns: 46 },
        { policy: "dynamic", preset: "evidence", turns: null },
      ]);
    });

    it("looks at own runs before imported ones where there is no room for all", async () => {
      const many = Array.from({ length: 2_000 }, () => recordedRun(10, { source: "codex" }));
      const own = [recordedRun(12, { source: "turnpike" }), recordedRun(14, { source: "turnpike" })];
      engine.store.recordings = async ({ sources } = {}) => (sources ? own : many);
      await page.show();
      await say({ kind: "ready" });
      await say({ kind: "whatIf" });
      assert.deepEqual(
        shown()
          .picks.slice(0, 3)
          .map(({ label }: { label: string }) => label),
        ["All runs (2,000)", "Own runs (2)", "Imported runs (1,998)"],
      );
    });

    it("opens files of recorded runs, and says what is wrong with one that is none", async () => {
      await open();
      engine.recorded = [recordedRun(5, { resolved: true }), recordedRun(9, { resolved: true })];
      editor().answers.push([Uri.file("/data/runs.jsonl.gz")]);
      await say({ kind: "labOpen" });
      await drawn();
      assert.deepEqual(engine.recordedFiles, ["/data/runs.jsonl.gz"]);
      assert.equal(shown().pick, "file");
      assert.equal(
        shown().lines.some(({ of }: { of: string }) => of === "lost"),
        true,
      );
      engine.readRecorded = async () => {
        throw new Error("a.jsonl, line 3 is not JSON");
      };
      editor().answers.push([Uri.file("/data/a.jsonl")]);
      await say({ kind: "labOpen" });
      assert.equal(shown().notes[0], "a.jsonl, line 3 is not JSON");
    });

    it("says that it needs runs, and goes back to the list", async () => {
      await page.show();
      await say({ kind: "ready" });
      await say({ kind: "whatIf" });
      assert.match(shown().nothing, /too few past runs/);
      await say({ kind: "back" });
      assert.equal(shown().kind, "list");
    });
  });

  it("shows a run that goes on in another window as such, and reads it anew until it has ended", async () => {
    await page.show();
    await say({ kind: "ready" });
    await say({ kind: "open", runId: "run-1" });
    assert.deepEqual([shown().run.phase, shown().run.status], ["elsewhere", "runs in another window"]);
    assert.deepEqual(Object.values(shown().run.can), [false, false, false, false]);
    await engine.run.end({ kind: "done", reason: "ok" });
    await new Promise((resolve) => setTimeout(resolve, 2_300));
    assert.equal(shown().run.outcome.kind, "done");
  });

  it("does not look up the list for a run that is opened", async () => {
    await page.show();
    await say({ kind: "ready" });
    await engine.run.end({ kind: "done", reason: "ok" });
    await say({ kind: "open", runId: "run-1" });
    const { listed } = engine.store;
    page.update();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    assert.equal(engine.store.listed, listed);
  });

  it("says that the history could not be read, beside what it showed last", async () => {
    await page.show();
    await say({ kind: "ready" });
    engine.store.failure = new Error("the disk is gone");
    await say({ kind: "back" });
    assert.match(sent().at(-1).model.trouble, /could not be read: the disk is gone$/);
    assert.equal(shown().rows.length, 1);
    engine.store.failure = null;
    await say({ kind: "back" });
    assert.equal(sent().at(-1).model.trouble, null);
  });

  it("tells the user when what they asked for failed", async () => {
    await page.show();
    await say({ kind: "ready" });
    engine.store.failure = new Error("the disk is gone");
    await say({ kind: "continueRun", runId: "run-1" });
    assert.deepEqual([editor().asked[0]?.how, editor().asked[0]?.args[0]], ["error", "Turnpike: the disk is gone"]);
  });

  it("comes back after a reload with the run it had open, and as a list when it is opened anew", async () => {
    await page.show();
    await say({ kind: "ready" });
    await say({ kind: "open", runId: "run-1" });
    const kept = new FakePanel("turnpike.history", "");
    editor().panels.push(kept);
    page.restore(Object(kept));
    await say({ kind: "ready" });
    assert.equal(shown().run.runId, "run-1");
    kept.dispose();
    await page.show();
    await say({ kind: "ready" });
    assert.equal(shown().kind, "list");
  });

  it("hands on what is asked of the opened run", async () => {
    await page.show();
    await say({ kind: "ready" });
    await say({ kind: "openDiff", callId: "c", path: "a" });
    await say({ kind: "open", runId: "run-1" });
    await say({ kind: "openDiff", callId: "c", path: "a" });
    await say({ kind: "openFile", path: "a" });
    await say({ kind: "continueRun", runId: "run-1" });
    await say({ kind: "continueRun", runId: "unknown" });
    assert.deepEqual(asked, ["diff c a", "file a", "continue run-1"]);
  });

  it("says a thing it does not understand to the log only", async () => {
    await page.show();
    await say({ kind: "ready" });
    const before = sent().length;
    lines.length = 0;
    for (const raw of [null, { kind: "open" }, { kind: "command", command: "x" }]) await say(raw);
    assert.equal(sent().length, before);
    assert.equal(lines.filter((line) => line.includes("not understood")).length, 3);
  });
});
