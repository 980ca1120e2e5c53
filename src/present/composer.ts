import type { Forecast } from "../core/forecast/forecast";
import { UNIT_OF } from "../core/landing";
import { usd } from "../core/money";
import type { CalibrationSource, TurnPercentiles } from "../core/policy/calibrate";
import type { PriceRow } from "../core/pricing";
import type { Caps, PolicySettings, Unit } from "../core/runConfig";
import { elapsedMs, hardLimit, type RunState, startingLimit } from "../core/runState";
import type { ComposerChoice, ComposerModel, Hindrance } from "../protocol/sidebar";
import { boundWords } from "./bound";
import { priceShort, priceWords } from "./figures";
import { startForecast } from "./forecast";
import { formatCount, formatNumber } from "./format";
import { capText } from "./units";

/** What the composer is made from. The host knows these; nothing here is looked up. */
export interface ComposerInput {
  readonly choice: ComposerChoice;
  readonly revision: number;
  readonly models: readonly { readonly id: string; readonly price: PriceRow | null }[];
  /** Price of the chosen model: `undefined` = not looked up yet, `null` = none known. */
  readonly price: PriceRow | null | undefined;
  /** The policy that a start would use now, and the runs its limits come from. */
  readonly policy: PolicySettings;
  readonly fixedTurns: number;
  readonly typical: TurnPercentiles;
  /** Largest share by which a prompt was billed above its count; `null` before the first observation. */
  readonly inputError: number | null;
  /** What a start is likely to take; `null` when past runs say nothing. */
  readonly expected: Forecast | null;
  /** What the host knows to stand in the way, such as a missing key. It comes before everything found here. */
  readonly obstacle: Hindrance | null;
  /** What the host has to say that stands in no way, such as the last refusal. */
  readonly notice: Hindrance | null;
  readonly starting: boolean;
  readonly trusted: boolean;
  /** The run that a message would continue; `null` starts a new one. */
  readonly run: RunState | null;
}

const SET_PRICE = "turnpike.setPrice";

export function composerModel(input: ComposerInput): ComposerModel {
  const { choice, revision, fixedTurns, notice, starting, trusted, run } = input;
  const caps = chosenCaps(choice);
  const turns = run ? choice.turns : hardLimit(input.policy, choice.turns);
  return {
    choice,
    revision,
    models: modelOptions(input),
    limits: limitsShort(input, caps),
    turnsNone: turnsNone(input),
    fixedTurns,
    policyNote: run ? followUpNote(run) : policyNote(input),
    bound: boundWords({ caps, turns, price: input.price, inputError: input.inputError, spent: run?.totals.usd ?? null }),
    forecast: run ? null : startForecast(input.expected, turns, caps),
    blocked: input.obstacle ?? priceObstacle(input) ?? emptyCap(caps) ?? (run && nothingLeft(run, caps, choice.model)),
    notice,
    starting,
    trusted,
    mode: run ? "followUp" : "start",
  };
}

/** What was chosen as limits that all hold alike, whatever the policy makes of the turns. */
function chosenCaps({ turns, usd: dollars, tokens, minutes }: ComposerChoice): Caps {
  return { turns, usd: dollars === null ? null : usd(dollars), tokens, minutes };
}

function modelOptions({ models, choice, price }: ComposerInput): ComposerModel["models"] {
  const known = models.some(({ id }) => id === choice.model);
  const all = known || choice.model === "" ? models : [{ id: choice.model, price: price ?? null }, ...models];
  return all.map((model) => ({
    id: model.id,
    label: model.price ? `${model.id} · ${priceShort(model.price)}` : model.id,
    title: model.price ? priceWords(model.price) : "no price known",
  }));
}

/** `$0.50 · 40–80 turns · 30 min`: what is cut off first matters least. */
function limitsShort({ policy, choice, run }: ComposerInput, caps: Caps): string {
  const base = startingLimit(policy, choice.turns);
  const hard = hardLimit(policy, choice.turns);
  const range = !run && base !== null && hard !== null && hard > base ? `${base}–${formatCount(hard, "turn")}` : null;
  const most = run ? choice.turns : hard;
  const turns = range ?? (most === null ? null : formatCount(most, "turn"));
  const parts = [
    caps.usd === null ? null : capText("usd", caps.usd),
    turns,
    caps.tokens === null ? null : capText("tokens", caps.tokens),
    caps.minutes === null ? null : capText("minutes", caps.minutes * 60_000),
  ].filter((part) => part !== null);
  return parts.length === 0 ? "no limits" : parts.join(" · ");
}

