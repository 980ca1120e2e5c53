import type { RecordedRun } from "../recordedRun";
import { featureRows, lastFeatureRow } from "./features";
import type { RunSoFar } from "./forecast";

/** Features are bounded at so many standard deviations. */
const MOST_DEVIATIONS = 4;
/** A model has a feature of its own if at least this share of the runs, and so many, are its. */
const LEAST_MODEL_RUNS = 8;
const LEAST_MODEL_SHARE = 0.05;

export interface Encoder {
  readonly width: number;
  /** All turns of each of the past runs, in their order, row after row. */
  readonly encoded: readonly Float64Array[];
  /** The last turn alone; zeros, which are the mean, before the first. */
  encodeLast(run: RunSoFar): Float64Array;
}

/** Standardises features by the past runs: what is not known stands at the mean. */
export function createEncoder(runs: readonly RecordedRun[]): Encoder {
  const models = ownModels(runs);
  const flagsOf = (model: string) => models.map((one) => Number(one === model));
  const all = runs.map(({ model, turns }) => featureRows(turns).map((row) => [...row, ...flagsOf(model)]));
  const width = all[0]?.[0]?.length ?? 0;
  const scales = Array.from({ length: width }, (_, column) => scaleOf(all, column));
  const write = (row: readonly number[], into: Float64Array, offset: number) => {
    for (const [column, value] of row.entries()) {
      const { mean, deviation } = scales[column] ?? { mean: 0, deviation: 1 };
      const deviations = Number.isNaN(value) ? 0 : (value - mean) / deviation;
      into[offset + column] = Math.max(-MOST_DEVIATIONS, Math.min(MOST_DEVIATIONS, deviations));
    }
  };
  const encodeRows = (rows: readonly (readonly number[])[]) => {
    const encoded = new Float64Array(rows.length * width);
    for (const [index, row] of rows.entries()) write(row, encoded, index * width);
    return encoded;
  };
  return {
    width,
    encoded: all.map(encodeRows),
    encodeLast: ({ model, turns }) =>
      turns.length === 0 ? new Float64Array(width) : encodeRows([[...lastFeatureRow(turns), ...flagsOf(model)]]),
  };
}

/** Models with enough runs to be told apart, if there are several. */
function ownModels(runs: readonly RecordedRun[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { model } of runs) counts.set(model, (counts.get(model) ?? 0) + 1);
  const least = Math.max(LEAST_MODEL_RUNS, runs.length * LEAST_MODEL_SHARE);
  return counts.size < 2 ? [] : [...counts].filter(([, n]) => n >= least).map(([model]) => model);
}

function scaleOf(all: readonly (readonly (readonly number[])[])[], column: number): { mean: number; deviation: number } {
  let n = 0;
  let sum = 0;
  let squares = 0;
  for (const rows of all) {
    for (const row of rows) {
      const value = row[column] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      n += 1;
      sum += value;
      squares += value * value;
    }
  }
  const mean = n === 0 ? 0 : sum / n;
  const variance = n === 0 ? 0 : Math.max(0, squares / n - mean * mean);
  return { mean, deviation: variance <= 1e-9 * (1 + mean * mean) ? 1 : Math.sqrt(variance) };
}
