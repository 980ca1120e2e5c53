import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TryRecord } from "../../scripts/eval/record";
import { startDemoServer } from "../../src/adapters/demoModel";
import { DEMO_MODEL_ID } from "../../src/adapters/demoModelId";
import { workspace } from "../support/cli";
import { type Provider, type ProviderRequest, startProvider } from "../support/provider";
import type { BilledCall } from "../support/providerBill";
import { call, say, status } from "../support/providerReply";
import { harness, triesIn, writeTask } from "./harness";

declare const __TEST_ROOT__: string;

const PRICE = ["--price", "in=3,cacheRead=0.3,cacheWrite=3.75,out=15"];
const BILLED = { input: 3, cacheRead: 0.3, output: 15 };

/** Two tasks: one the scripted agent solves, one it gives back untouched with a claim that it is done. */
function tasksFolder(): string {
  const dir = workspace({});
  writeTask(dir, "adds", {
    files: { "add.mjs": "export const add = (a, b) => a - b;\n" },
    hidden: {
      "hidden-check.mjs": 'import { add } from "./add.mjs";\nprocess.exit(add(2, 3) === 5 ? 0 : 1);\n',
    },
    prompt: "ADDS: add() subtracts. Fix it.",
  });
  writeTask(dir, "resists", {
    files: { "never.txt": "no\n" },
    hidden: {
      "hidden-check.mjs":
        'import { readFileSync } from "node:fs";\nprocess.exit(readFileSync("never.txt", "utf8") === "yes\\n" ? 0 : 1);\n',
    },
    prompt: "RESISTS: What does never.txt say?",
  });
  return dir;
}

/** Plays by what the conversation holds, so that any number of tries may go on in any order. */
function play(request: ProviderRequest) {
  if (request.toolChoice === "none") return say("Nothing more.");
  const answered = request.messages.filter((message) => message.role === "assistant").length;
  if (!String(request.messages[1]?.content).startsWith("ADDS")) {
    return [call("read_file", { path: "never.txt" }), say("It says no.")][answered] ?? say("It says no.");
  }
  return (
    [
      call("read_file", { path: "add.mjs" }),
      call("edit_file", { path: "add.mjs", edits: [{ old: "a - b", new: "a + b" }] }),
      call("run_command", { command: "node -e 'import(\"./add.mjs\").then((m) => console.log(m.add(2, 3)))'" }),
    ][answered] ?? say("add() adds now.")
  );
}

/** What the provider counted for each try: with one try at a time, its calls are the next `turns` of the bill. */
function billsOf(tries: readonly TryRecord[], calls: readonly BilledCall[]) {
  let from = 0;
  return tries.map((one) => {
    const own = calls.slice(from, from + (one.turns ?? 0));
    from += own.length;
    const sum = (of: (call: BilledCall) => number) => own.reduce((total, each) => total + of(each), 0);
    return {
      nanoUsd: sum((each) => each.nanoUsd),
      fresh: sum((each) => each.promptTokens - each.cachedTokens),
      cached: sum((each) => each.cachedTokens),
      output: sum((each) => each.outputTokens),
    };
  });
}

const cellsOf = (markdown: string, policy: string) =>
  (markdown.split("\n").find((line) => line.startsWith(`| \`${policy}\` `)) ?? "").split("|").map((cell) => cell.trim());

