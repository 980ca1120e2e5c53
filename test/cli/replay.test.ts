import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parsePriceFlag } from "../../src/adapters/priceFlag";
import { readArgs } from "../../src/cli/args";
import { UsageError } from "../../src/cli/flags";
import { replayCommand } from "../../src/cli/replayCommand";

const folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-replay-"));

interface Line {
  readonly model?: string;
  readonly resolved?: boolean | null;
  /** Each turn costs as many dollars as its number; `null` = nobody knows. */
  readonly costs?: null;
  readonly lastEdit?: number;
}

/** A file of runs of so many turns. */
function file(name: string, runs: readonly (readonly [turns: number, line?: Line])[]): string {
  const lines = runs.map(([n, { model = "m", resolved = true, costs, lastEdit } = {}], index) =>
    JSON.stringify({
      ...{ source: "s", model, task_id: `t${index}`, resolved, n_turns: n, last_src_edit_turn: lastEdit ?? null },
      turns: Array.from({ length: n }, (_, turn) => ({ tool: "bash", cost_usd: costs === null ? null : turn + 1 })),
    }),
  );
  const full = path.join(folder, name);
  writeFileSync(full, lines.join("\n"));
  return full;
}

async function replay(...flags: readonly string[]): Promise<readonly string[]> {
  const args = readArgs(["replay", ...flags], parsePriceFlag);
  assert.equal(args.command, "replay");
  const lines: string[] = [];
  if (args.command === "replay") assert.equal(await replayCommand(args, (line) => lines.push(line)), 0);
  return lines;
}

const json = async (...flags: readonly string[]) => JSON.parse((await replay(...flags, "--json")).join("\n"));

const ten = file(
  "ten.jsonl",
  Array.from({ length: 10 }, (_, index) => [index + 1, { lastEdit: 2, resolved: index % 2 === 0 }] as const),
);

