import { readRecordedRuns } from "../adapters/recordedFile";
import { toDollars } from "../core/money";
import type { RecordedRun } from "../core/recordedRun";
import { type ReplayFigures, replayAll } from "../core/replay/figures";
import { type LimitSpec, turnsOf } from "../core/replay/limitSpec";
import type { PolicySettings } from "../core/runConfig";
import { formatCount, formatNumber, formatUsd } from "../present/format";
import { UsageError } from "./flags";
import type { ReplayArgs, ReplayPolicy } from "./replayArgs";

/** Limits as they were worked out, for whoever checks the figures. */
interface Limits {
  readonly limit?: number;
  readonly base?: number;
  readonly hard?: number;
}

/** Runs a policy over recorded runs and prints what it would have saved and lost. */
export async function replayCommand(args: ReplayArgs, write: (line: string) => void): Promise<number> {
  const runs = await readRecordedRuns(args.data);
  const calibration = args.calibrateOn === null ? runs : await readRecordedRuns(args.calibrateOn);
  const limits = limitsOf(args.policy, calibration);
  const figures = replayAll(runs, { policy: settingsOf(args.policy, limits), cap: args.cap });
  if (args.json) write(JSON.stringify(jsonFields(args, figures, limits, calibration.length)));
  else for (const line of textLines(args.policy, figures, limits)) write(line);
  return 0;
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

function jsonFields({ policy, calibrateOn, cap }: ReplayArgs, figures: ReplayFigures, limits: Limits, calibratedOn: number) {
  const { runs, solved, usd, usdAfter, savedPct, cut, lostStrict, lostKept, unverdicted, unpriced } = figures;
  return {
    ...{ runs, solved, costUsd: toDollars(usd), savedPct, cut, lostStrict, lostKept },
    ...{ policy: policy.kind, ...("preset" in policy ? { preset: policy.preset } : {}), ...limits },
    ...{ maxUsd: cap && toDollars(cap.usd), calibratedOn, calibratedOnData: calibrateOn === null },
    ...{ costAfterUsd: toDollars(usdAfter), savedUsd: toDollars(usd) - toDollars(usdAfter) },
    ...{ turns: figures.turns, turnsAfter: figures.turnsAfter, extensions: figures.extensions, unverdicted, unpriced },
    costPerSolved: {
      before: perSolved(toDollars(usd), solved),
      strict: perSolved(toDollars(usdAfter), solved - lostStrict),
      kept: perSolved(toDollars(usdAfter), solved - lostKept),
    },
  };
}

function perSolved(dollars: number, solved: number): number | null {
  return solved === 0 ? null : dollars / solved;
}

function textLines(policy: ReplayPolicy, figures: ReplayFigures, limits: Limits): readonly string[] {
  const { runs, solved, usd, usdAfter, savedPct, cut, lostStrict, lostKept, unverdicted, unpriced } = figures;
  const turns = Object.entries(limits).map(([name, value]) => `${name} ${formatNumber(value)}`);
  const share = savedPct === null ? "" : `, ${savedPct.toFixed(1)} % saved`;
  const points = (lost: number) => (solved === 0 ? "" : ` (${((100 * lost) / runs).toFixed(1)} points)`);
  return [
    `policy     ${[policy.kind, ...("preset" in policy ? [policy.preset] : []), ...turns].join(", ")}`,
    `runs       ${formatNumber(runs)}, of them ${formatNumber(solved)} solved${unverdicted > 0 ? `, ${formatNumber(unverdicted)} without a verdict` : ""}`,
    `cost       ${formatUsd(usd)} → ${formatUsd(usdAfter)}${share}${unpriced > 0 ? `; ${formatCount(unpriced, "run")} without a cost left out` : ""}`,
    `cut        ${formatCount(cut, "run")}`,
    `lost       ${formatNumber(lostStrict)}${points(lostStrict)} if unfinished counts as failed`,
    `           ${formatNumber(lostKept)}${points(lostKept)} with the working tree kept`,
    "Replay holds the agent's behaviour fixed: it cannot show what an agent does on seeing a limit.",
  ];
}
