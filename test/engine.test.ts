import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Connection, Engine, Refusal, ResumeRequest, RunHandle, StartRequest } from "../src/core/engine";
import { isRefusal } from "../src/core/engine";
import type { Approver } from "../src/core/ports";
import { NO_CAPS } from "../src/core/runConfig";
import { createEngine } from "../src/engine";
import { NODE, workspace } from "./support/cli";
import { type Provider, type Script, startProvider } from "./support/provider";
import { call, say } from "./support/providerReply";
import { dollars, PRICE } from "./support/scriptedRun";

declare const __TEST_ROOT__: string;
const assetsDir = path.join(__TEST_ROOT__, "dist");

const approver: Approver = { approve: async () => ({ allowed: true }), extend: async () => ({ kind: "land" }) };
const dollarCap = { ...NO_CAPS, usd: dollars(0.5) };

describe("the engine", () => {
  let engine: Engine;
  let server: Provider;
  let store: string;
  let folder: string;
  let unsaved: readonly string[] = [];

  const open = async (script: Script) => {
    server = await startProvider(script);
    folder = workspace();
    store = path.join(workspace(), "turnpike.db");
    engine = await window();
  };
  /** Another window at the same store. */
  const window = (): Promise<Engine> => {
    const outputsDir = path.join(workspace(), "outputs");
    return createEngine({
      assetsDir,
      storeFile: store,
      ripgrepCandidates: [],
      outputsDir,
      unsavedFiles: () => unsaved,
      log: () => {},
      lean: true,
    });
  };
  afterEach(async () => {
    unsaved = [];
    await engine.close();
    await server.close();
  });

  const connection = (change: Partial<Connection> = {}): Connection => ({
    modelId: "test-model",
    baseUrl: server.url,
    apiKey: null,
    price: PRICE,
    ...change,
  });
  const start = (change: Partial<StartRequest> = {}) =>
    engine.start(
      {
        task: "What is in a.txt?",
        project: { name: "p", path: folder },
        connection: connection(),
        policy: { kind: "unrestricted", cadence: { kind: "every" } },
        caps: NO_CAPS,
        warn: { turns: 0.8, usd: 0.8, tokens: 0.8, minutes: 0.8 },
        approval: "all",
        requestedOutput: null,
        ...change,
      },
      approver,
    );
  const resume = (runId: string, change: Partial<ResumeRequest> = {}) =>
    engine.resume(
      {
        runId,
        message: "more",
        connection: connection(),
        caps: NO_CAPS,
        extraTurns: 0,
        approval: "all",
        segment: null,
        ...change,
      },
      approver,
    );
  const begun = (result: RunHandle | Refusal): RunHandle => {
    assert.ok(!isRefusal(result), isRefusal(result) ? result.text : "");
    return result;
  };
  const refusal = (result: RunHandle | Refusal): string => (isRefusal(result) ? result.text : "it began");

  it("mixes no play money with real money when a run goes on", async () => {
    await open(() => say("ok"));
    const demo = begun(await start({ connection: connection({ modelId: "turnpike-demo", price: null }) }));
    await demo.ended;
    assert.match(refusal(await resume(demo.runId)), /do not mix/);
    const real = begun(await start());
    await real.ended;
    assert.match(refusal(await resume(real.runId, { connection: connection({ modelId: "turnpike-demo", price: null }) })), /mix/);
  });

  it("keeps no dollar cap it cannot keep: not over what was spent without a price", async () => {
    await open(() => say("ok"));
    const run = begun(await start({ connection: connection({ price: null }) }));
    await run.ended;
    assert.match(refusal(await resume(run.runId, { caps: dollarCap })), /without a price/);
    begun(await resume(run.runId));
  });

  it("asks for no change where nothing may be changed", async () => {
    await open(() => call("finish", { summary: "This is how I would do it." }));
    const run = begun(await start({ task: "Fix the greeting in a.txt", approval: "readOnly" }));
    assert.equal((await run.ended).kind, "done");
    assert.equal(server.requests.length, 1);
    const other = begun(await start({ task: "Fix the greeting in a.txt" }));
    await other.ended;
    assert.equal(server.requests.length, 3, "refused once");
  });

  it("lets a run go on in one window at a time, without a shared store too", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open(async () => {
      await held;
      return say("ok");
    });
    await engine.close();
    writeFileSync(store, "no database, ".repeat(100));
    engine = await window();
    const other = await window();
    assert.match(other.store.degraded ?? "", /not a Turnpike store/);
    const run = begun(await start());
    while (server.requests.length < 1) await new Promise((resolve) => setTimeout(resolve, 20));
    const [here, there] = [engine, other];
    engine = there;
    assert.match(refusal(await resume(run.runId)), /another window/);
    release();
    await run.ended;
    const again = begun(await resume(run.runId));
    assert.deepEqual(await again.ended, { kind: "done", reason: "ok" });
    await here.close();
  });

  it("goes on with a run whose process was killed in mid-call, its cap and its worst case kept", async function () {
    this.timeout(30_000);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await open(async (_request, index) => {
      if (index === 1) await held;
      return index === 0 ? call("read_file", { path: "a.txt" }) : say("ok");
    });
    const cli = path.join(assetsDir, "cli.js");
    const task = ["--workspace", folder, "--task", "What is in a.txt?", "--base-url", server.url, "--model", "test-model"];
    const money = ["--price", "in=3,cacheRead=0.3,cacheWrite=3.75,out=15", "--max-usd", "0.5"];
    const child = spawn(NODE, [cli, "run", ...task, ...money, "--store", store], { stdio: ["ignore", "ignore", "pipe"] });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint += text;
    });
    const exited = once(child, "exit");
    while (server.requests.length < 2) {
      assert.equal(child.exitCode, null, complaint);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const [listed] = await engine.store.runs({ limit: 1 });
    assert.equal(listed?.outcome, null);
    assert.match(refusal(await resume(listed?.runId ?? "", { caps: dollarCap })), /another window/);
    child.kill("SIGKILL");
    await exited;
    release();

    const run = begun(await resume(listed?.runId ?? "", { caps: dollarCap }));
    assert.deepEqual(await run.ended, { kind: "done", reason: "ok" });
    assert.equal(run.state.totals.unknownCharges, 1);
    const events = await engine.store.events(run.runId);
    assert.deepEqual(
      events.map((event) => event.seq),
      events.map((_, index) => index),
    );
    assert.deepEqual(server.violations, []);
  });

  it("closes only when the background processes of its runs are gone", async () => {
    const command = "trap '' TERM; while :; do sleep 0.1; done & echo $! > pid.txt";
    await open((_request, index) => (index === 0 ? call("run_command", { command }) : say("ok")));
    await begun(await start()).ended;
    const pid = readFileSync(path.join(folder, "pid.txt"), "utf8").trim();
    await engine.close();
    const state = readFileSyncOrNothing(`/proc/${pid}/stat`).split(") ")[1]?.[0] ?? "Z";
    if (process.platform === "linux") assert.equal(state, "Z");
  });

  it("tells its tools what is unsaved in the editor", async () => {
    const edits = [{ old: "hello", new: "bye" }];
    await open((_request, index) => (index === 0 ? call("edit_file", { path: "a.txt", edits }) : say("ok")));
    unsaved = [path.join(folder, "a.txt")];
    await begun(await start()).ended;
    assert.match(JSON.stringify(server.requests[1]), /a\.txt has unsaved changes in the editor/);
  });

  it("goes on in a fresh conversation that begins with the task, the note and the diff of the work", async () => {
    const edits = [{ old: "hello", new: "bye" }];
    await open((_request, index) => {
      if (index === 0) return call("edit_file", { path: "a.txt", edits });
      return say(index === 1 ? "Changed: a.txt\nNext step: look again" : "all done");
    });
    const policy = { kind: "fixed", maxTurns: 2, cadence: { kind: "every" } } as const;
    const run = begun(await start({ task: "Say bye", policy }));
    assert.deepEqual(await run.ended, { kind: "stopped", reason: "turns" });
    const again = begun(await resume(run.runId, { message: null, extraTurns: 5, segment: "fresh" }));
    assert.equal((await again.ended).kind, "done");
    const sent: { messages: { role: string; content: string }[] } = JSON.parse(server.requests[2]?.text ?? "");
    assert.deepEqual(
      sent.messages.map(({ role }) => role),
      ["system", "user"],
    );
    const first = sent.messages[1]?.content ?? "";
    for (const part of [/^Say bye\n/, /Next step: look again/, /--- a\/a\.txt[\s\S]*-hello\n\+bye/, /Continue with the task\./])
      assert.match(first, part);
    assert.equal(again.state.turns.length, 3, "the counter goes on");
    assert.equal(again.state.messages.at(-1)?.text, "Continue with the task.");
  });

  it("sets the files of a run back to its best checkpoint, and leaves alone what was changed since", async () => {
    const edit = (old: string, now: string) => call("edit_file", { path: "a.txt", edits: [{ old, new: now }] });
    const check = call("run_command", { command: "./mocha" });
    const script = [
      edit("hello", "good"),
      check,
      edit("good", "worse"),
      call("write_file", { path: "b.txt", content: "new" }),
      check,
    ];
    await open((_request, index) => script[index] ?? say("I give up"));
    writeFileSync(
      path.join(folder, "mocha"),
      '#!/bin/sh\ngrep -q good a.txt && echo "  2 passing" && exit 0\necho "  3 failing"; exit 1\n',
      {
        mode: 0o755,
      },
    );
    const run = begun(await start({ task: "Say good" }));
    await run.ended;
    const text = (name: string) => readFileSync(path.join(folder, name), "utf8");
    assert.match(text("a.txt"), /worse/);
    writeFileSync(path.join(folder, "b.txt"), "typed by the user");
    const result = await engine.setBack(run.runId);
    assert.ok(!isRefusal(result), "there is a better state");
    assert.deepEqual(result, { done: ["a.txt"], left: [{ path: "b.txt", why: "was changed since" }] });
    assert.match(text("a.txt"), /good/);
    assert.equal(text("b.txt"), "typed by the user");
    unsaved = [path.join(folder, "a.txt")];
    const again = await engine.setBack(run.runId);
    assert.ok(!isRefusal(again));
    assert.deepEqual(again.done, []);
  });

  it("forecasts from past runs of the model, once there are eight", async () => {
    await open((_request, index) => (index % 2 === 0 ? call("read_file", { path: "a.txt" }) : say("ok")));
    for (let i = 0; i < 7; i += 1) await begun(await start()).ended;
    assert.equal(await engine.forecastStart("test-model"), null);
    await begun(await start()).ended;
    const forecast = await engine.forecastStart("test-model");
    assert.deepEqual([forecast?.turnsLeft.p50, forecast?.turnsLeft.p90, forecast?.n], [2, 2, 8]);
    assert.ok((forecast?.usdLeft?.p50 ?? 0) > 0);
    assert.equal(await engine.forecastStart("another-model"), null);
    const live = begun(await start());
    await live.ended;
    assert.ok(live.state.outlook === null || live.state.outlook.n >= 8);
  });
});

function readFileSyncOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
