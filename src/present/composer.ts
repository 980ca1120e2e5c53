import { usd } from "../core/money";
import type { TurnPercentiles } from "../core/policy/calibrate";
import type { PriceRow } from "../core/pricing";
import type { Caps, PolicySettings } from "../core/runConfig";
import { elapsedMs, hardLimit, type RunState, startingLimit } from "../core/runState";
import type { ComposerChoice, ComposerModel } from "../protocol/sidebar";
import { boundWords } from "./bound";
import { priceShort, priceWords } from "./figures";
import { formatCount } from "./format";
import { capText } from "./units";

/** What the composer is made from. The host knows these; nothing here is looked up. */
export interface ComposerInput {
  readonly choice: ComposerChoice;
  readonly models: readonly { readonly id: string; readonly price: PriceRow | null }[];
  /** Price of the chosen model: `undefined` = not looked up yet, `null` = none known. */
  readonly price: PriceRow | null | undefined;
  /** The policy that a start would use now, and the runs its limits come from. */
  readonly policy: PolicySettings;
  readonly typical: TurnPercentiles;
  /** Largest share by which a prompt was billed above its count; `null` before the first observation. */
  readonly inputError: number | null;
  /** What the host knows to stand in the way, such as a missing key. It comes before everything found here. */
  readonly obstacle: ComposerModel["blocked"];
  readonly trusted: boolean;
  /** The run that a message would continue; `null` starts a new one. */
  readonly run: RunState | null;
}

const SET_PRICE = "turnpike.setPrice";

export function composerModel(input: ComposerInput): ComposerModel {
  const { choice, trusted, run } = input;
  const caps = capsOf(choice);
  const turns = run ? choice.turns : hardLimit(input.policy, choice.turns);
  return {
    choice,
    models: modelOptions(input),
    limits: limitsShort(input, caps),
    policyNote: run ? followUpNote(run) : policyNote(input),
    bound: boundWords({ caps, turns, price: input.price, inputError: input.inputError, spent: run?.totals.usd ?? null }),
    blocked: input.obstacle ?? priceObstacle(input) ?? emptyCap(caps) ?? nothingLeft(run, caps),
    trusted,
    mode: run ? "followUp" : "start",
  };
}

function capsOf({ turns, usd: dollars, tokens, minutes }: ComposerChoice): Caps {
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

function sourceWords({ source, n }: TurnPercentiles): string {
  switch (source) {
    case "project":
      return `From ${formatCount(n, "run")} of this model here.`;
    case "model":
      return `From ${formatCount(n, "run")} of this model.`;
    case "fallback":
      return "From your own runs once there are 8.";
  }
}

function priceObstacle({ choice, price }: ComposerInput): ComposerModel["blocked"] {
  if (choice.usd === null || price !== null || choice.model === "") return null;
  const text = `A dollar limit needs a price, and none is known for ${choice.model}.`;
  return { text, command: SET_PRICE, action: "Set its price" };
}

function emptyCap(caps: Caps): ComposerModel["blocked"] {
  if (caps.usd === 0) return mended("A limit of $0 lets nothing be sent.");
  if (caps.turns === 0 || caps.tokens === 0 || caps.minutes === 0) return mended("A limit of 0 lets nothing be sent.");
  return null;
}

function nothingLeft(run: RunState | null, caps: Caps): ComposerModel["blocked"] {
  if (!run) return null;
  const { totals, turns } = run;
  const raise = (what: string) => mended(`Nothing is left of ${what}. Raise this limit to go on.`);
  if (caps.usd !== null && totals.usd >= caps.usd) return raise(capText("usd", caps.usd));
  if (caps.turns !== null && turns.length >= caps.turns) return raise(capText("turns", caps.turns));
  if (caps.tokens !== null && totals.tokens >= caps.tokens) return raise(capText("tokens", caps.tokens));
  const minutes = caps.minutes === null ? null : caps.minutes * 60_000;
  return minutes !== null && elapsedMs(run, run.lastAt) >= minutes ? raise(capText("minutes", minutes)) : null;
}

/** What the user mends in the composer itself. */
function mended(text: string): ComposerModel["blocked"] {
  return { text, command: null, action: "" };
}
