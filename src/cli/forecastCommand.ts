import { readRecordedRuns } from "../adapters/recordedFile";
import { fitForecaster } from "../core/forecast/fitForecaster";
import { type ForecastScore, type MethodScore, type QuantileScore, scoreForecaster } from "../core/forecast/score";
import type { RecordedRun } from "../core/recordedRun";
import { formatNumber, formatTenths } from "../present/format";
import { UsageError } from "./flags";
import type { ForecastArgs } from "./forecastArgs";

/** Fits a forecast on recorded runs, scores it on others, and prints the figures beside the baselines. */
export async function forecastCommand(args: ForecastArgs, write: (line: string) => void): Promise<number> {
  const fitted = (await readRecordedRuns(args.fit)).map(asItEnded);
  const scored = (await readRecordedRuns(args.score)).map(asItEnded);
  const forecaster = fitForecaster(fitted);
  if (!forecaster) throw new UsageError(`--fit holds ${fitted.length} runs: a forecast needs at least 8`);
  const figures = scoreForecaster(forecaster, fitted, scored);
  const overlap = overlapOf(fitted, scored);
  const counts = { fitted: fitted.length, scored: scored.length, overlap };
  if (args.json) write(JSON.stringify({ ...counts, ...jsonFields(figures) }));
  else for (const line of textLines(counts, figures)) write(line);
  return 0;
}

/** What is scored is the length as recorded, so it is fitted too, whatever ended a run. */
function asItEnded(run: RecordedRun): RecordedRun {
  return { ...run, ended: true };
}

/** Runs that are in both: figures on what was fitted would flatter. */
function overlapOf(fitted: readonly RecordedRun[], scored: readonly RecordedRun[]): number {
  const nameOf = ({ source, model, task, turns }: RecordedRun) => JSON.stringify([source, model, task, turns.length]);
  const known = new Set(fitted.map(nameOf));
  return scored.filter((run) => known.has(nameOf(run))).length;
}

function jsonFields(score: ForecastScore) {
  const { states, statesWithCost, beyondFit, brier } = score;
  const byHorizon = (of: (one: ForecastScore["brier"][number]) => number | null) =>
    Object.fromEntries(brier.map((one) => [one.k, of(one)]));
  return {
    ...{ states, statesWithCost, beyondFit },
    forecast: { ...methodFields(score.forecast), brier: byHorizon((one) => one.forecast) },
    conditionalSurvival: methodFields(score.conditionalSurvival),
    quantileMinusUsed: methodFields(score.quantileMinusUsed),
    hazardByTurn: { brier: byHorizon((one) => one.hazardByTurn) },
  };
}

function methodFields({ turns, usd }: MethodScore) {
  return { turns, costUsd: usd };
}

function textLines(
  { fitted, scored, overlap }: { readonly fitted: number; readonly scored: number; readonly overlap: number },
  score: ForecastScore,
): readonly string[] {
  const { forecast, conditionalSurvival, quantileMinusUsed, brier } = score;
  const head = ["", "P10", "P50", "P90", "in P10-P90"];
  const rows = (pick: (method: MethodScore) => QuantileScore | null, digits: number) => [
    row("forecast", pick(forecast), digits),
    row("conditional survival", pick(conditionalSurvival), digits),
    row("quantile minus used", pick(quantileMinusUsed), digits),
  ];
  return [
    `fitted on ${formatNumber(fitted)} runs, scored on ${formatNumber(scored)} at ${formatNumber(score.states)} points`,
    ...(overlap > 0 ? [`${formatNumber(overlap)} runs are in both: the figures flatter`] : []),
    ...(score.beyondFit > 0 ? [`${formatNumber(score.beyondFit)} points left out: no fitted run had come as far`] : []),
    ...table([["pinball loss, turns left", ...head.slice(1)], ...rows((method) => method.turns, 2)]),
    ...table([["pinball loss, dollars left", ...head.slice(1)], ...rows((method) => method.usd, 4)]),
    ...table([
      ["Brier score, ends within", ...brier.map((one) => `${one.k} turns`)],
      ["forecast", ...brier.map((one) => figure(one.forecast, 4))],
      ["hazard by turn", ...brier.map((one) => figure(one.hazardByTurn, 4))],
    ]),
  ];
}

function row(name: string, score: QuantileScore | null, digits: number): readonly string[] {
  if (!score) return [name, "none", "none", "none", "none"];
  const { p10, p50, p90 } = score.pinball;
  return [name, ...[p10, p50, p90].map((loss) => figure(loss, digits)), formatTenths(100 * score.coverage)];
}

function figure(value: number | null, digits: number): string {
  return value === null ? "none" : value.toFixed(digits);
}

const NAME_WIDTH = 28;
const CELL_WIDTH = 12;

function table(rows: readonly (readonly string[])[]): readonly string[] {
  return [
    "",
    ...rows.map(([name = "", ...cells]) => name.padEnd(NAME_WIDTH) + cells.map((cell) => cell.padStart(CELL_WIDTH)).join("")),
  ];
}
