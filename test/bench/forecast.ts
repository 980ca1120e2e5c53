import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { readRecordedRuns } from "../../src/adapters/recordedFile";
import { fitForecaster } from "../../src/core/forecast/fitForecaster";
import { type ForecastScore, scoreForecaster } from "../../src/core/forecast/score";
import { nano } from "../../src/core/money";
import type { RecordedRun, RecordedTurn, TurnAction } from "../../src/core/recordedRun";

declare const __TEST_ROOT__: string;

const BUNDLED = path.join(__TEST_ROOT__, "test/fixtures/recorded");
/** Splits of the tasks into halves; each half is fitted once and scored once. */
const SPLITS = 5;
const RUNS = 1_000;
const TURNS = 50;
/** As long as a forecast of a run is ever likely to be asked for. */
const LATE_TURN = 90;

/** Losses of the forecast as shares of the baseline's, medians over splits; `null` where nothing could be scored. */
export interface ForecastFigures {
  readonly name: string;
  readonly runs: number;
  readonly turns: { readonly p50: number | null; readonly p90: number | null; readonly coverage: number | null };
  readonly usd: { readonly p50: number | null; readonly p90: number | null; readonly coverage: number | null };
  /** Of "ends within ten more turns", beside the hazard by turn. */
  readonly brier: number | null;
}

/** Figures of every file of recorded runs in a folder: the bundled ones unless told otherwise. */
export async function forecastFigures(folder: string = BUNDLED): Promise<readonly ForecastFigures[]> {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.jsonl(?:\.gz)?$/.test(name)) : [];
  if (names.length === 0) throw new Error(`${folder} holds no recorded runs: give a folder with files of JSON lines`);
  const figures: ForecastFigures[] = [];
  for (const name of names.sort()) figures.push(figuresOf(name, await readRecordedRuns([path.join(folder, name)])));
  return figures;
}

function figuresOf(name: string, recorded: readonly RecordedRun[]): ForecastFigures {
  // As the command does: what is scored is the length as recorded.
  const runs = recorded.map((run) => ({ ...run, ended: true }));
  const scores = Array.from({ length: SPLITS }, (_, salt) => scoresOf(...halves(runs, salt + 1))).flat();
  const middle = (pick: (score: ForecastScore) => number | null | undefined) => {
    const known = scores.map(pick).filter((value) => typeof value === "number" && Number.isFinite(value));
    return known.length === 0 ? null : median(known.map(Number));
  };
  const ratio = (unit: "turns" | "usd", share: "p50" | "p90") =>
    middle(({ forecast, conditionalSurvival }) => {
      const [ours, theirs] = [forecast[unit]?.pinball[share], conditionalSurvival[unit]?.pinball[share]];
      return ours === undefined || theirs === undefined ? null : ours / theirs;
    });
  const part = (unit: "turns" | "usd") => ({
    ...{ p50: ratio(unit, "p50"), p90: ratio(unit, "p90") },
    coverage: middle((score) => score.forecast[unit]?.coverage),
  });
  const brier = middle((score) => {
    const ten = score.brier.find((one) => one.k === 10);
    return ten && ten.forecast !== null && ten.hazardByTurn !== null ? ten.forecast / ten.hazardByTurn : null;
  });
  return { name: name.replace(/\.jsonl.*$/, ""), runs: runs.length, turns: part("turns"), usd: part("usd"), brier };
}

function scoresOf(a: readonly RecordedRun[], b: readonly RecordedRun[]): readonly ForecastScore[] {
  const score = (fit: readonly RecordedRun[], on: readonly RecordedRun[]) => {
    const forecaster = fitForecaster(fit);
    return forecaster ? [scoreForecaster(forecaster, fit, on)] : [];
  };
  return [...score(a, b), ...score(b, a)];
}

/** Two halves of the tasks, by a hash of their names and a salt. */
function halves(runs: readonly RecordedRun[], salt: number): readonly [readonly RecordedRun[], readonly RecordedRun[]] {
  const side = ({ task }: RecordedRun) => {
    let hash = salt;
    for (const char of task) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) >>> 0;
    return (hash >>> 7) % 2;
  };
  return [runs.filter((run) => side(run) === 0), runs.filter((run) => side(run) === 1)];
}

/** What a fit takes, and the median forecast: at a number of turns that was not asked for before, and at one that was. */
export interface ForecastTimes {
  readonly runs: number;
  readonly turns: number;
  readonly fitMs: number;
  readonly firstForecastMs: number;
  readonly forecastMs: number;
}

export function forecastTimes(): ForecastTimes {
  const past = generatedRuns();
  const startedAt = performance.now();
  const forecaster = fitForecaster(past);
  const fitMs = performance.now() - startedAt;
  const turns = Array.from({ length: LATE_TURN }, (_, index) => generatedTurn(5, index));
  const round = () =>
    Array.from({ length: LATE_TURN }, (_, taken) => {
      const from = performance.now();
      forecaster?.forecast({ model: "m", turns: turns.slice(0, taken) });
      return performance.now() - from;
    });
  const [first, second] = [round(), round()];
  const count = past.reduce((sum, run) => sum + run.turns.length, 0);
  return { runs: RUNS, turns: count, fitMs, firstForecastMs: median(first), forecastMs: median(second) };
}

/** Runs of 1 to 99 turns whose features differ from run to run and turn to turn. */
function generatedRuns(): readonly RecordedRun[] {
  return Array.from({ length: RUNS }, (_, index) => {
    const length = Math.round(1 + (2 * (TURNS - 1) * ((index * 7_919) % RUNS)) / (RUNS - 1));
    return {
      ...{ id: `r${index}`, source: "bench", model: "m", task: `t${index}`, project: null, startedAt: null, ended: true },
      ...{ resolved: null, lastEditTurn: null },
      turns: Array.from({ length }, (_, turn) => generatedTurn(index + turn, turn)),
    };
  });
}

const ACTIONS: readonly TurnAction[] = ["read", "search", "read", "edit", "check", "command", "other"];

function generatedTurn(seed: number, turn: number): RecordedTurn {
  return {
    ...{ input: 2_000 + (700 + (seed % 11) * 40) * turn, cacheRead: 1_800 + 600 * turn, output: 100 + (seed % 13) * 50 },
    ...{ usd: nano(2_000_000 + (seed % 7) * 300_000 * turn), action: ACTIONS[(seed * 31) % ACTIONS.length] ?? "other" },
    ...{ failed: seed % 17 === 0, result: 100 + (seed % 19) * 90, failures: seed % 5 === 0 ? seed % 4 : null },
  };
}

function median(sample: readonly number[]): number {
  const sorted = [...sample].sort((a, b) => a - b);
  const upper = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN, sorted[upper] ?? Number.NaN];
  return (low + high) / 2;
}
