import type { Forecast } from "../../src/core/forecast/forecast";
import type { RunSummary, SpendRow } from "../../src/core/history";
import { usd } from "../../src/core/money";
import { curvePoint } from "../../src/core/replay/figures";
import { labLimits, labPolicy } from "../../src/core/replay/lab";
import type { RunState } from "../../src/core/runState";
import type { ComposerInput } from "../../src/present/composer";
import { stepDetail } from "../../src/present/details";
import { historyModel } from "../../src/present/history";
import { sidebarModel } from "../../src/present/sidebar";
import { labModel } from "../../src/present/whatIf";
import type { HistoryModel } from "../../src/protocol/history";
import type { ComposerChoice, SidebarModel, StepDetail } from "../../src/protocol/sidebar";
import { recordedRun } from "../support/recordedRuns";
import * as scenes from "./scenes";
import { DYNAMIC, priceRow, type Story } from "./story";

/** What the pages are looked at with: models made by the real view code from the runs in `scenes.ts`. */
export interface Fixture {
  readonly page: "sidebar" | "history";
  readonly model: SidebarModel | HistoryModel;
  /** Rows that are open when the page comes up. */
  readonly opened: readonly number[];
  readonly runId: string;
  readonly details: readonly StepDetail[];
  readonly draft: string;
}

const CHOICE: ComposerChoice = {
  policy: "dynamic",
  preset: "evidence",
  turns: null,
  usd: 0.5,
  tokens: null,
  minutes: 30,
  model: "gpt-5",
  approval: "ask",
};

/** From 48 past runs. */
const EXPECTED: Forecast = {
  turnsLeft: { p10: 9, p50: 24, p90: 61 },
  usdLeft: { p10: usd(0.031), p50: usd(0.11), p90: usd(0.38) },
  n: 48,
  within: () => 0.5,
};

function composer(run: RunState | null, part: Partial<ComposerInput> = {}): ComposerInput {
  const price = priceRow();
  return {
    revision: 0,
    choice: run ? { ...CHOICE, turns: run.limit, usd: run.caps.usd === null ? null : run.caps.usd / 1e9 } : CHOICE,
    models: ["gpt-5", "gpt-5-mini", "gpt-5-nano"].map((id) => ({ id, price })),
    price: run ? run.config.price : price,
    policy: run?.config.policy ?? DYNAMIC,
    fixedTurns: 60,
    typical: {
      p50: 34,
      p75: 48,
      p90: 60,
      sources: [
        { kind: "model", n: 23 },
        { kind: "prior", n: 124 },
      ],
    },
    inputError: 0.004,
    expected: run ? null : EXPECTED,
    obstacle: null,
    notice: null,
    starting: false,
    trusted: true,
    run,
    ...part,
  };
}

function sidebar(
  story: Story | null,
  part: {
    opened?: readonly number[];
    draft?: string;
    composer?: Partial<ComposerInput>;
    elsewhere?: boolean;
    laterMs?: number;
  } = {},
): Fixture {
  const run = story?.state ?? null;
  const now = (story?.at ?? scenes.STARTED) + (part.laterMs ?? 700);
  const model = sidebarModel({
    run,
    now,
    composer: composer(run, part.composer),
    degraded: null,
    elsewhere: part.elsewhere ?? false,
    wasSetBack: false,
  });
  return {
    page: "sidebar",
    model,
    opened: part.opened ?? [],
    runId: run?.config.runId ?? "",
    details: detailsOf(run),
    draft: part.draft ?? "",
  };
}

function detailsOf(run: RunState | null): readonly StepDetail[] {
  return run ? run.turns.flatMap(({ turn }) => stepDetail(run, turn) ?? []) : [];
}

export const FIXTURES = {
  first: () => sidebar(null),
  noKey: () => sidebar(null, { draft: "Add a regression test for the rounding bug", composer: { obstacle: KEY } }),
  ready: () =>
    sidebar(null, { draft: "Add a regression test for the rounding bug in tax.ts. Keep the style of the tests beside it." }),
  noPrice: () => sidebar(null, { draft: "Fix it", composer: { price: null, choice: { ...CHOICE, model: "glm-5-air" } } }),
  tightStart: () =>
    sidebar(null, { draft: "Port the parser to Rust", composer: { choice: { ...CHOICE, usd: 0.1 }, expected: EXPECTED } }),
  untrusted: () => sidebar(null, { composer: { trusted: false } }),
  refused: () => sidebar(null, { draft: "Fix it", composer: { notice: REFUSAL } }),
  starting: () => sidebar(scenes.starting()),
  thinking: () => sidebar(scenes.thinking()),
  writing: () => sidebar(scenes.writing()),
  output: () => sidebar(scenes.commandRunning()),
  approveCommand: () => sidebar(scenes.commandApproval()),
  approveEdit: () => sidebar(scenes.editApproval()),
  extension: () => sidebar(scenes.extensionAsked()),
  stuck: () => sidebar(scenes.stuckAsked()),
  decided: () => sidebar(scenes.extensionsDecided()),
  tight: () => sidebar(scenes.tight()),
  landing: () => sidebar(scenes.landingNow()),
  landingSoon: () => sidebar(scenes.writing().emit({ kind: "ending", how: "landing" })),
  stopping: () => sidebar(scenes.writing().emit({ kind: "ending", how: "stopping" })),
  elsewhere: () => sidebar(scenes.commandApproval(), { elsewhere: true }),
  stopped: () => sidebar(scenes.stoppedByTurns()),
  stoppedDollars: () => sidebar(scenes.stoppedByDollars()),
  failed: () => sidebar(scenes.failed()),
  infeasible: () => sidebar(scenes.infeasible()),
  interrupted: () => sidebar(scenes.interrupted(), { laterMs: 3_600_000 }),
  fresh: () => sidebar(scenes.freshlyStarted()),
  done: () => sidebar(scenes.done()),
  followedUp: () => sidebar(scenes.followedUp()),
  long: () => sidebar(scenes.twoHundred()),
  demo: () => sidebar(scenes.demo()),
  unpriced: () => sidebar(scenes.unpriced()),
  estimated: () => sidebar(scenes.estimated()),
  opened: () => sidebar(scenes.writing(), { opened: [10, 7] }),
  whatIf: () => lab(),
  whatIfUnverdicted: () => lab({ resolved: null }),
  history: () => history(null),
  historyRun: () => history(scenes.stoppedByTurns()),
  historyEmpty: () => history(null, []),
} satisfies { readonly [name: string]: () => Fixture };

