import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cli, workspace } from "../support/cli";

declare const __TEST_ROOT__: string;

const FIXTURES = path.join(__TEST_ROOT__, "test/fixtures/import");

describe("turnpike import", () => {
  const home = () => {
    const folder = workspace();
    mkdirSync(path.join(folder, ".claude"));
    cpSync(path.join(FIXTURES, "claude/projects"), path.join(folder, ".claude/projects"), { recursive: true });
    cpSync(path.join(FIXTURES, "codex"), path.join(folder, ".codex"), { recursive: true });
    return folder;
  };
  const storeFile = () => path.join(workspace(), "turnpike.db");

  it("reads where Claude Code and Codex keep their histories, and shows them in the history", async () => {
    const env = { HOME: home(), USERPROFILE: home() };
    const store = storeFile();
    const first = await cli(["import", "--store", store, "--json"], { env });
    assert.deepEqual([first.code, first.stderr], [0, ""]);
    const report = JSON.parse(first.stdout);
    assert.deepEqual([report.added, report.files, report.unknownKinds], [2, 2, { "shiny-new-kind": 1, brand_new_item: 1 }]);
    assert.deepEqual(
      report.spend.map((row: { source: string; runs: number }) => [row.source, row.runs]),
      [
        ["claude-code", 1],
        ["codex", 1],
      ],
    );
    const again = JSON.parse((await cli(["import", "--store", store, "--json"], { env })).stdout);
    assert.deepEqual([again.added, again.replaced, again.skippedFiles, again.spend], [0, 0, 2, report.spend]);
    const history = (await cli(["history", "--store", store, "--json"])).stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      history.map((run) => [run.source, run.turns, run.policy]),
      [
        ["codex", 3, null],
        ["claude-code", 5, null],
      ],
    );
    const spent = history.reduce((sum, run) => sum + run.usd, 0);
    const told = report.spend.reduce((sum: number, row: { usd: number }) => sum + row.usd, 0);
    assert.ok(spent > 0 && Math.abs(spent - told) < 1e-9);
  });

  it("speaks to people: what was found, what came of it, what was passed over", async () => {
    const { stdout, code } = await cli(["import", "claude-code", "--store", storeFile()], { env: { HOME: home() } });
    assert.equal(code, 0);
    assert.match(stdout, /projects: 1 file, \d/);
    assert.match(stdout, /^1 run added, 0 replaced, 0 unchanged, of 1 file\.$/m);
    assert.match(stdout, /^1 line of unknown kinds passed over: shiny-new-kind 1$/m);
    assert.match(stdout, /^in the history now: 1 run of Claude Code, 5 turns, \$0\.0\d+$/m);
    assert.doesNotMatch(stdout, /Codex/);
  });

  it("sends nothing of what stands in the files to a terminal as commands", async () => {
    const folder = workspace();
    const turns = [{ prompt_tokens: 10, completion_tokens: 1, cost_usd: 0.01 }];
    const run = { source: "set\u001b[2J", model: "m\u0007", task_id: "t\u001b]0;x", n_turns: 1, turns };
    writeFileSync(path.join(folder, "set.jsonl"), `${JSON.stringify(run)}\n`);
    const store = storeFile();
    const imported = await cli(["import", "recorded", folder, "--store", store]);
    const history = await cli(["history", "--store", store]);
    assert.match(imported.stdout, /in the history now: 1 run of set/);
    assert.match(history.stdout, /undated +set/);
    assert.doesNotMatch((imported.stdout + history.stdout).replaceAll("\n", ""), /\p{Cc}/u);
  });

  it("reads a folder that is named, by the look of its files", async () => {
    const { stdout } = await cli(["import", FIXTURES, "--store", storeFile(), "--json"]);
    const { added, broken } = JSON.parse(stdout);
    assert.deepEqual([added, broken], [7, []]);
  });

  it("says what to do when there is nothing to read", async () => {
    const env = { HOME: workspace() };
    const store = ["--store", storeFile()];
    const nothing = await cli(["import", ...store], { env });
    assert.deepEqual([nothing.code, nothing.stdout], [1, ""]);
    assert.match(nothing.stderr, /no history of Claude Code or Codex .*name its folder: turnpike import AGENT PATH/);
    const mini = await cli(["import", "mini-swe-agent", ...store], { env });
    assert.match(mini.stderr, /no history of mini-swe-agent/);
    const typo = await cli(["import", "claude", ...store], { env });
    assert.equal(typo.code, 2);
    assert.match(typo.stderr, /nothing at claude; name a folder or file, after one of claude-code, codex/);
  });
});
