import * as v from "valibot";
import type { SpendRow } from "../core/history";
import { Flag, Nano, NanoOrNull, Provenances, Purpose, Text, USAGE_GUARDS, usageOf, Whole, WholeOrNull } from "./sqliteRows";
import type { FoldedRun, FoldedTurn } from "./storeFold";

/** Guards that turn rows of the runs' half of the store into what they stand for. A row that does not pass throws. */

const Cadence = v.variant("kind", [
  v.object({ kind: v.literal("every") }),
  v.object({ kind: v.literal("last"), turns: v.number() }),
  v.object({ kind: v.literal("off") }),
]);

const Policy = v.variant("kind", [
  v.object({ kind: v.literal("unrestricted"), cadence: Cadence }),
  v.object({ kind: v.literal("fixed"), maxTurns: v.number(), cadence: Cadence }),
  v.object({
    kind: v.literal("dynamic"),
    preset: v.picklist(["evidence", "published"]),
    baseTurns: v.number(),
    hardTurns: v.number(),
    onLimit: v.picklist(["land", "ask", "askAlways"]),
    cadence: Cadence,
  }),
]);

const OutcomeGuard = v.nullable(
  v.variant("kind", [
    v.object({ kind: v.picklist(["done", "failed", "interrupted"]), reason: Text }),
    v.object({
      kind: v.literal("stopped"),
      reason: v.picklist(["turns", "dollars", "tokens", "time", "stuck", "user"]),
    }),
  ]),
);

const RunRow = v.object({
  id: v.number(),
  owner: Text,
  run_id: Text,
  source: Text,
  task: Text,
  project_name: Text,
  project_path: Text,
  model: Text,
  policy: v.pipe(Text, v.parseJson(), Policy),
  demo: Flag,
  started_at: v.number(),
  dated: Flag,
  ended_at: v.nullable(v.number()),
  outcome_kind: v.nullable(Text),
  outcome_reason: v.nullable(Text),
  turns: Whole,
  turn_limit: WholeOrNull,
  cap_turns: WholeOrNull,
  cap_usd: NanoOrNull,
  cap_tokens: WholeOrNull,
  cap_minutes: v.nullable(v.number()),
  usd: Nano,
  estimated_charges: Whole,
  unknown_charges: Whole,
  ...USAGE_GUARDS,
});

export interface StoredRun {
  readonly key: number;
  readonly owner: string;
  readonly run: FoldedRun;
}

export function storedRun(raw: unknown): StoredRun {
  const row = v.parse(RunRow, raw);
  const outcome = row.outcome_kind === null ? null : { kind: row.outcome_kind, reason: row.outcome_reason };
  const run: FoldedRun = {
    policy: row.policy,
    summary: {
      runId: row.run_id,
      source: row.source,
      task: row.task,
      project: { name: row.project_name, path: row.project_path },
      model: row.model,
      policy: row.policy.kind,
      outcome: v.parse(OutcomeGuard, outcome),
      turns: row.turns,
      limit: row.turn_limit,
      caps: { turns: row.cap_turns, usd: row.cap_usd, tokens: row.cap_tokens, minutes: row.cap_minutes },
      usd: row.usd,
      estimatedCharges: row.estimated_charges,
      unknownCharges: row.unknown_charges,
      usage: usageOf(row),
      demo: row.demo,
      startedAt: row.started_at,
      dated: row.dated,
      endedAt: row.ended_at,
    },
  };
  return { key: row.id, owner: row.owner, run };
}

const TurnRow = v.object({
  turn: v.number(),
  at: v.number(),
  purpose: Purpose,
  ms: v.number(),
  charges: Whole,
  estimated_charges: Whole,
  unknown_charges: Whole,
  usd: NanoOrNull,
  provenance: v.nullable(Provenances),
  ...USAGE_GUARDS,
});

export function storedTurn(raw: unknown): FoldedTurn {
  const row = v.parse(TurnRow, raw);
  const { turn, at, purpose, ms, charges, usd, provenance } = row;
  return {
    ...{ turn, at, purpose, ms, charges, usd, provenance, usage: usageOf(row) },
    estimatedCharges: row.estimated_charges,
    unknownCharges: row.unknown_charges,
  };
}

const SpendGuard = v.object({
  label: Text,
  source: Text,
  demo: Flag,
  runs: Whole,
  done: Whole,
  turns: Whole,
  usd: Nano,
  estimated_charges: Whole,
  unknown_charges: Whole,
  ...USAGE_GUARDS,
});

export function storedSpend(raw: unknown): SpendRow {
  const row = v.parse(SpendGuard, raw);
  const { label: group, source, demo, runs, done, turns, usd } = row;
  return {
    ...{ group, source, demo, runs, done, turns, usd, usage: usageOf(row) },
    estimatedCharges: row.estimated_charges,
    unknownCharges: row.unknown_charges,
  };
}