describe("turnpike replay", () => {
  it("gives cost saved, runs cut and solved runs lost of a fixed limit, with what they were worked out from", async () => {
    const figures = await json("--data", ten, "--policy", "fixed", "--limit", "p50");
    // Runs of 1 to 10 turns: P50 is 5.5, so 6. Of the 220 dollars, the runs of 7 to 10 turns keep 21 each.
    const whole = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55].reduce((sum, cost) => sum + cost, 0);
    const after = 1 + 3 + 6 + 10 + 15 + 5 * 21;
    assert.deepEqual(figures, {
      ...{ runs: 10, solved: 5, costUsd: whole, savedPct: (100 * (whole - after)) / whole, cut: 4, lostStrict: 2, lostKept: 0 },
      ...{ costAfterUsd: after, savedUsd: whole - after, meanTurns: 5.5, meanTurnsAfter: 4.5, extensions: 0 },
      ...{ unverdicted: 0, unpricedRuns: 0, costPerSolved: { before: whole / 5, strict: after / 3, kept: after / 5 } },
      ...{ policy: "fixed", maxUsd: null, calibratedOnData: true, limit: 6, calibratedOn: 10 },
    });
  });

  it("takes percentiles from other runs when it is told to", async () => {
    const long = file("long.jsonl", [[30], [40], [50]]);
    const flags = ["--data", ten, ten, "--policy", "fixed", "--limit", "p50", "--calibrate-on", long];
    const { runs, limit, calibratedOn, calibratedOnData, cut } = await json(...flags);
    assert.deepEqual([runs, limit, calibratedOn, calibratedOnData, cut], [20, 40, 3, false, 0]);
  });

  it("gives the dynamic policy the limits of its preset unless it is told others", async () => {
    const hundred = file(
      "hundred.jsonl",
      Array.from({ length: 101 }, (_, index) => [index + 100] as const),
    );
    const limits = async (...flags: readonly string[]) => {
      const { base, hard } = await json("--data", hundred, "--policy", "dynamic", ...flags);
      return [base, hard];
    };
    assert.deepEqual(await limits(), [150, 190]);
    assert.deepEqual(await limits("--preset", "published"), [150, 175]);
    assert.deepEqual(await limits("--base", "20", "--hard", "p99.5"), [20, 200]);
  });

  it("replays each model under its own percentiles when it is told to", async () => {
    const mixed = file("mixed.jsonl", [
      ...[10, 20, 30].map((n) => [n, { model: "short" }] as const),
      ...[100, 200, 300].map((n) => [n, { model: "long" }] as const),
    ]);
    const flags = ["--data", mixed, "--policy", "fixed", "--limit", "p50"];
    const { cut, models } = await json(...flags, "--by-model");
    assert.equal(cut, 2);
    assert.deepEqual(
      models.map(({ model, limit, runs, cut }: { [name: string]: unknown }) => [model, limit, runs, cut]),
      [
        ["long", 200, 3, 1],
        ["short", 20, 3, 1],
      ],
    );
    assert.equal((await json(...flags)).cut, 3);
    await assert.rejects(json(...flags, "--by-model", "--calibrate-on", ten), /--calibrate-on holds no run of long/);
  });

  it("does not take an unknown cost for none, nor a run without a verdict for one that failed", async () => {
    const untold = file("untold.jsonl", [
      [10, { costs: null, resolved: null }],
      [20, { costs: null }],
    ]);
    const flags = ["--data", untold, "--policy", "fixed", "--limit", "5"];
    const { costUsd, costAfterUsd, savedUsd, savedPct, unpricedRuns, unverdicted, cut, lostStrict } = await json(...flags);
    assert.deepEqual([costUsd, costAfterUsd, savedUsd, savedPct], [null, null, null, null]);
    assert.deepEqual([unpricedRuns, unverdicted, cut, lostStrict], [2, 1, 2, 1]);
    const text = await replay(...flags);
    assert.ok(text.includes("cost       not known"), text.join("\n"));
    assert.ok(text.includes("lost       1 (100.0 points) if unfinished counts as failed"), text.join("\n"));
  });

  it("does not tell of none lost where no run has a verdict", async () => {
    const unjudged = file("unjudged.jsonl", [[10, { resolved: null }]]);
    const text = await replay("--data", unjudged, "--policy", "fixed", "--limit", "5");
    assert.deepEqual(
      text.filter((line) => /^(?:runs|lost| )/.test(line)),
      ["runs       1, none with a verdict", "lost       not known: no run has a verdict"],
    );
  });

  it("speaks to people without --json", async () => {
    assert.deepEqual((await replay("--data", ten, "--policy", "fixed", "--limit", "p50")).slice(0, -1), [
      "policy     fixed, limit 6, by 10 runs",
      "runs       10, of them 5 solved",
      "cost       $220.00 → $140.00, 36.4 % saved",
      "cut        4 runs",
      "lost       2 (20.0 points) if unfinished counts as failed",
      "           0 (0.0 points) with the working tree kept",
    ]);
  });

  it("keeps a dollar cap at a price it is told, and says of how many runs the record does not tell enough for that", async () => {
    const turn = { tool: "bash", prompt_tokens: 100_000, cached_tokens: 0, completion_tokens: 1_000, cost_usd: 0.11 };
    const told = path.join(folder, "told.jsonl");
    writeFileSync(told, JSON.stringify({ source: "s", model: "m", task_id: "t", resolved: true, turns: Array(20).fill(turn) }));
    const flags = ["--policy", "unrestricted", "--max-usd", "1", "--price", "in=1,out=10"];
    const { maxUsd, cut, uncheckedRuns, costAfterUsd } = await json("--data", told, ten, ...flags);
    assert.deepEqual([maxUsd, cut, uncheckedRuns], [1, 1, 10]);
    // The ten runs without prompts cost 220 dollars; what is left is the run that was cut.
    assert.ok(costAfterUsd > 220.5 && costAfterUsd <= 221, `${costAfterUsd}`);
    const text = await replay("--data", told, ten, ...flags);
    assert.ok(text.includes("cap        $1.00; 10 runs replayed without it, whose record does not tell enough"), text.join("\n"));
  });

  it("tells of wrong use in words that say what to do", async () => {
    const data = ["--data", ten];
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [["--policy", "fixed"], /--data is missing/],
      [["--data", "--policy", "fixed"], /--data names no file/],
      [data, /--policy is missing: fixed, dynamic or unrestricted/],
      [[...data, "--policy", "wild"], /--policy is one of fixed, dynamic, unrestricted/],
      [[...data, "--policy", "fixed", "--limit", "p100"], /--limit is a percentile such as p75/],
      [[...data, "--policy", "fixed", "--limit", "0"], /--limit is a percentile/],
      [[...data, "--policy", "fixed", "--base", "p50"], /--base does not belong to --policy fixed/],
      [[...data, "--policy", "unrestricted", "--limit", "9"], /--limit does not belong to --policy unrestricted/],
      [[...data, "--policy", "dynamic", "--base", "9", "--hard", "5"], /--base \(9 turns\) is above --hard \(5 turns\)/],
      [[...data, "--policy", "dynamic", "--preset", "new"], /--preset is one of/],
      [[...data, "--policy", "fixed", "--max-usd", "1"], /--max-usd needs --price/],
      [[...data, "--policy", "fixed", "--price", "in=1,out=1"], /--price serves --max-usd/],
      [[...data, "--policy", "fixed", "--frobnicate"], /frobnicate/],
    ];
    for (const [flags, message] of wrong) {
      await assert.rejects(
        replay(...flags),
        (error) => error instanceof UsageError && message.test(error.message),
        String(message),
      );
    }
    await assert.rejects(replay("--data", path.join(folder, "none.jsonl"), "--policy", "fixed"), /cannot read .*none\.jsonl/);
  });
});
