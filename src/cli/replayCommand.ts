import { readRecordedRuns } from "../adapters/recordedFile";
import { toDollars } from "../core/money";
import type { RecordedRun } from "../core/recordedRun";
import { figuresOf, type ReplayFigures } from "../core/replay/figures";
import { type LimitSpec, turnsOf } from "../core/replay/limitSpec";
import { type ReplayedRun, replayRun } from "../core/replay/replay";
import type { PolicySettings } from "../core/runConfig";
import { formatCap, formatCount, formatNumber, formatTenths, formatUsd } from "../present/format";
import { UsageError } from "./flags";
import type { ReplayArgs, ReplayPolicy } from "./replayArgs";

/** Limits as they were worked out, for whoever checks the figures. */
interface Limits {
  readonly limit?: number;
  readonly base?: number;
  readonly hard?: number;
}

/** Runs that are replayed under the same limits. */
interface Part {
  /** `null` = of all models. */
  readonly model: string | null;
  readonly limits: Limits;
  /** Runs from whose lengths percentiles come. */
  readonly calibratedOn: number;
  readonly replayed: readonly ReplayedRun[];
}

/** Runs a policy over recorded runs and prints what it would have saved and lost. */
export async function replayCommand(args: ReplayArgs, write: (line: string) => void): Promise<number> {
  const runs = await readRecordedRuns(args.data);
  const calibration = args.calibrateOn === null ? runs : await readRecordedRuns(args.calibrateOn);
  const models = args.byModel ? [...new Set(runs.map((run) => run.model))].sort() : [null];
  const parts = models.map((model) => partOf(args, model, runs, calibration));
  const figures = figuresOf(parts.flatMap((part) => part.replayed));
  if (args.json) write(JSON.stringify(jsonFields(args, figures, parts)));
  else for (const line of textLines(args, figures, parts)) write(line);
  return 0;
}

function partOf(
  { policy, cap }: ReplayArgs,
  model: string | null,
  runs: readonly RecordedRun[],
  calibration: readonly RecordedRun[],
): Part {
  const chosen = (some: readonly RecordedRun[]) => (model === null ? some : some.filter((run) => run.model === model));
  const lengths = chosen(calibration);
  if (lengths.length === 0) throw new UsageError(`--calibrate-on holds no run of ${model}: leave out --by-model, or add some`);
  const limits = limitsOf(policy, lengths);
  const settings = { policy: settingsOf(policy, limits), cap };
  return { model, limits, calibratedOn: lengths.length, replayed: chosen(runs).map((run) => replayRun(run, settings)) };
}

function limitsOf(policy: ReplayPolicy, runs: readonly RecordedRun[]): Limits {
  const turns = (spec: LimitSpec) => turnsOf(spec, runs);
  switch (policy.kind) {
    case "unrestricted":
      return {};
    case "fixed":
      return { limit: turns(policy.limit) };
    case "dynamic": {
      const limits = { base: turns(policy.base), hard: turns(policy.hard) };
      if (limits.base > limits.hard) throw new UsageError(`--base (${limits.base} turns) is above --hard (${limits.hard} turns)`);
      return limits;
    }
  }
}

function settingsOf(policy: ReplayPolicy, { limit = 1, base = 1, hard = 1 }: Limits): PolicySettings {
  const cadence = { kind: "every" } as const;
  switch (policy.kind) {
    case "unrestricted":
      return { kind: "unrestricted", cadence };
    case "fixed":
      return { kind: "fixed", maxTurns: limit, cadence };
    case "dynamic":
      return { kind: "dynamic", preset: policy.preset, baseTurns: base, hardTurns: hard, onLimit: "land", cadence };
  }
}

function jsonFields({ policy, calibrateOn, cap, byModel }: ReplayArgs, figures: ReplayFigures, parts: readonly Part[]) {
  const of = (part: Part) => ({ ...part.limits, calibratedOn: part.calibratedOn });
  const models = parts.map((part) => ({ model: part.model, ...fieldsOf(figuresOf(part.replayed)), ...of(part) }));
  return {
    ...fieldsOf(figures),
    ...{ policy: policy.kind, ...("preset" in policy ? { preset: policy.preset } : {}) },
    ...{ maxUsd: cap && toDollars(cap.usd), ...(cap ? { uncheckedRuns: uncheckedRuns(parts) } : {}) },
    calibratedOnData: calibrateOn === null,
    ...(byModel ? { models } : parts.map(of)[0]),
  };
}

