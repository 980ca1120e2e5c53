import assert from "node:assert/strict";
import { FittedForecasters, lateForecaster } from "../../../src/core/forecast/lateForecaster";
import type { RecordedRun } from "../../../src/core/recordedRun";
import { recordedRun } from "../../support/recordedRuns";

const turns = recordedRun(5).turns;
const soFar = { model: "m", turns };

describe("forecasters of a window", () => {
  let looked = 0;
  let now = 0;
  let runs: readonly RecordedRun[] = [];
  let fitted: FittedForecasters;

  beforeEach(() => {
    looked = 0;
    now = 0;
    runs = Array.from({ length: 10 }, (_, index) => recordedRun(10 + index));
    fitted = new FittedForecasters(
      async () => {
        looked += 1;
        if (runs.length === 0) throw new Error("the store is gone");
        return runs;
      },
      { now: () => now },
    );
  });

  it("are fitted once for a model, until a run has ended or ten minutes have passed", async () => {
    const first = await fitted.of("m");
    assert.equal(await fitted.of("m"), first);
    assert.equal(looked, 1);
    fitted.forget();
    await fitted.of("m");
    assert.equal(looked, 2);
    now = 11 * 60_000;
    await fitted.of("m");
    await fitted.of("other");
    assert.equal(looked, 4);
  });

  it("are looked for again after it failed", async () => {
    runs = [];
    await assert.rejects(fitted.of("m"), /the store is gone/);
    runs = [recordedRun(3)];
    assert.equal(await fitted.of("m"), null);
  });

  it("let the first request of a run go ahead, and know nothing until they are there, nor if they fail", async () => {
    const late = lateForecaster(() => fitted.of("m"));
    assert.equal(looked, 0);
    assert.equal(late.forecast(soFar), null);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(late.forecast(soFar)?.n, 10);
    assert.equal(looked, 1);
    const broken = lateForecaster(async () => {
      throw new Error("no store");
    });
    assert.equal(broken.forecast(soFar), null);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(broken.forecast(soFar), null);
  });
});
