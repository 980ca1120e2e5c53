import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { readRecordedRuns } from "../../../src/adapters/recordedFile";
import type { RecordedRun, TurnAction } from "../../../src/core/recordedRun";
import { curvePoint, replayAll } from "../../../src/core/replay/figures";
import { readLimitSpec, turnsOf } from "../../../src/core/replay/limitSpec";
import { replayRun } from "../../../src/core/replay/replay";
import type { PolicySettings } from "../../../src/core/runConfig";
import { recordedRun } from "../../support/recordedRuns";
import { dollars, priceRow } from "../../support/scriptedRun";

declare const __TEST_ROOT__: string;

const cadence = { kind: "every" } as const;
const fixed = (maxTurns: number): PolicySettings => ({ kind: "fixed", maxTurns, cadence });
const dynamic = (preset: "evidence" | "published", baseTurns: number, hardTurns: number): PolicySettings => ({
  ...{ kind: "dynamic", preset, baseTurns, hardTurns, onLimit: "land", cadence },
});
const under = (policy: PolicySettings) => ({ policy, cap: null });

const file = path.join(__TEST_ROOT__, "test/fixtures/recorded/mini_gemini3pro_swebench_verified.jsonl.gz");

interface RawRun {
  readonly n_turns: number;
  readonly resolved: boolean | null;
  readonly last_src_edit_turn: number | null;
  readonly turns: readonly { readonly cost_usd: number }[];
}

/** The figures from first principles, out of the raw lines. */
function independently(percent: number) {
  const raw = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const runs = raw.map((line): RawRun => JSON.parse(line));
  const sorted = runs.map((run) => run.n_turns).sort((a, b) => a - b);
  const at = ((sorted.length - 1) * percent) / 100;
  const [low = 0, high = 0] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  const limit = Math.ceil(low + (high - low) * (at % 1));
  const cost = (run: RawRun, most: number) => run.turns.slice(0, most).reduce((sum, turn) => sum + turn.cost_usd, 0);
  const whole = runs.reduce((sum, run) => sum + cost(run, run.n_turns), 0);
  const kept = runs.reduce((sum, run) => sum + cost(run, limit), 0);
  const cut = runs.filter((run) => run.n_turns > limit);
  const lost = cut.filter((run) => run.resolved === true);
  const late = lost.filter((run) => run.last_src_edit_turn === null || run.last_src_edit_turn > limit);
  return { limit, savedPct: (100 * (whole - kept)) / whole, cut: cut.length, lostStrict: lost.length, lostKept: late.length };
}

const run = (turns: number | readonly TurnAction[], change: Partial<RecordedRun> = {}) =>
  recordedRun(turns, { resolved: true, ...change });

/** Whole numbers below a bound, the same for the same seed (a multiplicative congruential sequence). */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const ACTIONS: readonly TurnAction[] = ["edit", "check", "command", "read", "search", "plan", "finish", "none", "other"];

function generatedRun(next: (below: number) => number): RecordedRun {
  const plain = run(Array.from({ length: 1 + next(100) }, () => ACTIONS[next(ACTIONS.length)] ?? "other"));
  const turns = plain.turns.map((turn) => ({ ...turn, failed: next(5) === 0, failures: next(3) === 0 ? next(6) : null }));
  const unpriced = next(10) === 0;
  return {
    ...plain,
    turns: unpriced ? turns.map((turn) => ({ ...turn, usd: null })) : turns,
    resolved: [true, false, null][next(3)] ?? null,
    lastEditTurn: next(4) === 0 ? null : 1 + next(turns.length),
  };
}

