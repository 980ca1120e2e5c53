import assert from "node:assert/strict";
import path from "node:path";
import { readRecordedRuns } from "../../../src/adapters/recordedFile";
import { featureRows, lastFeatureRow } from "../../../src/core/forecast/features";
import { fitForecaster } from "../../../src/core/forecast/fitForecaster";
import { fitHazards, type Stratum } from "../../../src/core/forecast/hazards";
import { type ForecastScore, pinball, scoreForecaster } from "../../../src/core/forecast/score";
import { quantileOf, shareWithin, survivalCurve } from "../../../src/core/forecast/survivalCurve";
import { nano } from "../../../src/core/money";
import type { RecordedRun, RecordedTurn } from "../../../src/core/recordedRun";

declare const __TEST_ROOT__: string;

const FILES = ["mini_gemini3pro_swebench_verified", "trae_isobench_perf_exactusage"];
const recorded = (name: string) => readRecordedRuns([path.join(__TEST_ROOT__, `test/fixtures/recorded/${name}.jsonl.gz`)]);

/** Two halves of the tasks, by a hash of their names and a salt. */
function halves(runs: readonly RecordedRun[], salt: number): readonly [readonly RecordedRun[], readonly RecordedRun[]] {
  const side = ({ task }: RecordedRun) => {
    let hash = salt;
    for (const char of task) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
    return (hash >>> 7) % 2;
  };
  return [runs.filter((run) => side(run) === 0), runs.filter((run) => side(run) === 1)];
}

function turn(change: Partial<RecordedTurn> = {}): RecordedTurn {
  return {
    ...{
      input: 1_000,
      cacheRead: 0,
      output: 50,
      usd: nano(1_000_000),
      action: "read",
      failed: false,
      result: 10,
      failures: null,
    },
    ...change,
  };
}

function run(
  length: number,
  change: Partial<RecordedRun> & { readonly turn?: (index: number) => Partial<RecordedTurn> } = {},
): RecordedRun {
  const { turn: each = () => ({}), ...rest } = change;
  return {
    ...{ id: `r${length}`, source: "s", model: "m", task: `t${length}`, project: null, resolved: null, ended: true },
    ...{ lastEditTurn: null, startedAt: null },
    turns: Array.from({ length }, (_, index) => turn(each(index))),
    ...rest,
  };
}

const remainders = (...left: (number | readonly [number, "cut"])[]) =>
  left.map((one) =>
    typeof one === "number"
      ? { left: one, isKnown: true, ratio: 1, weight: 1 }
      : { left: one[0], isKnown: false, ratio: 1, weight: 1 },
  );

