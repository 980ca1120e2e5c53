import type { RunState } from "../core/runState";
import type { ComposerInput } from "../present/composer";
import type { Choices } from "./choices";
import type { Known } from "./facts";
import { noticeTo, obstacleTo } from "./obstacle";
import { policyOf } from "./runRequest";
import type { Session } from "./session";

/** What the composer is made from, of what is known now. */
export function composerInput(
  known: Known,
  choices: Choices,
  { state: run, refusal }: Pick<Session, "state" | "refusal">,
  starting: boolean,
): ComposerInput {
  const { settings, typical, trusted } = known;
  const choice = choices.of(run);
  const { model } = choice;
  return {
    choice,
    revision: choices.revision,
    models: offered(known, run).map((id) => ({ id, price: known.prices.get(id) ?? null })),
    price: known.prices.get(model),
    policy: run?.config.policy ?? policyOf(choice, settings, typical),
    fixedTurns: settings.maxTurns,
    typical,
    inputError: known.inputErrors.get(model) ?? null,
    expected: known.expected,
    obstacle: obstacleTo(known, { model, folder: run?.config.project ?? null }),
    notice: noticeTo(known, model, refusal),
    starting,
    trusted,
    run,
  };
}

function offered({ settings }: Known, run: RunState | null): readonly string[] {
  return [...new Set([settings.model, ...settings.models, ...(run ? [run.config.model.id] : [])])];
}
