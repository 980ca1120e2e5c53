import assert from "node:assert/strict";
import type { RunSummary, SpendRow } from "../../src/core/history";
import { usd, ZERO_USD } from "../../src/core/money";
import { NO_USAGE } from "../../src/core/usage";
import { historyModel } from "../../src/present/history";

const NOW = new Date(2026, 10, 20, 15).getTime();

function summary(part: Partial<RunSummary> = {}): RunSummary {
  return {
    ...{
      runId: "r",
      source: "turnpike",
      task: "Fix it\nplease",
      project: { name: "invoices", path: "/p" },
      model: "gpt-5",
      policy: "dynamic",
    },
    ...{ outcome: { kind: "done", reason: "ok" }, turns: 17, limit: 34, usd: usd(0.26), estimatedCharges: 0, unknownCharges: 0 },
    ...{
      caps: { turns: null, usd: usd(0.5), tokens: null, minutes: null },
      usage: NO_USAGE,
      demo: false,
      startedAt: NOW,
      dated: true,
      endedAt: NOW,
    },
    ...part,
  };
}

function spend(part: Partial<SpendRow> = {}): SpendRow {
  return {
    ...{
      group: "2026-11-20",
      source: "turnpike",
      demo: false,
      runs: 4,
      done: 3,
      turns: 60,
      usd: usd(1.5),
      estimatedCharges: 0,
      unknownCharges: 0,
    },
    ...{ usage: { ...NO_USAGE, freshInput: 290, cacheRead: 710 } },
    ...part,
  };
}

const list = (runs: readonly RunSummary[], rows: readonly SpendRow[] = []) => {
  const { shown } = historyModel({ kind: "list", runs, spend: rows }, NOW, null);
  if (shown.kind !== "list") throw new Error("a list was asked for");
  return shown;
};

describe("history", () => {
  it("puts runs without a date last, and shows no time for them", () => {
    const runs = [summary({ runId: "a", dated: false, source: "recorded" }), summary({ runId: "b" })];
    assert.deepEqual(
      list(runs, []).rows.map(({ runId, day, when }) => [runId, day, when === ""]),
      [
        ["b", "Today", false],
        ["a", "Undated", true],
      ],
    );
  });

  it("lists a run in a line", () => {
    const [row] = list([summary()]).rows;
    assert.deepEqual(
      [row?.task, row?.turns, row?.cost.text, row?.cap, row?.day, row?.outcome.text],
      [...["Fix it", "17 / 34", "$0.26", "of $0.50", "Today", "done"]],
    );
    assert.equal(row?.share, 0.52);
  });

  it("marks what is running, estimated, unknown and played", () => {
    const rows = list([
      summary({ outcome: null }),
      summary({ estimatedCharges: 1 }),
      summary({ usd: ZERO_USD, unknownCharges: 3 }),
      summary({ demo: true }),
      summary({
        outcome: { kind: "stopped", reason: "dollars" },
        limit: null,
        caps: { turns: null, usd: null, tokens: null, minutes: null },
      }),
    ]).rows;
    assert.deepEqual(
      rows.map(({ cost }) => [cost.mark, cost.text]),
      [
        ["", "$0.26"],
        ["≈", "$0.26"],
        ["?", "?"],
        ["demo", "$0.26"],
        ["", "$0.26"],
      ],
    );
    assert.deepEqual(
      [rows[0]?.outcome.text, rows[4]?.outcome.text, rows[4]?.turns, rows[4]?.share],
      ["running", "stopped: dollar limit", "17", null],
    );
  });

  it("sums up real money, never play money with it, and cost per finished run beside how many finished", () => {
    const { summary: figures } = list(
      [],
      [spend(), spend({ usd: usd(0.5), done: 1 }), spend({ demo: true, runs: 2, usd: usd(0.07) })],
    );
    assert.deepEqual(
      figures.map(({ value, label }) => [value.text, value.mark, label]),
      [
        ["$2.00", "", "spent in all"],
        ["8", "", "runs · 50 % finished"],
        ["$0.50", "", "per finished run"],
        ["71 %", "", "of input from cache"],
        ["$0.0700", "demo", "play money, 2 runs"],
      ],
    );
  });

  it("says where an imported run comes from, and sums such runs up apart from our own", () => {
    const rows = list([summary(), summary({ source: "claude-code" }), summary({ source: "some/set", task: "" })]).rows;
    assert.deepEqual(
      rows.map(({ source }) => source),
      ["", "Claude Code", "some/set"],
    );
    const sums = list(
      [],
      [spend(), spend({ source: "codex", runs: 3, usd: usd(7) }), spend({ source: "claude-code", usd: usd(1) })],
    );
    assert.deepEqual(
      sums.summary.map(({ value, label }) => [value.text, label]),
      [
        ["$1.50", "spent in all"],
        ["4", "runs · 75 % finished"],
        ["$0.50", "per finished run"],
        ["71 %", "of input from cache"],
        ["$8.00", "imported, 7 runs"],
      ],
    );
  });

  it("is no surer of the cost per finished run than of what was spent", () => {
    const perFinished = (part: Partial<SpendRow>) => list([], [spend(part)]).summary.find(({ label }) => label.startsWith("per"));
    assert.equal(perFinished({})?.value.mark, "");
    assert.equal(perFinished({ estimatedCharges: 2 })?.value.mark, "≈");
    const least = perFinished({ unknownCharges: 1 })?.value;
    assert.deepEqual([least?.text, least?.mark], ["≥ $0.50", "?"]);
    assert.equal(perFinished({ usd: ZERO_USD, unknownCharges: 4 })?.value.text, "?");
  });

  it("says how many runs there are when it shows the newest of them", () => {
    assert.equal(list([summary()], [spend({ runs: 1 })]).cut, null);
    assert.equal(list([summary()], [spend({ runs: 800 }), spend({ runs: 12, demo: true })]).cut, "newest 1 of 812");
  });

  it("tells an end by a cap from one by the user", () => {
    const level = (outcome: RunSummary["outcome"]) => list([summary({ outcome })]).rows[0]?.outcome.level;
    assert.deepEqual(
      [
        level({ kind: "stopped", reason: "dollars" }),
        level({ kind: "stopped", reason: "user" }),
        level({ kind: "stopped", reason: "stuck" }),
        level({ kind: "failed", reason: "402" }),
        level({ kind: "failed", reason: "infeasible: there is no such file" }),
        level(null),
      ],
      ["stop", "ok", "warn", "warn", "ok", "ok"],
    );
  });
});