describe("the forecast", () => {
  for (const name of FILES) {
    it(`beats conditional survival on ${name}, fitted on one half of the tasks and scored on the other`, async () => {
      const runs = (await recorded(name)).map((one) => ({ ...one, ended: true }));
      const scores: ForecastScore[] = [];
      for (const salt of [1, 2, 3]) {
        const [a, b] = halves(runs, salt);
        for (const [fit, score] of [
          [a, b],
          [b, a],
        ] as const) {
          const forecaster = fitForecaster(fit);
          assert.ok(forecaster);
          scores.push(scoreForecaster(forecaster, fit, score));
        }
      }
      const mean = (pick: (score: ForecastScore) => number | null | undefined) =>
        scores.reduce((sum, score) => sum + (pick(score) ?? Number.NaN), 0) / scores.length;
      for (const unit of ["turns", "usd"] as const) {
        for (const share of ["p50", "p90"] as const) {
          const ratio =
            mean((one) => one.forecast[unit]?.pinball[share]) / mean((one) => one.conditionalSurvival[unit]?.pinball[share]);
          assert.ok(ratio < 1, `${unit} ${share}: ${ratio}`);
        }
        const coverage = mean((one) => one.forecast[unit]?.coverage);
        assert.ok(coverage > 0.75 && coverage < 0.85, `${unit}: ${coverage}`);
      }
      const brier = (pick: "forecast" | "hazardByTurn") => mean((one) => one.brier[1]?.[pick]);
      assert.ok(brier("forecast") < brier("hazardByTurn"));
    });
  }

  it("rests on what has happened so far alone, and neither on verdict nor hindsight", async () => {
    const runs = await recorded(FILES[0] ?? "");
    const blind = runs.map((one) => ({ ...one, resolved: null, lastEditTurn: null }));
    const [seeing, blinded] = [fitForecaster(runs), fitForecaster(blind)];
    const soFar = { model: runs[0]?.model ?? "", turns: (runs[0]?.turns ?? []).slice(0, 12) };
    const strip = (forecaster: typeof seeing) => JSON.stringify(forecaster?.forecast(soFar));
    assert.equal(strip(seeing), strip(blinded));
    for (const one of runs.slice(0, 5)) {
      const rows = featureRows(one.turns);
      for (const taken of [1, 5, 12]) {
        assert.deepEqual(featureRows(one.turns.slice(0, taken)), rows.slice(0, taken));
        assert.deepEqual(lastFeatureRow(one.turns.slice(0, taken)), rows[taken - 1]);
      }
    }
  });

  it("says nothing of fewer than eight runs, and is sane beyond the longest", () => {
    assert.equal(fitForecaster([10, 11, 12].map((length) => run(length))), null);
    const forecaster = fitForecaster(Array.from({ length: 20 }, (_, index) => run(10 + index)));
    const far = forecaster?.forecast({ model: "m", turns: run(200).turns });
    assert.ok(far && far.turnsLeft.p10 >= 1 && far.turnsLeft.p90 >= far.turnsLeft.p50 && Number.isFinite(far.turnsLeft.p90));
    assert.equal(far.n >= 8, true);
  });

  it("is conditional survival where features tell nothing: the share of runs that ended in time", () => {
    const forecaster = fitForecaster(Array.from({ length: 40 }, (_, index) => run(index + 1)));
    const made = forecaster?.forecast({ model: "m", turns: run(10).turns });
    // 30 runs went on past turn 10; after 15 more turns half of them have ended.
    assert.ok(Math.abs((made?.within(15) ?? 0) - 0.5) < 0.02, `${made?.within(15)}`);
    assert.equal(made?.within(30), 1);
    assert.equal(made?.within(0), 0);
    assert.ok(Math.abs((made?.turnsLeft.p50 ?? 0) - 15) <= 1);
    // Each turn costs a thousandth of a dollar.
    assert.ok(Math.abs((made?.usdLeft?.p50 ?? 0) - 15_000_000) <= 1_000_000);
  });

  it("expects a run that has begun to check its edits to end sooner, when past runs did", () => {
    const early = Array.from({ length: 40 }, (_, index) =>
      run(20 + (index % 5), { turn: (at) => ({ action: at < 10 ? "read" : "check" }) }),
    );
    const late = Array.from({ length: 40 }, (_, index) =>
      run(40 + (index % 5), { turn: (at) => ({ action: at < 30 ? "read" : "check" }) }),
    );
    const forecaster = fitForecaster([...early, ...late]);
    const at = (one: RecordedRun | undefined) => forecaster?.forecast({ model: "m", turns: one?.turns.slice(0, 15) ?? [] });
    assert.ok((at(early[0])?.turnsLeft.p50 ?? 99) < 10, `${at(early[0])?.turnsLeft.p50}`);
    assert.ok((at(late[0])?.turnsLeft.p50 ?? 0) > 20, `${at(late[0])?.turnsLeft.p50}`);
    assert.ok((at(early[0])?.within(10) ?? 0) > (at(late[0])?.within(10) ?? 1));
  });

  it("takes a run that was cut for one that would have gone on", () => {
    const ended = Array.from({ length: 20 }, () => run(10));
    const cut = Array.from({ length: 20 }, () => run(10, { ended: false }));
    const within = (runs: readonly RecordedRun[]) =>
      fitForecaster(runs)
        ?.forecast({ model: "m", turns: run(5).turns })
        ?.within(5);
    assert.equal(within(ended), 1);
    assert.ok(Math.abs((within([...ended, ...cut]) ?? 0) - 0.5) < 0.05);
  });

  it("says nothing where all runs were cut: their ends are not known", () => {
    assert.equal(fitForecaster(Array.from({ length: 30 }, () => run(60, { ended: false }))), null);
  });

  it("does not take the end of cut runs for the end of the work", () => {
    const ended = Array.from({ length: 20 }, (_, index) => run(6 + (index % 5)));
    const cut = Array.from({ length: 20 }, () => run(60, { ended: false }));
    const made = fitForecaster([...ended, ...cut])?.forecast({ model: "m", turns: run(5).turns });
    assert.ok((made?.turnsLeft.p90 ?? 0) > 55, `${made?.turnsLeft.p90}`);
    // Past turn 10 only runs that were cut are left: the last point with enough ends serves, and none says it ends at once.
    const later = fitForecaster([...ended, ...cut])?.forecast({ model: "m", turns: run(30).turns });
    assert.ok((later?.turnsLeft.p90 ?? 0) > 30, `${later?.turnsLeft.p90}`);
  });

  it("tells turns and dollars before the start, by runs of the same model where there are enough", () => {
    const priced = (model: string, usdPerTurn: number, length: number) =>
      run(length, { model, turn: (at) => ({ usd: nano(usdPerTurn * (10 + (at % 3))) }) });
    const cheap = Array.from({ length: 20 }, (_, index) => priced("cheap", 1_000, 10 + (index % 5)));
    const dear = Array.from({ length: 20 }, (_, index) => priced("dear", 1_000_000, 30 + (index % 5)));
    const forecaster = fitForecaster([...cheap, ...dear]);
    const start = (model: string) => forecaster?.forecast({ model, turns: [] });
    assert.ok(Math.abs((start("cheap")?.turnsLeft.p50 ?? 0) - 12) <= 1);
    assert.ok(Math.abs((start("dear")?.turnsLeft.p50 ?? 0) - 32) <= 1);
    assert.ok((start("cheap")?.usdLeft?.p90 ?? 1e9) < 200_000, `${start("cheap")?.usdLeft?.p90}`);
    assert.ok((start("dear")?.usdLeft?.p50 ?? 0) > 300_000_000, `${start("dear")?.usdLeft?.p50}`);
    assert.equal(start("dear")?.n, 20);
    assert.equal(start("another")?.n, 40);
  });

  it("rests on runs of the same model foremost, and on the others where there are few", () => {
    const own = Array.from({ length: 60 }, (_, index) => run(20 + (index % 5), { model: "own" }));
    const others = Array.from({ length: 60 }, (_, index) => run(50 + (index % 5), { model: "other" }));
    const p90 = (model: string, runs: readonly RecordedRun[]) =>
      fitForecaster(runs)?.forecast({ model, turns: run(10).turns })?.turnsLeft.p90 ?? Number.NaN;
    assert.ok(p90("own", [...own, ...others]) < p90("new", [...own, ...others]));
    assert.ok(p90("own", [...own, ...others]) < p90("own", [...own.slice(0, 2), ...others]));
  });

  it("measures no run by a pace of nothing: turns that were free at first do not make dear what follows", () => {
    const price = (factor: number) => (at: number) => ({ usd: nano(factor * 1_000 * (1 + (at % 4))) });
    const paid = Array.from({ length: 40 }, (_, index) => run(20 + (index % 9), { turn: price(10 ** (index % 5)) }));
    const lateBill = Array.from({ length: 10 }, (_, index) =>
      run(20 + index, { turn: (at) => ({ usd: nano(at < 18 ? 0 : 1_000_000_000) }) }),
    );
    const soFar = { model: "m", turns: run(10, { turn: price(1_000) }).turns };
    const made = fitForecaster([...paid, ...lateBill])?.forecast(soFar);
    // A turn of it costs some 0.0025 dollars, and none has more than twenty to come.
    assert.ok((made?.usdLeft?.p90 ?? 1e18) < 200_000_000, `${made?.usdLeft?.p90}`);
  });

  it("stays finite on runs that tell nothing apart, that are free, and that cost as much as any may", () => {
    const sets: readonly (readonly RecordedRun[])[] = [
      Array.from({ length: 8 }, () => run(1)),
      Array.from({ length: 12 }, () => run(7)),
      Array.from({ length: 12 }, (_, index) => run(5 + index, { turn: () => ({ usd: nano(0) }) })),
      Array.from({ length: 12 }, (_, index) => run(5 + index, { turn: () => ({ usd: nano(10_000_000_000_000) }) })),
      Array.from({ length: 12 }, (_, index) => run(5 + index, { turn: () => ({ input: 0, output: 0, result: 0, failures: 0 }) })),
    ];
    const costs = [0, 1, 10_000_000_000_000].map((amount) => nano(amount));
    for (const runs of sets) {
      const forecaster = fitForecaster(runs);
      assert.ok(forecaster);
      for (const amount of costs) {
        for (const taken of [0, 1, 6, 40]) {
          const made = forecaster.forecast({ model: "m", turns: run(taken, { turn: () => ({ usd: amount }) }).turns });
          const { p10, p50, p90 } = made?.turnsLeft ?? { p10: Number.NaN, p50: Number.NaN, p90: Number.NaN };
          assert.ok(p10 >= 1 && p50 >= p10 && p90 >= p50 && Number.isFinite(p90));
          const usdLeft = made?.usdLeft;
          if (usdLeft) assert.ok(usdLeft.p10 >= 0 && usdLeft.p50 >= usdLeft.p10 && usdLeft.p90 >= usdLeft.p50);
          for (const more of [1, 10, 100]) assert.ok((made?.within(more) ?? -1) >= 0 && (made?.within(more) ?? 2) <= 1);
        }
      }
    }
  });

  it("is the same whenever it is fitted, and in whatever order", async () => {
    const runs = (await recorded(FILES[1] ?? "")).slice(0, 60);
    const soFar = { model: runs[0]?.model ?? "", turns: (runs[0]?.turns ?? []).slice(0, 9) };
    const made = (of: readonly RecordedRun[]) => fitForecaster(of)?.forecast(soFar);
    assert.equal(JSON.stringify(made(runs)), JSON.stringify(made(runs)));
    const [there, back] = [made(runs), made([...runs].reverse())];
    assert.ok(there && back && Math.abs(there.turnsLeft.p50 - back.turnsLeft.p50) < 1e-6);
    assert.ok(Math.abs((there.usdLeft?.p90 ?? 0) - (back.usdLeft?.p90 ?? 1e9)) <= 10);
  });

  it("knows no cost where no record tells it, and forecasts turns all the same", () => {
    const untold = Array.from({ length: 20 }, (_, index) =>
      run(10 + index, { turn: () => ({ usd: null, input: null, output: null, result: null }) }),
    );
    const made = fitForecaster(untold)?.forecast({ model: "m", turns: untold[5]?.turns.slice(0, 8) ?? [] });
    assert.equal(made?.usdLeft, null);
    assert.ok((made?.turnsLeft.p50 ?? 0) > 1);
  });
});

