import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cli, run, workspace } from "../support/cli";
import { type Provider, startProvider } from "../support/provider";
import { call, say } from "../support/providerReply";

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
    assert.match(ended.stdout, /It greets\.[\s\S]*Done after 1 turns?/);
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
      [["history", "--json", "--csv"], /exclude/],
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
    assert.ok(runs.every((one) => one.dollars > 0 && one.outcome === "done" && one.project === path.basename(folder)));
    const byModel = JSON.parse((await cli(["history", "--store", store, "--group", "model", "--json"])).stdout);
    assert.deepEqual([byModel.group, byModel.runs, byModel.done], ["test-model", 2, 2]);
    const csv = (await cli(["history", "--store", store, "--group", "policy", "--csv"])).stdout.trim().split("\n");
    assert.match(csv[0] ?? "", /^group,runs,done,turns,dollars/);
    assert.equal(csv.length, 3);
    assert.match((await cli(["history", "--store", store])).stdout, /test-model/);
  });

  it("leaves a file it cannot use as a store alone and says so", async () => {
    const url = await start(() => say("ok"));
    const store = path.join(workspace(), "notes.db");
    writeFileSync(store, "these are my notes, not a database\n".repeat(100));
    const ended = await run(url, [], { store });
    assert.equal(readFileSync(store, "utf8").slice(0, 18), "these are my notes");
    assert.match(ended.stderr, /store/i);
  });
});
