import { DEMO_MODEL_ID } from "../../src/adapters/demoModelId";
import { nano } from "../../src/core/money";
import { formatCount, formatUsd } from "../../src/present/format";
import { type Interval, RESAMPLES } from "./bootstrap";
import { ENDS, type End } from "./record";
import { BASELINE, type Estimate, type PolicySummary, type Summary } from "./summary";

const COLUMNS = [
  "strategy",
  "tries",
  "solved",
  "empty patches",
  "turns",
  "cost per try",
  "cost",
  "cost per solved",
  "saving",
  "solved against",
] as const;

export interface TableFacts {
  readonly model: string;
  readonly tasks: number;
  readonly repeats: number;
  readonly seed: number;
}

/** The table of the published study, with intervals, as Markdown, and beneath it what it does not hold. */
export function tableOf(summary: Summary, facts: TableFacts): string {
  const { model, tasks, repeats, seed } = facts;
  const money = model === DEMO_MODEL_ID ? " Dollars are demo dollars." : "";
  const head = `${model}: ${formatCount(tasks, "task")}, ${formatCount(repeats, "repeat")}. In brackets: 95 % intervals, ${RESAMPLES} resamples of the tasks, seed ${seed}. "saving" and "solved against" are against ${BASELINE}, task by task.${money}`;
  const rows = summary.policies.map((policy) => `| ${cells(policy).join(" | ")} |`);
  const table = [`| ${COLUMNS.join(" | ")} |`, `|${COLUMNS.map((_, at) => (at === 0 ? " --- |" : " ---: |")).join("")}`, ...rows];
  const notes = [...summary.policies.map(endsLine), ...unevenLines(summary), leftOutLine(summary), totalLine(summary)];
  return [head, "", ...table, "", ...notes.filter((note) => note !== null).map((note) => `- ${note}`)].join("\n");
}

function cells(policy: PolicySummary): readonly string[] {
  const { solved, tries, solveRate, emptyPatches, turns, usd, usdPerTry, usdPerSolved, against } = policy;
  return [
    `\`${policy.policy}\``,
    String(tries),
    `${solved} (${share(solveRate.value)})${brackets(solveRate.interval, share)}`,
    String(emptyPatches),
    shown(turns, (value) => value.toFixed(1)),
    usdPerTry === null ? "unknown" : shown(usdPerTry, dollars),
    usd === null ? "unknown" : dollars(usd),
    usdPerSolved === null ? "unknown" : solved === 0 ? "none solved" : shown(usdPerSolved, dollars),
    against === null ? "" : against.saving === null ? "unknown" : shown(against.saving, share),
    against === null ? "" : shown(against.solveRate, points),
  ];
}

function shown({ value, interval }: Estimate, format: (value: number) => string): string {
  return format(value) + brackets(interval, format);
}

function brackets(interval: Interval | null, format: (value: number) => string): string {
  return interval === null ? "" : ` [${format(interval.low)}, ${format(interval.high)}]`;
}

function dollars(amount: number): string {
  return Number.isFinite(amount) ? formatUsd(nano(Math.round(amount * 1e9))) : "none solved";
}

/** A share that may be negative, and is never worth more than a whole percent here. */
function share(value: number): string {
  return Number.isFinite(value) ? `${Math.round(value * 100)} %` : "none";
}

function points(value: number): string {
  const rounded = Math.round(value * 100);
  return `${rounded > 0 ? "+" : ""}${rounded} pt`;
}

const END_WORDS: { readonly [end in End]: string } = {
  done: "done",
  cut: "cut by a cap",
  stuck: "stuck",
  gaveUp: "declared infeasible",
  failed: "failed",
  budget: "cut by the money left for the evaluation",
  infrastructure: "failed outside the agent",
  interrupted: "interrupted",
};

function endsText(ends: PolicySummary["ends"]): string {
  return ENDS.flatMap((end) => (ends[end] ? [`${ends[end]} ${END_WORDS[end]}`] : [])).join(", ");
}

function endsLine({ policy, policyArgs, ends, estimated, usd }: PolicySummary): string {
  const guessed = estimated === 0 ? "" : `; charges of ${formatCount(estimated, "try", "tries")} estimated in part`;
  const unknown = usd === null ? "; what some tries cost is not known" : "";
  return `\`${policy}\` (${policyArgs.join("; ")}): ${endsText(ends)}${guessed}${unknown}`;
}

/** Rows over different tries are not to be compared as they stand. */
function unevenLines({ policies }: Summary): readonly string[] {
  const isUneven = new Set(policies.map(({ tries, tasks }) => `${tries} ${tasks}`)).size > 1;
  return isUneven ? ["The rows are over different numbers of tries: compare them by the last two columns only"] : [];
}

function leftOutLine({ leftOut }: Summary): string | null {
  const text = endsText(leftOut.ends);
  if (text === "") return null;
  return `In no row: ${text}; billed for them: ${leftOut.usd === null ? "not known in full" : dollars(leftOut.usd)}`;
}

function totalLine({ usd }: Summary): string {
  return `Billed in all: ${usd === null ? "not known in full" : dollars(usd)}`;
}
