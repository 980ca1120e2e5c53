import type { RunState } from "../core/runState";
import type { ComposerInput } from "../present/composer";
import type { ComposerChoice } from "../protocol/sidebar";
import type { Known } from "./facts";
import { obstacleTo } from "./obstacle";
import { policyOf } from "./runRequest";
import type { Session } from "./session";

/** What the composer is made from, of what is known now. While a run is about to begin, nothing else can. */
export function composerInput(
  known: Known,
  choice: ComposerChoice,
  { state: run, refusal }: Pick<Session, "state" | "refusal">,
  starting: boolean,
): ComposerInput {
  const { settings, typical, trusted } = known;
  return {
    choice,
    models: offered(known, run).map((id) => ({ id, price: known.prices.get(id) ?? null })),
    price: known.prices.get(choice.model),
    policy: run?.config.policy ?? policyOf(choice, settings, typical),
    typical,
    inputError: null,
    obstacle: obstacleTo(known, { model: choice.model, followsUp: run !== null, starting, refusal }),
    trusted,
    run,
  };
}

function offered({ settings }: Known, run: RunState | null): readonly string[] {
  return [...new Set([settings.model, ...settings.models, ...(run ? [run.config.model.id] : [])])];
}