describe("proportional hazards", () => {
  it("find the hazard ratio that made the data, and give no weight to noise", () => {
    // Exponential times by inversion of evenly spread shares; the first feature triples the hazard.
    const n = 2_000;
    const rows = Array.from({ length: n }, (_, index) => {
      const high = index % 2;
      const noise = Math.sin(index * 12.9898) > 0 ? 1 : -1;
      const share = (((index * 7_919) % n) + 0.5) / n;
      return { left: -Math.log(share) / 3 ** high, features: [high, noise] };
    }).sort((a, b) => b.left - a.left);
    const stratum: Stratum = {
      left: Float64Array.from(rows, (row) => row.left),
      isKnown: new Uint8Array(n).fill(1),
      features: Float64Array.from(rows.flatMap((row) => row.features)),
    };
    const [found = 0, noise = 0] = fitHazards([stratum], 2, 1);
    assert.ok(Math.abs(found - Math.log(3)) < 0.08, `${found}`);
    assert.ok(Math.abs(noise) < 0.06, `${noise}`);
    const [shrunk = 0] = fitHazards([stratum], 2, 10_000);
    assert.ok(Math.abs(shrunk) < Math.abs(found) / 4);
  });
});

describe("a survival curve", () => {
  it("is the product-limit estimate for runs of ratio 1, worked out by hand", () => {
    const curve = survivalCurve(remainders(6, 6, 6, [6, "cut"], 7, [9, "cut"], 10, [10, "cut"], [11, "cut"]));
    const survival = (amount: number) => 1 - shareWithin(curve, 1, amount);
    for (const [amount, expected] of [
      [5, 1],
      [6, 6 / 9],
      [7, (6 / 9) * (4 / 5)],
      [9, (6 / 9) * (4 / 5)],
      [10, (6 / 9) * (4 / 5) * (2 / 3)],
    ] as const)
      assert.ok(Math.abs(survival(amount) - expected) < 1e-9, `${amount}`);
  });

  it("raised to the ratio is that of another hazard, and ten runs' worth of it stays as it is", () => {
    const curve = survivalCurve(remainders(1, 2, 3, 4));
    const survival = (4 * 0.5 ** 2 + 10 * 0.5) / 14;
    assert.ok(Math.abs(shareWithin(curve, 2, 2) - (1 - survival)) < 1e-9);
    assert.ok(quantileOf(curve, 2, 0.5) < quantileOf(curve, 1, 0.5));
    assert.equal(shareWithin(curve, 0.1, 4), 1);
  });

  it("goes on past the furthest that was cut, but not without end", () => {
    const near = survivalCurve(remainders(1, 2, 3, 4, [5, "cut"], [5, "cut"], [5, "cut"], [5, "cut"]));
    // Half were cut at 5 and had not ended: nine in ten end somewhere after that.
    assert.ok(quantileOf(near, 1, 0.9) > 5 && quantileOf(near, 1, 0.9) <= 10, `${quantileOf(near, 1, 0.9)}`);
    const far = survivalCurve(remainders(1, 2, 3, 4, [60, "cut"], [60, "cut"], [60, "cut"], [60, "cut"]));
    assert.ok(quantileOf(far, 1, 0.9) > 60 && quantileOf(far, 1, 0.9) <= 120, `${quantileOf(far, 1, 0.9)}`);
    const allCut = survivalCurve(remainders([60, "cut"], [60, "cut"]));
    assert.ok(quantileOf(allCut, 1, 0.5) >= 60);
    assert.equal(shareWithin(allCut, 1, 59), 0);
  });

  it("is the same in whatever order the runs are given, though several end at once with other ratios", () => {
    const some = [1, 2, 2, 2, 3, 3].map((left, index) => ({
      left,
      isKnown: index !== 4,
      ratio: [0.2, 3, 1, 0.5, 2, 1][index] ?? 1,
      weight: 1,
    }));
    const [there, back] = [survivalCurve(some), survivalCurve([...some].reverse())];
    assert.deepEqual(there, back);
  });

  it("takes a run of weight two for two runs, in its plain part", () => {
    const [one, two, three] = remainders(2, 4, 6);
    assert.ok(one && two && three);
    const weighted = survivalCurve([one, { ...two, weight: 2 }, three]);
    const doubled = survivalCurve([one, two, two, three]);
    for (const amount of [2, 4, 6])
      assert.ok(Math.abs(shareWithin(weighted, 1, amount) - shareWithin(doubled, 1, amount)) < 1e-9, `${amount}`);
  });

  it("has quantiles that rise with the share and fall with the ratio", () => {
    const curve = survivalCurve(remainders(1, 1, 2, 3, 5, 8, [8, "cut"], 13, [21, "cut"], 34));
    const shares = [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99];
    for (const ratio of [1e-3, 0.3, 1, 3, 1e3]) {
      const found = shares.map((share) => quantileOf(curve, ratio, share));
      assert.deepEqual(
        [...found].sort((a, b) => a - b),
        found,
      );
      for (const share of shares) assert.ok(quantileOf(curve, ratio * 1.5, share) <= quantileOf(curve, ratio, share) + 1e-9);
    }
  });
});