export type FixtureName = keyof typeof FIXTURES;
export const FIXTURE_NAMES = Object.keys(FIXTURES).filter((name): name is FixtureName => name in FIXTURES);

const KEY = { text: "There is no API key for OpenAI.", command: "turnpike.setApiKey", action: "Set API key" };

const REFUSAL = { text: "No such model.", command: null, action: "" };

const TASKS = [
  "Fix rounding in invoice totals",
  "Migrate the tests to node:test",
  "Why is the build slow?",
  "Rename the config module and everything that imports it, and keep the old path as a re-export",
  "Add a dry-run flag",
  "Explain the flaky test",
];
const OUTCOMES: readonly RunSummary["outcome"][] = [
  null,
  { kind: "stopped", reason: "turns" },
  { kind: "done", reason: "ok" },
  { kind: "interrupted", reason: "the window was closed" },
  { kind: "failed", reason: "402" },
  { kind: "stopped", reason: "dollars" },
  { kind: "done", reason: "ok" },
];

function summaries(): readonly RunSummary[] {
  return Array.from({ length: 24 }, (_, n) => ({
    runId: `run-${n}`,
    source: "turnpike",
    task: TASKS[n % TASKS.length] ?? "",
    project: { name: n % 3 === 0 ? "invoices" : "turnpike", path: "/home/me" },
    model: n % 4 === 1 ? "claude-sonnet-4.5" : "gpt-5",
    policy: "dynamic",
    outcome: OUTCOMES[n % OUTCOMES.length] ?? null,
    turns: 6 + ((n * 17) % 50),
    limit: n % 5 === 4 ? null : 60,
    caps: { turns: null, usd: n % 5 === 4 ? null : usd(n % 3 === 0 ? 0.5 : 2), tokens: null, minutes: 30 },
    usd: usd([0.0042, 1.84, 0.0312, 0.1127, 12.4, 0.2631][n % 6] ?? 0),
    estimatedCharges: n % 6 === 3 ? 2 : 0,
    unknownCharges: n % 11 === 10 ? 1 : 0,
    usage: { freshInput: 21_000, cacheRead: 90_000, cacheWrite5m: 0, cacheWrite1h: 0, output: 4_000, reasoning: 900 },
    demo: n === 8,
    dated: true,
    startedAt: scenes.STARTED - n * 5.3 * 3_600_000,
    endedAt: scenes.STARTED - n * 5.3 * 3_600_000 + 200_000,
  }));
}

/** The replay lab over a hundred runs, two of three with a verdict. */
function lab(change: { readonly resolved?: null; readonly working?: boolean } = {}): Fixture {
  const length = (index: number) => 8 + Math.round(70 * (index / 100) ** 2 + (index % 7) * 3);
  const runs = Array.from({ length: 100 }, (_, index) =>
    recordedRun(length(index), {
      ...{ model: index % 3 === 0 ? "gpt-5" : "claude-sonnet-4.5", source: index % 4 === 0 ? "turnpike" : "claude-code" },
      resolved: "resolved" in change ? null : index % 3 !== 0,
      lastEditTurn: Math.round(length(index) * 0.7),
    }),
  );
  const limits = labLimits(runs, [34]);
  const curve = limits.map((limit) => curvePoint(runs, limit, labPolicy("fixed", limit, 20)));
  const input = {
    all: runs,
    file: null,
    pick: "all",
    policy: "fixed",
    base: 20,
    present: { limit: 34, inForce: true },
    trouble: null,
  } as const;
  const model = historyModel({ kind: "whatIf", model: labModel({ ...input, curve: change.working ? null : curve }) }, 0, null);
  return { page: "history", model, opened: [], runId: "", details: [], draft: "" };
}

function history(story: Story | null, runs: readonly RunSummary[] = summaries()): Fixture {
  const opened = story?.state ?? null;
  const spend = runs.map((run): SpendRow => ({ ...run, group: "x", runs: 1, done: run.outcome?.kind === "done" ? 1 : 0 }));
  const now = scenes.STARTED + 3_600_000;
  const input = opened ? ({ kind: "run", state: opened, elsewhere: false } as const) : ({ kind: "list", runs, spend } as const);
  const model = historyModel(input, now, null);
  return { page: "history", model, opened: [], runId: opened?.config.runId ?? "", details: detailsOf(opened), draft: "" };
}