describe("npm run eval", function () {
  this.timeout(60_000);
  let server: Provider;
  const start = async (...args: Parameters<typeof startProvider>) => {
    server = await startProvider(args[0], { prices: BILLED, ...args[1] });
    return ["--model", "test-model", "--base-url", server.url, ...PRICE];
  };
  afterEach(() => server?.close());

  it("runs two policies twice on two tasks, with the figures the provider billed, and resumes without running any again", async () => {
    const common = await start(play);
    const out = path.join(workspace(), "tries.jsonl");
    const args = ["--tasks", tasksFolder(), "--policies", "unrestricted,fixed:9", "--repeats", "2", "--out", out, ...common];
    const ended = await harness(args);
    assert.equal(ended.code, 0, ended.stderr);
    const tries = triesIn(readFileSync(out, "utf8"));
    assert.deepEqual(
      tries.map((one) => `${one.task} ${one.policy} ${one.repeat}`),
      [
        ...["adds unrestricted 1", "adds fixed:9 1", "resists fixed:9 1", "resists unrestricted 1"],
        ...["adds fixed:9 2", "adds unrestricted 2", "resists unrestricted 2", "resists fixed:9 2"],
      ],
    );
    assert.deepEqual(server.violations, []);
    assert.equal(
      tries.reduce((turns, one) => turns + (one.turns ?? 0), 0),
      server.bill.calls.length,
    );
    assert.ok(server.bill.cachedTokens > 0);
    for (const [at, bill] of billsOf(tries, server.bill.calls).entries()) {
      const one = tries[at];
      assert.equal(Math.round((one?.usd ?? Number.NaN) * 1e9), bill.nanoUsd);
      const { freshInput, cacheRead, output } = one?.tokens ?? {};
      assert.deepEqual(
        { freshInput, cacheRead, output },
        { freshInput: bill.fresh, cacheRead: bill.cached, output: bill.output },
      );
      assert.equal(one?.solved, one?.task === "adds");
      assert.equal(one?.changedFiles, one?.task === "adds" ? 1 : 0);
      assert.equal(one?.end, "done");
      assert.equal(one?.exitCode, 0);
    }
    for (const policy of ["unrestricted", "fixed:9"]) {
      const bills = billsOf(tries, server.bill.calls).filter((_, at) => tries[at]?.policy === policy);
      const nano = bills.reduce((total, bill) => total + bill.nanoUsd, 0);
      const cells = cellsOf(ended.stdout, policy);
      assert.deepEqual([cells[2], cells[4]], ["4", "2"]);
      assert.match(cells[3] ?? "", /^2 \(50 %\) \[0 %, 100 %\]$/);
      assert.match(cells[5] ?? "", /^3\.0 \[2\.0, 4\.0\]$/);
      assert.equal(cells[7], `$${(nano / 1e9).toFixed(4)}`);
      assert.ok(cells[8]?.startsWith(`$${(nano / 2e9).toFixed(4)} [`), cells[8]);
    }
    const billed = ended.stdout.match(/Billed in all: \$([\d.]+)/)?.[1];
    assert.equal(billed, server.bill.usd.toFixed(4));

    const requests = server.requests.length;
    const again = await harness(args);
    assert.equal(again.code, 0, again.stderr);
    assert.equal(server.requests.length, requests);
    assert.equal(again.stdout, ended.stdout);
    const half = readFileSync(out, "utf8").split("\n");
    writeFileSync(out, `${half.slice(0, 6).join("\n")}\n${half[6]?.slice(0, 40)}`);
    const rest = await harness(args);
    assert.equal(rest.code, 0, rest.stderr);
    assert.match(rest.stderr, /its last line was cut short/);
    assert.equal(triesIn(readFileSync(out, "utf8")).length, 8);
    assert.equal(server.requests.length, requests + 4);
  });

  it("takes a percentile limit from the unrestricted runs, which come first, and cuts runs at it with the tree kept", async () => {
    const common = await start(play);
    const out = path.join(workspace(), "tries.jsonl");
    const policies = "fixed:p25,unrestricted,dynamic:published:p25-p75";
    const ended = await harness(["--tasks", tasksFolder(), "--policies", policies, "--out", out, ...common]);
    assert.equal(ended.code, 0, ended.stderr);
    const tries = triesIn(readFileSync(out, "utf8"));
    assert.deepEqual(
      tries.slice(0, 2).map((one) => [one.policy, one.turns]),
      [
        ["unrestricted", 4],
        ["unrestricted", 2],
      ],
    );
    // Of 2 and 4 turns: the 25th percentile is 2.5, the 75th 3.5; both are rounded up.
    const argsOf = (policy: string) => tries.filter((one) => one.policy === policy).map((one) => one.policyArgs.join(" "));
    assert.deepEqual(new Set(argsOf("fixed:p25")), new Set(["--policy fixed --max-turns 3"]));
    const dynamic = "--policy dynamic --preset published --base-turns 3 --hard-turns 4";
    assert.deepEqual(new Set(argsOf("dynamic:published:p25-p75")), new Set([dynamic]));
    const cut = tries.find((one) => one.task === "adds" && one.policy === "fixed:p25");
    assert.deepEqual([cut?.end, cut?.turns, cut?.solved], ["cut", 3, true]);
    assert.match(ended.stderr, /its limit comes from 2 runs only/);
  });

  it("stops before the money of the whole evaluation is passed, says what was not run, and goes on with more", async () => {
    const common = await start(play);
    const out = path.join(workspace(), "tries.jsonl");
    const args = ["--tasks", tasksFolder(), "--policies", "unrestricted,fixed:9", "--repeats", "3", "--out", out, ...common];
    const ended = await harness([...args, "--max-usd", "0.06"]);
    assert.equal(ended.code, 1, ended.stderr);
    assert.ok(server.bill.usd <= 0.06, `${server.bill.usd} were billed`);
    assert.match(ended.stderr, /The money of --max-usd is used up/);
    const tries = triesIn(readFileSync(out, "utf8"));
    const counted = tries.filter((one) => one.solved !== null);
    assert.ok(counted.length > 0 && counted.length < 12);
    assert.equal(tries.at(-1)?.end, "budget");
    assert.match(ended.stderr, new RegExp(`${12 - counted.length} tries not run`));
    assert.match(ended.stderr, /^resists fixed:9 #3$/m);
    assert.match(ended.stdout, /In no row: 1 cut by the money left for the evaluation/);
    const more = await harness([...args, "--max-usd", "5"]);
    assert.equal(more.code, 0, more.stderr);
    assert.equal(triesIn(readFileSync(out, "utf8")).filter((one) => one.solved !== null).length, 12);
    assert.equal(more.stdout.match(/Billed in all: \$([\d.]+)/)?.[1], server.bill.usd.toFixed(4));
  });

  it("counts neither for nor against the agent what the provider refuses, and stops when that goes on", async () => {
    const common = await start(() => status(401, { message: "Incorrect API key provided", code: "invalid_api_key" }));
    const ended = await harness(["--tasks", tasksFolder(), "--policies", "unrestricted", "--repeats", "4", "--json", ...common]);
    assert.equal(ended.code, 1);
    assert.equal(server.requests.length, 3);
    const lines = ended.stdout.trim().split("\n");
    const tries = triesIn(lines.slice(0, -1).join("\n"));
    assert.deepEqual(
      tries.map((one) => [one.end, one.solved, one.usd]),
      Array.from({ length: 3 }, () => ["infrastructure", null, 0]),
    );
    assert.deepEqual(JSON.parse(lines.at(-1) ?? "").policies, []);
    assert.match(ended.stderr, /tries in a row failed outside the agent/);
  });

  it("runs several at once within what each may spend", async () => {
    const common = await start(play);
    const args = ["--tasks", tasksFolder(), "--policies", "unrestricted,fixed:9", "--concurrency", "3", "--try-usd", "0.2"];
    const ended = await harness([...args, "--json", ...common]);
    assert.equal(ended.code, 0, ended.stderr);
    const tries = triesIn(ended.stdout.trim().split("\n").slice(0, -1).join("\n"));
    assert.equal(tries.length, 4);
    assert.ok(tries.every((one) => one.capUsd === 0.2));
    assert.equal(Math.round(tries.reduce((sum, one) => sum + (one.usd ?? Number.NaN), 0) * 1e9), server.bill.nanoUsd);
  });

  it("ends in order at Ctrl-C, with what it has and the call in flight settled", async () => {
    let interrupt = () => {};
    const interruption = new Promise<void>((resolve) => {
      interrupt = () => setTimeout(resolve, 300);
    });
    const slow = (request: ProviderRequest, index: number) => {
      if (index < 6) return play(request);
      interrupt();
      return say("word ".repeat(400), { delayMs: 20, tokensPerChunk: 1 });
    };
    const common = await start(slow);
    const out = path.join(workspace(), "tries.jsonl");
    const args = ["--tasks", tasksFolder(), "--policies", "unrestricted", "--repeats", "3", "--out", out, ...common];
    const ended = await harness(args, { interruption });
    assert.equal(ended.code, 130, ended.stderr);
    const tries = triesIn(readFileSync(out, "utf8"));
    assert.deepEqual(
      tries.map((one) => [one.end, one.solved]),
      [
        ["done", true],
        ["done", false],
        ["interrupted", null],
      ],
    );
    assert.ok((tries[2]?.usd ?? 0) >= (server.bill.calls.at(-1)?.nanoUsd ?? 0) / 1e9);
    assert.ok((tries[2]?.usd ?? 0) > 0);
    assert.equal(cellsOf(ended.stdout, "unrestricted")[2], "2");
    assert.match(ended.stderr, /Interrupted\.\n4 tries not run/);
  });

  it("runs the demo project with the demo model, which repairs it", async () => {
    const demo = await startDemoServer({ delayMs: 0 });
    try {
      const dir = workspace({});
      const invoice = path.join(__TEST_ROOT__, "samples/invoice");
      writeTask(dir, "invoice", { files: {}, hidden: {}, prompt: "Fix the failing test", check: "node --test" });
      cpSync(invoice, path.join(dir, "invoice/files"), { recursive: true });
      cpSync(path.join(invoice, "test"), path.join(dir, "invoice/hidden/test"), { recursive: true });
      const policies = ["unrestricted", "fixed:2"];
      const args = ["--tasks", dir, "--policies", policies.join(), "--model", DEMO_MODEL_ID, "--base-url", demo.url, "--json"];
      const ended = await harness(args);
      assert.equal(ended.code, 0, ended.stderr);
      const tries = triesIn(ended.stdout.trim().split("\n").slice(0, -1).join("\n"));
      assert.deepEqual(
        tries.map((one) => [one.policy, one.end, one.solved]),
        [
          ["unrestricted", "done", true],
          ["fixed:2", "cut", false],
        ],
      );
      assert.ok((tries[0]?.usd ?? 0) > (tries[1]?.usd ?? Number.NaN));
    } finally {
      await demo.close();
    }
  });

  it("does not begin without a key where one is needed", async () => {
    const ended = await harness(["--model", "m", "--tasks", tasksFolder()], { env: { OPENAI_BASE_URL: "" } });
    assert.equal(ended.code, 2);
    assert.match(ended.stderr, /^eval: there is no key: set OPENAI_API_KEY/m);
  });

  it("does not begin with a check that cannot run, or cannot tell", async () => {
    const common = await start(play);
    const dir = tasksFolder();
    const broken = { files: { "a.txt": "a\n" }, hidden: { "b.txt": "b\n" }, prompt: "Do it." };
    writeTask(dir, "broken", { ...broken, check: "no-such-program-anywhere" });
    const cannot = await harness(["--tasks", dir, "--policies", "unrestricted", ...common]);
    assert.equal(cannot.code, 2);
    assert.match(cannot.stderr, /the check of broken cannot run \(exit code 127\)/);
    writeTask(dir, "broken", { ...broken, check: "exit 0" });
    const idle = await harness(["--tasks", dir, "--policies", "unrestricted", ...common]);
    assert.equal(idle.code, 2);
    assert.match(idle.stderr, /passes before anything is done/);
    assert.equal(server.requests.length, 0);
  });
});
