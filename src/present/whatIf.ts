import { OWN_SOURCE } from "../core/imports";
import { leftOver, type NanoUsd } from "../core/money";
import type { RecordedRun } from "../core/recordedRun";
import type { CurvePoint } from "../core/replay/figures";
import { shareWithin } from "../core/replay/lab";
import type { LabLine, LabModel, LabOption, LabPoint, LabPolicy } from "../protocol/history";
import { formatCount, formatNumber, formatShare, formatTenths, formatUsd } from "./format";
import { sourceName } from "./imports";

export interface LabInput {
  /** Runs that may be picked from, newest first, and those of an opened file, with its name. */
  readonly all: readonly RecordedRun[];
  readonly file: { readonly name: string; readonly runs: readonly RecordedRun[] } | null;
  readonly pick: string;
  readonly policy: LabPolicy;
  /** Turns at which a dynamic policy starts. */
  readonly base: number;
  /** The curve of the picked runs; `null` = not worked out yet. */
  readonly curve: readonly CurvePoint[] | null;
  /** What the policy gives now, and whether new tasks start under it. */
  readonly present: { readonly limit: number; readonly inForce: boolean } | null;
  /** A file that could not be used, in words. */
  readonly trouble: string | null;
}

const ALL = "all";
const FILE = "file";
/** Fewer runs make no curve. */
const LEAST_RUNS = 2;
/** A model or project needs so many to be a pick of its own. */
const LEAST_OF_ONE = 3;

/** The runs that a pick stands for; of one that is no more, all. */
export function pickedRuns({ all, file, pick }: Pick<LabInput, "all" | "file" | "pick">): readonly RecordedRun[] {
  if (pick === FILE && file) return file.runs;
  const [kind, value] = [pick.slice(0, pick.indexOf(":")), pick.slice(pick.indexOf(":") + 1)];
  switch (kind) {
    case "source":
      return all.filter((run) => (value === OWN_SOURCE ? run.source === OWN_SOURCE : run.source !== OWN_SOURCE));
    case "model":
      return all.filter((run) => run.model === value);
    case "project":
      return all.filter((run) => run.project === value);
    default:
      return all;
  }
}

export function labModel(input: LabInput): LabModel {
  const { pick, policy, base, curve, present, trouble } = input;
  const runs = pickedRuns(input);
  const enough = runs.length >= LEAST_RUNS;
  const hasVerdicts = runs.some((run) => run.resolved !== null);
  const points = enough && curve ? curve.map((point) => pointOf(point, runs, hasVerdicts)) : [];
  return {
    ...{ kind: "whatIf", picks: picksOf(input), pick, policies: POLICIES, policy, policyNote: policyNote(policy, base) },
    working: enough && curve === null,
    points,
    nothing: enough ? "" : "There are too few past runs for a curve. Import the history of another agent, or open recorded runs.",
    lines: linesOf(hasVerdicts, points),
    heads: headsOf(hasVerdicts),
    present: present && { ...present, label: `${present.inForce ? "now" : "set to"} ${formatNumber(present.limit)}` },
    notes: [...(trouble === null ? [] : [trouble]), ...notesOf(runs, hasVerdicts)],
  };
}

const POLICIES: LabModel["policies"] = [
  { value: "fixed", label: "Fixed" },
  { value: "evidence", label: "Dynamic, on evidence" },
  { value: "published", label: "Dynamic, as published" },
];

function policyNote(policy: LabPolicy, base: number): string {
  switch (policy) {
    case "fixed":
      return "The limit is the last turn of a run.";
    case "evidence":
      return `Starts at the median, ${formatCount(base, "turn")}; the limit is the hard one, reached only by progress.`;
    case "published":
      return `Starts at the median, ${formatCount(base, "turn")}, and is extended once, blindly: as a fixed limit, for runs that know nothing of it.`;
  }
}

function picksOf({ all, file }: LabInput): readonly LabOption[] {
  const own = all.filter((run) => run.source === OWN_SOURCE).length;
  const imported = all.length - own;
  const count = (label: string, n: number) => `${label} (${formatNumber(n)})`;
  return [
    { value: ALL, label: count("All runs", all.length) },
    ...(own > 0 && imported > 0
      ? [
          { value: `source:${OWN_SOURCE}`, label: count("Own runs", own) },
          { value: "source:imported", label: count("Imported runs", imported) },
        ]
      : []),
    ...groups(all, (run) => run.model).map(([model, n]) => ({ value: `model:${model}`, label: count(model, n) })),
    ...groups(all, (run) => run.project).map(([path, n]) => ({ value: `project:${path}`, label: count(lastPart(path), n) })),
    ...(file ? [{ value: FILE, label: count(file.name, file.runs.length) }] : []),
  ];
}