/** The policy's own limit; a run that goes on has none but the one that is shown. */
function turnsNone({ policy, run }: ComposerInput): string {
  const most = run ? null : hardLimit(policy, null);
  return most === null ? "no limit" : formatNumber(most);
}

function followUpNote(run: RunState): string {
  return `Limits in all, with the ${formatCount(run.turns.length, "turn")} already taken.`;
}

function policyNote({ policy, typical, choice }: ComposerInput): string {
  const base = startingLimit(policy, choice.turns);
  const hard = hardLimit(policy, choice.turns);
  switch (policy.kind) {
    case "unrestricted":
      return "No turn limit of its own. The other limits still hold.";
    case "fixed":
      return "The model is told what is left after every turn; the last turn is for the hand-off.";
    case "dynamic": {
      if (base === hard) return `${base} turns, the last for the hand-off.`;
      if (policy.preset === "published") return `Starts with ${base} turns, extended once to ${hard}. ${sourceWords(typical)}`;
      const chunk = Math.ceil(policy.baseTurns / 4);
      return `Starts with ${base} turns; progress earns ${chunk} more at a time, never past ${hard}. ${sourceWords(typical)}`;
    }
  }
}

/** What the turns come from: the first source counts most, by how many runs it has. */
function sourceWords({ sources }: TurnPercentiles): string {
  const [first = "", ...rest] = sources.map(({ kind, n }) =>
    `${formatCount(n, SOURCE_WORDS[kind][0])} ${SOURCE_WORDS[kind][1]}`.trim(),
  );
  return rest.length === 0 ? `From ${first}.` : `From ${first}, drawn towards ${rest.join(" and ")}.`;
}

const SOURCE_WORDS: { readonly [kind in CalibrationSource["kind"]]: readonly [string, string] } = {
  here: ["run", "of this model here"],
  model: ["run", "of this model"],
  imported: ["imported run", ""],
  prior: ["published run", ""],
};

function priceObstacle({ choice, price }: ComposerInput): Hindrance | null {
  if (choice.usd === null || price !== null || choice.model === "") return null;
  const text = `A dollar limit needs a price, and none is known for ${choice.model}.`;
  return { text, command: SET_PRICE, action: "Set its price" };
}

function emptyCap(caps: Caps): Hindrance | null {
  if (caps.usd === 0) return mended("A limit of $0 lets nothing be sent.");
  if (caps.turns === 0 || caps.tokens === 0 || caps.minutes === 0) return mended("A limit of 0 lets nothing be sent.");
  return null;
}

/** A limit that is used up, or that stopped the run and was not raised: under it, it would only stop again. Another model may be cheaper. */
function nothingLeft(run: RunState, caps: Caps, model: string): Hindrance | null {
  const stopped = run.outcome?.kind === "stopped" ? UNIT_OF[run.outcome.reason] : null;
  const used = { turns: run.turns.length, usd: run.totals.usd, tokens: run.totals.tokens, minutes: elapsedMs(run, run.lastAt) };
  const before = { ...measured(run.caps), turns: run.limit };
  const chosen = measured(caps);
  for (const unit of ["usd", "turns", "tokens", "minutes"] as const) {
    const cap = chosen[unit];
    if (cap === null) continue;
    if (used[unit] >= cap) return mended(`Nothing is left of ${capText(unit, cap)}. Raise this limit to go on.`);
    const was = before[unit];
    const isCheaper = unit === "usd" && model !== run.config.model.id;
    if (stopped === unit && !isCheaper && was !== null && cap <= was) {
      return mended(`The run stopped at the limit of ${capText(unit, was)}. Raise it to go on.`);
    }
  }
  return null;
}

/** Caps as views measure them: time in milliseconds. */
function measured(caps: Caps): { readonly [unit in Unit]: number | null } {
  return { ...caps, minutes: caps.minutes === null ? null : caps.minutes * 60_000 };
}

/** What the user mends in the composer itself. */
function mended(text: string): Hindrance | null {
  return { text, command: null, action: "" };
}