describe("replay", () => {
  for (const percent of [25, 50, 75, 90]) {
    it(`of a fixed limit at P${percent} gives the figures that the raw record gives`, async () => {
      const runs = await readRecordedRuns([file]);
      const { savedPct: expectedPct, ...expected } = independently(percent);
      const limit = turnsOf({ kind: "percentile", percent }, runs);
      const { savedPct, cut, lostStrict, lostKept } = replayAll(runs, under(fixed(limit)));
      assert.deepEqual({ limit, cut, lostStrict, lostKept }, expected);
      assert.ok(Math.abs((savedPct ?? 0) - expectedPct) < 0.001, `${savedPct} against ${expectedPct}`);
    });
  }

  it("of the published preset equals a fixed limit at its hard limit, exactly, for runs of any length", () => {
    const runs = Array.from({ length: 60 }, (_, index) => run(index + 1));
    for (const [base, hard] of [
      [1, 1],
      [1, 2],
      [5, 12],
      [12, 12],
      [30, 45],
    ] as const) {
      assert.deepEqual(
        { ...replayAll(runs, under(dynamic("published", base, hard))), extensions: 0 },
        { ...replayAll(runs, under(fixed(hard))), extensions: 0 },
      );
    }
  });

  it("keeps a run of as many turns as the limit, and cuts one that has one more", () => {
    for (const limit of [1, 2, 10]) {
      assert.equal(replayRun(run(limit), under(fixed(limit))).cut, null);
      const over = replayRun(run(limit + 1), under(fixed(limit)));
      assert.deepEqual([over.cut, over.turns], ["turns", limit]);
    }
    assert.equal(replayRun(run(5_000), under({ kind: "unrestricted", cadence })).cut, null);
  });

  it("on evidence extends a run that still edits and lands one that does not, with the reasons", () => {
    const idle = run([...Array<TurnAction>(3).fill("edit"), ...Array<TurnAction>(17).fill("command")]);
    const busy = run(Array<TurnAction>(20).fill("edit"));
    const settings = under(dynamic("evidence", 8, 16));
    const [first, second] = [replayRun(idle, settings), replayRun(busy, settings)];
    assert.deepEqual([first.turns, first.extensions.map(({ turn, to }) => [turn, to])], [10, [[7, 10]]]);
    assert.deepEqual(first.extensions[0]?.evidence.progress, ["edited in turn 3"]);
    assert.deepEqual([second.turns, second.extensions.length], [16, 4]);
  });

  it("never reads the verdict or hindsight to decide", async () => {
    const runs = await readRecordedRuns([file]);
    const blinded = runs.map((one) => ({ ...one, resolved: null, lastEditTurn: null }));
    for (const policy of [fixed(30), dynamic("evidence", 20, 60), dynamic("published", 20, 40)]) {
      const kept = (some: readonly RecordedRun[]) => some.map((one) => replayRun(one, under(policy)).turns);
      assert.deepEqual(kept(runs), kept(blinded));
    }
  });

  it("of the published preset equals a fixed limit at its hard limit for generated runs, whatever was done and known in them", () => {
    const next = generator(7);
    const runs = Array.from({ length: 400 }, () => generatedRun(next));
    for (let round = 0; round < 40; round += 1) {
      const [one, other] = [1 + next(90), 1 + next(90)];
      const [base, hard] = [Math.min(one, other), Math.max(one, other)];
      const { extensions, ...published } = replayAll(runs, under(dynamic("published", base, hard)));
      const { extensions: none, ...blind } = replayAll(runs, under(fixed(hard)));
      assert.deepEqual(published, blind, `${base} to ${hard}`);
      const extended = base === hard ? 0 : runs.filter(({ turns }) => turns.length > base).length;
      assert.deepEqual([extensions, none], [extended, 0]);
    }
  });

  it("on evidence keeps at least the base limit of each run, at most the hard one, and nothing beyond its end", () => {
    const next = generator(11);
    const runs = Array.from({ length: 300 }, () => generatedRun(next));
    for (let round = 0; round < 20; round += 1) {
      const base = 1 + next(60);
      const hard = base + next(40);
      for (const one of runs) {
        const { turns, cut, extensions } = replayRun(one, under(dynamic("evidence", base, hard)));
        assert.ok(turns >= Math.min(base, one.turns.length) && turns <= Math.min(hard, one.turns.length));
        assert.equal(cut === null, turns === one.turns.length);
        assert.ok(extensions.every(({ evidence, to }) => evidence.progress.length > 0 && to <= hard));
      }
    }
  });

  it("does without the verdict and hindsight until the figures are added up", () => {
    const forbidden = (name: string) => ({
      get: () => assert.fail(`a policy was shown ${name}`),
      enumerable: true,
    });
    const next = generator(13);
    const sealed = Array.from({ length: 50 }, () =>
      Object.defineProperties(generatedRun(next), {
        resolved: forbidden("the verdict"),
        lastEditTurn: forbidden("the last edit"),
      }),
    );
    for (const policy of [fixed(30), dynamic("evidence", 20, 60), dynamic("published", 20, 40)]) {
      for (const one of sealed) assert.ok(replayRun(one, under(policy)).turns >= 1);
    }
  });

  it("counts runs without a verdict for cost only, and runs without a cost for turns only", () => {
    const untold = run(20, { resolved: null });
    const unpriced = run(20);
    const figures = replayAll(
      [untold, { ...unpriced, turns: unpriced.turns.map((turn) => ({ ...turn, usd: null })) }],
      under(fixed(10)),
    );
    assert.deepEqual([figures.solved, figures.unverdicted, figures.cut, figures.lostStrict, figures.unpriced], [1, 1, 2, 1, 1]);
    // Turn n costs n: 55 of 210 are left.
    assert.equal(figures.savedPct, (100 * 155) / 210);
    assert.equal(replayAll([], under(fixed(1))).savedPct, null);
  });

  it("keeps a dollar cap with the live ledger's plan: what it pays never passes it", async () => {
    const runs = await readRecordedRuns([file]);
    const cap = { usd: dollars(0.3), price: priceRow(2, 0.2, 2, 12) };
    const replayed = runs.map((one) => replayRun(one, { policy: { kind: "unrestricted", cadence }, cap }));
    const cut = replayed.filter((one) => one.cut === "dollars");
    assert.ok(cut.length > 50 && cut.length < runs.length);
    for (const one of cut) assert.ok((one.usd ?? 0) <= cap.usd, `${one.usd}`);
  });

  it("gives one point of a curve per limit", () => {
    const runs = [run(10), run(20)];
    const curve = [5, 15, 25].map((limit) => curvePoint(runs, limit, fixed(limit)));
    assert.deepEqual(
      curve.map(({ limit, cut, turnsAfter }) => [limit, cut, turnsAfter]),
      [
        [5, 2, 10],
        [15, 1, 25],
        [25, 0, 30],
      ],
    );
  });
});

describe("a limit that is asked for", () => {
  it("is a percentile or a number of turns", () => {
    assert.deepEqual(readLimitSpec("p75"), { kind: "percentile", percent: 75 });
    assert.deepEqual(readLimitSpec("P97.5"), { kind: "percentile", percent: 97.5 });
    assert.deepEqual(readLimitSpec("40"), { kind: "turns", turns: 40 });
    for (const wrong of ["", "p0", "p100", "0", "-3", "1.5", "75%", "p"]) assert.equal(readLimitSpec(wrong), null, wrong);
  });

  it("is rounded up to a whole turn, after interpolating between the runs", () => {
    const runs = [10, 20, 30, 41].map((turns) => run(turns));
    assert.equal(turnsOf({ kind: "percentile", percent: 50 }, runs), 25);
    assert.equal(turnsOf({ kind: "percentile", percent: 75 }, runs), 33);
    assert.equal(
      turnsOf(
        { kind: "percentile", percent: 10 },
        [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110].map((turns) => run(turns)),
      ),
      20,
    );
  });
});