function groups(runs: readonly RecordedRun[], of: (run: RecordedRun) => string | null): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const run of runs) {
    const name = of(run);
    if (name !== null && name !== "") counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].filter(([, n]) => n >= LEAST_OF_ONE).sort((a, b) => b[1] - a[1]);
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== "") ?? path;
}

function pointOf(point: CurvePoint, runs: readonly RecordedRun[], hasVerdicts: boolean): LabPoint {
  const { limit, savedPct, cut, lostStrict, lostKept } = point;
  const share = (n: number) => n / point.runs;
  return {
    limit,
    saved: savedPct === null ? null : savedPct / 100,
    cut: share(cut),
    lost: hasVerdicts ? share(lostStrict) : null,
    lostKept: hasVerdicts ? share(lostKept) : null,
    text: sentence(point, runs, hasVerdicts),
    figures: figuresOf(point, runs, hasVerdicts),
    cells: [
      formatNumber(limit),
      savedText(point) ?? "not known",
      formatNumber(cut),
      ...(hasVerdicts ? [formatNumber(lostStrict), formatNumber(lostKept)] : []),
    ],
  };
}

function figuresOf(point: CurvePoint, runs: readonly RecordedRun[], hasVerdicts: boolean): LabPoint["figures"] {
  const { limit, savedPct, usd, usdAfter, cut, lostStrict, lostKept } = point;
  const of = formatNumber(point.runs);
  return [
    { value: formatNumber(limit), label: `turns, enough for ${formatShare(shareWithin(runs, limit))} of the runs` },
    savedPct === null
      ? { value: "?", label: "saved: no run has a cost" }
      : { value: formatTenths(savedPct), label: `of the cost saved, ${dollarsSaved(usd, usdAfter)}` },
    { value: formatNumber(cut), label: `of ${of} runs cut` },
    ...(hasVerdicts
      ? [
          { value: formatNumber(lostStrict), label: "solved lost, if unfinished is failed" },
          { value: formatNumber(lostKept), label: "lost with the tree kept" },
        ]
      : []),
  ];
}

function sentence(point: CurvePoint, runs: readonly RecordedRun[], hasVerdicts: boolean): string {
  const { limit, cut, lostStrict, lostKept } = point;
  const within = formatShare(shareWithin(runs, limit));
  const saved = savedText(point);
  const parts = [
    saved === null ? "what it saves is not known" : `saves ${saved}`,
    `cuts ${formatNumber(cut)} of ${formatCount(point.runs, "run")}`,
  ];
  if (hasVerdicts) {
    parts.push(
      `loses ${formatNumber(lostStrict)} solved if unfinished counts as failed, ${formatNumber(lostKept)} with the working tree kept`,
    );
  }
  return `${formatCount(limit, "turn")}, enough for ${within} of the runs: ${parts.join(", ")}.`;
}

function savedText({ savedPct, usd, usdAfter }: CurvePoint): string | null {
  if (savedPct === null) return null;
  return `${formatTenths(savedPct)} = ${dollarsSaved(usd, usdAfter)}`;
}

function dollarsSaved(usd: NanoUsd, usdAfter: NanoUsd): string {
  return formatUsd(leftOver(usd, usdAfter));
}

function linesOf(hasVerdicts: boolean, points: readonly LabPoint[]): readonly LabLine[] {
  const all: readonly LabLine[] = [
    { of: "saved", label: "cost saved" },
    { of: "cut", label: "runs cut" },
    { of: "lost", label: "solved runs lost" },
    { of: "lostKept", label: "lost with the tree kept" },
  ];
  return all.filter(
    (line) => (hasVerdicts || line.of === "saved" || line.of === "cut") && points.some((point) => point[line.of] !== null),
  );
}

function headsOf(hasVerdicts: boolean): readonly string[] {
  return ["Limit", "Saved", "Cut", ...(hasVerdicts ? ["Lost", "Lost, tree kept"] : [])];
}

function notesOf(runs: readonly RecordedRun[], hasVerdicts: boolean): readonly string[] {
  const unverdicted = runs.filter((run) => run.resolved === null).length;
  const unpriced = runs.filter((run) => run.turns.some((turn) => turn.usd === null)).length;
  const sources = [...new Set(runs.map((run) => run.source))].filter((source) => source !== OWN_SOURCE).map(sourceName);
  return [
    ...(hasVerdicts && unverdicted > 0
      ? [`${formatCount(unverdicted, "run")} without a verdict: they count for cost only.`]
      : []),
    ...(hasVerdicts || runs.length === 0
      ? []
      : ["None of these runs has a verdict, so it is not known whether a cut loses anything."]),
    ...(unpriced > 0 ? [`${formatCount(unpriced, "run")} without a cost: they count for turns only.`] : []),
    ...(sources.length > 0 ? [`With runs from ${sources.join(", ")}.`] : []),
    "Replay holds the agent's behaviour fixed: it cannot show what an agent does on seeing a limit.",
  ];
}
