import assert from "node:assert/strict";
import { clusterInterval, seededRandom } from "../../scripts/eval/bootstrap";

const mean = (sample: readonly number[]) => sample.reduce((sum, each) => sum + each, 0) / sample.length;

/** The smallest k with P(X <= k) >= share for a binomial of n fair coins, from its exact distribution. */
function binomialQuantile(n: number, share: number): number {
  let choose = 1;
  let below = 0;
  for (let k = 0; ; k += 1) {
    below += choose / 2 ** n;
    if (below >= share) return k;
    choose = (choose * (n - k)) / (k + 1);
  }
}

describe("bootstrap intervals", () => {
  it("are those of the binomial where half of the clusters are solved", () => {
    // Numbers whose quantiles lie three standard errors of 2,000 resamples away from the next step.
    for (const n of [6, 10, 16]) {
      const clusters = Array.from({ length: n }, (_, i) => i % 2);
      const interval = clusterInterval(clusters, mean, 7);
      assert.deepEqual(interval, { low: binomialQuantile(n, 0.025) / n, high: binomialQuantile(n, 0.975) / n }, `${n} clusters`);
    }
  });

  it("have no width where all clusters are alike, and are not given for a single one", () => {
    assert.deepEqual(clusterInterval([3, 3, 3], mean, 1), { low: 3, high: 3 });
    assert.equal(clusterInterval([3], mean, 1), null);
  });

  it("are the same for the same seed and move with it", () => {
    const clusters = Array.from({ length: 12 }, (_, i) => i ** 2);
    assert.deepEqual(clusterInterval(clusters, mean, 5), clusterInterval(clusters, mean, 5));
    assert.notDeepEqual(clusterInterval(clusters, mean, 5), clusterInterval(clusters, mean, 6));
  });

  it("keep a cluster's tries together: many alike tries of two tasks say no more than two tasks", () => {
    const tasks = [Array.from({ length: 50 }, () => 0), Array.from({ length: 50 }, () => 1)];
    assert.deepEqual(
      clusterInterval(tasks, (sample) => mean(sample.flat()), 1),
      { low: 0, high: 1 },
    );
  });

  it("reach to infinity where a resample divides by none, and stay numbers below", () => {
    const interval = clusterInterval([0, 0, 1], (sample) => 3 / sample.reduce((sum, each) => sum + each, 0), 1);
    assert.deepEqual(interval, { low: 1, high: Number.POSITIVE_INFINITY });
  });

  it("draw evenly", () => {
    const random = seededRandom(42);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let i = 0; i < 100_000; i += 1) {
      const at = Math.floor(random() * 10);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    // Nine degrees of freedom: 27.9 is passed by one honest generator in a thousand.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    assert.ok(chiSquare < 27.9, String(chiSquare));
  });
});