describe("the score of a forecast", () => {
  it("weighs a quantile that was too low against one that was too high", () => {
    assert.deepEqual(
      [pinball(10, 14, 0.9), pinball(10, 4, 0.9), pinball(10, 10, 0.5)].map((loss) => Number(loss.toFixed(9))),
      [3.6, 0.6, 0],
    );
  });

  it("has baselines that can be worked out by hand", () => {
    const fit = [6, 8, 10, 12, 14, 16, 18, 20].map((length) => run(length));
    const forecaster = fitForecaster(fit);
    assert.ok(forecaster);
    const score = scoreForecaster(forecaster, fit, [run(9)]);
    // One point: turn 5 of 9, 4 left. Those that went on past 5 had 1, 3 … 15 left: P50 is 8; whole lengths have a P50 of 13, less 5 is 8.
    assert.equal(score.states, 1);
    assert.deepEqual(score.conditionalSurvival.turns?.pinball.p50, 0.5 * 4);
    assert.deepEqual(score.quantileMinusUsed.turns?.pinball.p50, 0.5 * 4);
    assert.ok(Math.abs((score.conditionalSurvival.usd?.pinball.p50 ?? 0) - 0.5 * 0.004) < 1e-12);
    // Three of eight ended within five more turns; this one did.
    assert.deepEqual(score.brier[0]?.hazardByTurn, (3 / 8 - 1) ** 2);
    assert.equal(scoreForecaster(forecaster, fit, [run(5)]).states, 0);
  });
});