function fieldsOf(figures: ReplayFigures) {
  const { runs, solved, savedPct, cut, lostStrict, lostKept, unverdicted, unpriced, extensions } = figures;
  // Of runs none of which has a cost, the cost is not 0 but not known.
  const isPriced = unpriced < runs;
  const [before, after] = isPriced ? [toDollars(figures.usd), toDollars(figures.usdAfter)] : [null, null];
  return {
    ...{ runs, solved, costUsd: before, savedPct, cut, lostStrict, lostKept },
    ...{ costAfterUsd: after, savedUsd: before === null || after === null ? null : before - after },
    ...{ meanTurns: figures.turns / runs, meanTurnsAfter: figures.turnsAfter / runs, extensions },
    ...{ unverdicted, unpricedRuns: unpriced },
    costPerSolved: {
      before: perSolved(before, solved),
      strict: perSolved(after, solved - lostStrict),
      kept: perSolved(after, solved - lostKept),
    },
  };
}

/** Runs of which the record tells too little to keep a dollar cap: they were replayed without it. */
function uncheckedRuns(parts: readonly Part[]): number {
  const runs = parts.flatMap((part) => part.replayed).map(({ run }) => run);
  return runs.filter(({ turns }) => turns.some(({ input, usd }) => input === null || usd === null)).length;
}

function perSolved(dollars: number | null, solved: number): number | null {
  return dollars === null || solved === 0 ? null : dollars / solved;
}

function textLines({ policy, cap }: ReplayArgs, figures: ReplayFigures, parts: readonly Part[]): readonly string[] {
  const { runs, solved, cut, lostStrict, lostKept, unverdicted } = figures;
  const judged = runs - unverdicted;
  const lost = (runs: number) => `${formatNumber(runs)} (${((100 * runs) / judged).toFixed(1)} points)`;
  const solvedText = `, of them ${formatNumber(solved)} solved${unverdicted > 0 ? `, ${formatNumber(unverdicted)} without a verdict` : ""}`;
  const name = [policy.kind, ...("preset" in policy ? [policy.preset] : [])];
  return [
    ...parts.map(({ model, limits, calibratedOn }) => {
      const turns = Object.entries(limits).map(([what, value]) => `${what} ${formatNumber(value)}`);
      const from = turns.length === 0 ? [] : [`by ${formatCount(calibratedOn, "run")}${model === null ? "" : ` of ${model}`}`];
      return `policy     ${[...name, ...turns, ...from].join(", ")}`;
    }),
    ...(cap ? [`cap        ${formatCap(cap.usd)}${uncheckedText(uncheckedRuns(parts))}`] : []),
    `runs       ${formatNumber(runs)}${judged === 0 ? ", none with a verdict" : solvedText}`,
    `cost       ${costText(figures)}`,
    `cut        ${formatCount(cut, "run")}`,
    ...(judged === 0
      ? ["lost       not known: no run has a verdict"]
      : [
          `lost       ${lost(lostStrict)} if unfinished counts as failed`,
          `           ${lost(lostKept)} with the working tree kept`,
        ]),
    "Replay holds the agent's behaviour fixed: it cannot show what an agent does on seeing a limit.",
  ];
}

function uncheckedText(runs: number): string {
  return runs === 0 ? "" : `; ${formatCount(runs, "run")} replayed without it, whose record does not tell enough`;
}

function costText({ runs, usd, usdAfter, savedPct, unpriced }: ReplayFigures): string {
  if (unpriced === runs) return "not known";
  const share = savedPct === null ? "" : `, ${formatTenths(savedPct)} saved`;
  const without = unpriced > 0 ? `; ${formatCount(unpriced, "run")} without a cost left out` : "";
  return `${formatUsd(usd)} → ${formatUsd(usdAfter)}${share}${without}`;
}
