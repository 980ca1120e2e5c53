import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { calibrateTurns } from "../../src/core/policy/calibrate";
import { cli, run, workspace } from "../support/cli";
import { type Provider, startProvider } from "../support/provider";
import { call, say, status } from "../support/providerReply";

describe("the command line", () => {
  let server: Provider;
  const start = async (...args: Parameters<typeof startProvider>) => {
    server = await startProvider(...args);
    return server.url;
  };
  afterEach(() => server?.close());

  it("prints one event per line and closes with outcome and totals", async () => {
    const url = await start((_request, index) => (index === 0 ? call("read_file", { path: "a.txt" }) : say("It greets.")));
    const ended = await run(url, ["--price", "in=1,out=2"]);
    assert.equal(ended.code, 0);
    const [charged] = ended.of("charged");
    assert.equal(charged?.turn, 1);
    assert.equal(charged?.provenance, "priced");
    assert.ok(Number(charged?.usd) > 0);
    assert.deepEqual(ended.ended.outcome, { kind: "done", reason: "It greets." });
    const { totals } = ended.ended;
    for (const field of ["turns", "usd", "freshInput", "cacheRead", "cacheWrite", "output", "reasoning"])
      assert.equal(typeof totals[field], "number", field);
    assert.equal(totals.turns, 2);
    const sum = ended.of("charged").reduce((usd, event) => usd + Number(event.usd), 0);
    assert.ok(Math.abs(sum - (totals.usd ?? 0)) < 1e-12);
  });

  it("speaks to people without --json", async () => {
    const url = await start(() => say("It greets."));
    const ended = await cli([
      "run",
      "--workspace",
      workspace(),
      "--task",
      "What is it?",
      "--base-url",
      url,
      "--model",
      "m",
      "--store",
      path.join(workspace(), "s.db"),
    ]);
    const { p50, p90 } = calibrateTurns([], "m");
    assert.ok(ended.stdout.startsWith(`m, dynamic, on evidence: ${p50} turns, at most ${p90}\n`), ended.stdout);
    assert.match(ended.stdout, /It greets\.[\s\S]*Done after 1 turn$/m);
  });

  it("may read only, edit, or do all, as it is told", async () => {
    const plan = [call("write_file", { path: "made.txt", content: "x" }), call("run_command", { command: "echo y > ran.txt" })];
    for (const [approve, made, ran] of [
      ["none", false, false],
      ["edits", true, false],
      ["all", true, true],
    ] as const) {
      const url = await start((_request, index) => plan[index] ?? say("done"));
      const folder = workspace();
      await run(url, ["--approve", approve], { folder });
      assert.deepEqual(
        [existsSync(path.join(folder, "made.txt")), existsSync(path.join(folder, "ran.txt"))],
        [made, ran],
        approve,
      );
      await server.close();
    }
  });

  it("reads the task from a file and the key from the variable it is told", async () => {
    const url = await start(() => say("ok"), { apiKey: "sk-secret-1" });
    const folder = workspace({ "task.md": "Explain a.txt" });
    const ended = await run(url, ["--api-key-env", "MY_KEY"], {
      folder,
      task: `@${path.join(folder, "task.md")}`,
      env: { MY_KEY: "sk-secret-1" },
    });
    assert.equal(ended.code, 0, ended.stdout);
    assert.match(String(server.requests[0]?.messages[1]?.content), /^Explain a\.txt/);
    assert.doesNotMatch(ended.stdout, /sk-secret/);
  });

  it("is interrupted by Ctrl-C with code 130, settled and recorded", async () => {
    const url = await start(() => say("word ".repeat(400), { delayMs: 20, tokensPerChunk: 1 }));
    const store = path.join(workspace(), "turnpike.db");
    const ended = await run(url, ["--price", "in=1,out=2"], { interruptOn: '"reserved"', store });
    assert.equal(ended.code, 130);
    assert.equal(ended.ended.outcome.kind, "interrupted");
    const history = await cli(["history", "--store", store, "--json"]);
    assert.equal(JSON.parse(history.stdout.trim()).outcome, "interrupted");
  });

  it("stops a loop that gets nowhere with code 4", async () => {
    const url = await start((request) => (request.toolChoice === "none" ? say("note") : call("list_files", {})));
    const ended = await run(url);
    assert.deepEqual([ended.code, ended.ended.outcome], [4, { kind: "stopped", reason: "stuck" }]);
    assert.equal(server.requests.length, 9);
    assert.equal(ended.ended.totals.turns, 9);
  });

  it("tells of wrong use in a line, with code 2", async () => {
    const common = ["--workspace", workspace(), "--task", "x", "--model", "m"];
    for (const [args, message] of [
      [["fly"], /no command "fly"/],
      [["run", "--task", "x", "--model", "m"], /--workspace is missing/],
      [["run", ...common, "--max-usd", "lots"], /--max-usd is a number/],
      [["run", ...common, "--max-turns", "1.5"], /--max-turns is a whole number/],
      [["run", ...common, "--policy", "wild"], /--policy is one of unrestricted, fixed, dynamic/],
      [["run", ...common, "--policy", "fixed", "--base-turns", "3"], /belong to --policy dynamic/],
      [["run", ...common, "--base-url", "ftp://x"], /http/],
      [["run", ...common, "--price", "in=1"], /--price/],
      [["run", "--workspace", "/no/such/place", "--task", "x", "--model", "m"], /no folder/],
      [["run", ...common, "--frobnicate"], /frobnicate/],
      [["run", ...common, "--max-output", "1000000000000"], /--max-output is at most/],
      [["run", ...common, "--store", ""], /--store is missing/],
      [["run", ...common, "--api-key-env", "TURNPIKE_NO_SUCH_KEY"], /TURNPIKE_NO_SUCH_KEY is not set/],
      [["run", ...common, "--base-url", "http://me:secret1@localhost/v1"], /^(?!.*secret1).*--api-key-env/],
      [["history", "--json", "--csv"], /exclude/],
      [["history", "--store", "/no/such/folder/x.db"], /no folder/],
    ] as const) {
      const ended = await cli(args);
      assert.equal(ended.code, 2, args.join(" "));
      assert.match(ended.stderr, message);
      assert.doesNotMatch(ended.stderr, /\n\s+at /);
    }
  });

  it("keeps a history of all runs, by day, model, project and policy, as text, JSON and CSV", async () => {
    const url = await start(() => say("ok"));
    const store = path.join(workspace(), "turnpike.db");
    const folder = workspace();
    for (const model of ["--policy=fixed", "--policy=unrestricted"])
      await run(url, [model, "--price", "in=1,out=2"], { store, folder });
    const runs = (await cli(["history", "--store", store, "--json"])).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.equal(runs.length, 2);
    assert.deepEqual(runs.map((one) => one.policy).sort(), ["fixed", "unrestricted"]);
    assert.ok(runs.every((one) => one.usd > 0 && one.outcome === "done" && one.project === path.basename(folder)));
    const byModel = JSON.parse((await cli(["history", "--store", store, "--group", "model", "--json"])).stdout);
    assert.deepEqual([byModel.group, byModel.runs, byModel.done], ["test-model", 2, 2]);
    const csv = (await cli(["history", "--store", store, "--group", "policy", "--csv"])).stdout.trim().split("\n");
    assert.match(csv[0] ?? "", /^group,runs,done,turns,usd/);
    assert.equal(csv.length, 3);
    assert.match((await cli(["history", "--store", store])).stdout, /test-model/);
  });

  it("never shows what is unknown as zero, in a run or in the history", async () => {
    const url = await start((_request, index) => (index === 0 ? call("list_files", {}) : status(401, "no")));
    const store = path.join(workspace(), "turnpike.db");
    const common = ["run", "--workspace", workspace(), "--base-url", url, "--model", "m", "--store", store];
    const { stdout } = await cli([...common, "--task", "What is it?"]);
    assert.match(stdout, /\[turn 1\] unknown cost, \? in all/);
    const history = (...args: string[]) => cli(["history", "--store", store, ...args]);
    assert.equal(JSON.parse((await history("--json")).stdout).usd, null);
    assert.match((await history()).stdout, /2\/\d+ +\? +What is it\?$/m);
    const [header, row] = (await history("--csv")).stdout.split("\n").map((line) => line.split(","));
    assert.equal(row?.[header?.indexOf("usd") ?? -1], "");
  });

  it("names the columns of a table without rows", async () => {
    const { stdout } = await cli(["history", "--store", path.join(workspace(), "s.db"), "--csv"]);
    assert.match(stdout, /^run,started,ended,project,model,policy,outcome,reason,turns,limit,usd,/);
  });

  it("records an address without its query, which may hold a key", async () => {
    const url = await start(() => say("ok"));
    const ended = await run(`${url}?api-key=secret`);
    assert.match(JSON.stringify(ended.of("started")[0]), /"baseUrl":"http:[^"?]+"/);
  });

  it("leaves a file it cannot use as a store alone and says so", async () => {
    const url = await start(() => say("ok"));
    const store = path.join(workspace(), "notes.db");
    writeFileSync(store, "these are my notes, not a database\n".repeat(100));
    const ended = await run(url, [], { store });
    assert.equal(readFileSync(store, "utf8").slice(0, 18), "these are my notes");
    assert.match(ended.stderr, /store/i);
  });

  it("takes values that begin with a dash, but no option for a value", async () => {
    const url = await start(() => say("ok"));
    const ended = await run(url, [], { task: "- fix this\n- and --that" });
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(String(server.requests[0]?.messages[1]?.content), /^- fix this\n- and --that/);
    const forgotten = await cli(["run", "--task", "--json", "--workspace", workspace(), "--model", "m"]);
    assert.equal(forgotten.code, 2);
    assert.match(forgotten.stderr, /--task/);
    const negative = await cli(["run", "--workspace", workspace(), "--task", "x", "--model", "m", "--max-usd", "-1"]);
    assert.match(negative.stderr, /--max-usd is a number of 0 or more, not "-1"/);
  });

  it("explains itself when a command is asked for help", async () => {
    for (const args of [["run", "--help"], ["history", "--help"], ["run", "--json", "-h"], ["--help"]]) {
      const { code, stdout, stderr } = await cli(args);
      assert.deepEqual([code, stderr], [0, ""], args.join(" "));
      assert.match(stdout, /turnpike run --workspace DIR/);
    }
  });

  it("ends in order when nobody reads its output any more", async () => {
    const url = await start(() => call("list_files", {}, { firstDelayMs: 100 }));
    const store = path.join(workspace(), "turnpike.db");
    const ended = await run(url, ["--price", "in=1,out=2"], { hangUpOn: '"reserved"', store });
    assert.deepEqual([ended.code, ended.stderr], [130, ""]);
    assert.ok(server.requests.length < 5, "does not go on for nobody");
    const history = await cli(["history", "--store", store, "--json"]);
    const { outcome, turns, usd } = JSON.parse(history.stdout.trim());
    assert.equal(outcome, "interrupted");
    assert.ok(turns >= 1 && usd > 0);
  });

  it("ends in order when nobody reads its error output", async () => {
    const url = await start(() => call("list_files", {}, { firstDelayMs: 100 }));
    const store = path.join(workspace(), "notes.db");
    writeFileSync(store, "these are my notes, not a database\n".repeat(100));
    const ended = await run(url, [], { store, deafToErrors: true });
    assert.deepEqual([ended.code, ended.ended.outcome.kind], [130, "interrupted"]);
  });

  it("prints a history quietly to a reader that has enough", async () => {
    const store = path.join(workspace(), "turnpike.db");
    const url = await start(() => say("ok"));
    const folder = workspace({ "task.md": "long ".repeat(100_000) });
    await run(url, [], { store, folder, task: `@${path.join(folder, "task.md")}` });
    const ended = await cli(["history", "--store", store, "--json"], { hangUpOn: "{" });
    assert.deepEqual([ended.code, ended.stderr], [0, ""]);
  });

  it("is interrupted in order before the run began", async () => {
    const folder = workspace({
      "early.cjs": `process.once("newListener", function once(name) {
        if (name !== "SIGINT") return process.once("newListener", once);
        queueMicrotask(() => process.kill(process.pid, "SIGINT"));
      });`,
    });
    const url = await start(() => say("ok"));
    const ended = await run(url, [], { env: { NODE_OPTIONS: `--require ${path.join(folder, "early.cjs")}` } });
    assert.equal(ended.code, 130, ended.stderr);
    assert.equal(server.requests.length, 0);
    assert.equal(ended.of("ended").length, 1);
    assert.deepEqual(ended.ended.outcome, { kind: "interrupted", reason: "the process was asked to end" });
    assert.deepEqual([ended.ended.totals.turns, ended.ended.totals.usd, ended.ended.totals.output], [0, 0, 0]);
  });

  it("ends at once at a second Ctrl-C, and settles at one that is only delivered twice", async () => {
    const stalled = () => say("word ".repeat(40), { fault: { kind: "stall", after: 2 } });
    const store = path.join(workspace(), "turnpike.db");
    const interrupted = async (...interruptsMs: number[]) =>
      run(await start(stalled), ["--price", "in=1,out=2"], { interruptOn: '"reserved"', interruptsMs, store });
    const once = await interrupted(400, 420);
    assert.equal(once.code, 130);
    assert.equal(once.of("charged").length, 1);
    await server.close();
    const twice = await interrupted(400, 1_000);
    assert.equal(twice.code, 130, twice.stderr);
    assert.equal(twice.of("charged").length, 0);
    assert.equal(twice.of("ended").length, 1);
    assert.match(twice.ended.outcome.reason, /before the run was settled/);
    assert.deepEqual([twice.ended.totals.usd, twice.ended.totals.unknownCharges], [null, 1], "what is in flight is not free");
    const history = (await cli(["history", "--store", store, "--json"])).stdout.trim().split("\n");
    const recorded = history.map((line) => JSON.parse(line));
    assert.deepEqual(
      recorded.map(({ outcome, unknownCharges }) => [outcome, unknownCharges]),
      [
        ["interrupted", 1],
        ["interrupted", 0],
      ],
    );
    assert.ok(twice.ms < once.ms, `${twice.ms} ms, settled ${once.ms} ms`);
  });

  it("keeps outputs in a folder for its user alone, gone when it ends", async () => {
    const temp = workspace({});
    const env = { TMPDIR: temp, TEMP: temp, TMP: temp };
    const modes: number[] = [];
    const url = await start((_request, index) => {
      for (const name of readdirSync(temp).filter((name) => name.startsWith("turnpike-"))) {
        modes.push(statSync(path.join(temp, name)).mode & 0o777);
        if (index === 1) assert.equal(readdirSync(path.join(temp, name), { recursive: true }).length, 2);
      }
      return index === 0 ? call("run_command", { command: "seq 1 100000" }) : say("ok");
    });
    assert.equal((await run(url, ["--approve", "all"], { env })).code, 0);
    if (process.platform !== "win32") assert.deepEqual(modes, [0o700, 0o700]);
    assert.equal((await run(url, [], { env, folder: "/no/such/place" })).code, 2);
    assert.equal((await cli(["history", "--store", path.join(workspace(), "s.db")], { env })).code, 0);
    assert.deepEqual(readdirSync(temp), []);
  });

  it("closes with an outcome even when the run cannot start", async () => {
    const store = path.join(workspace(), "turnpike.db");
    await cli(["history", "--store", store]);
    const db = new DatabaseSync(store);
    db.exec("CREATE TRIGGER broken BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'the table is broken'); END");
    db.close();
    const url = await start(() => say("ok"));
    const ended = await run(url, [], { store });
    assert.equal(ended.code, 1);
    assert.equal(ended.ended.outcome.kind, "failed");
    assert.match(ended.ended.outcome.reason, /the table is broken/);
    assert.equal(ended.ended.totals.turns, 0);
    assert.doesNotMatch(ended.stderr, /\n\s+at /);
    assert.equal(server.requests.length, 0);
    const nowhere = await run(url, [], { folder: "/no/such/place" });
    assert.deepEqual([nowhere.code, nowhere.ended.outcome.kind], [2, "failed"]);
  });
});
