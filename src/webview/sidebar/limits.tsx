import type { JSX } from "preact";
import type { ComposerChoice, ComposerModel } from "../../protocol/sidebar";
import { NumberField, Select } from "../shared/fields";

interface Props {
  readonly choice: ComposerChoice;
  readonly composer: ComposerModel;
  onChoice(change: Partial<ComposerChoice>): void;
}

const PRESETS = [
  { value: "evidence", label: "in chunks, earned by progress" },
  { value: "published", label: "once, as published" },
] as const;

/** All limits in full: the rarer choices, folded away until they are wanted. */
export function Limits({ choice, composer, onChoice }: Props): JSX.Element {
  const { policy, preset } = choice;
  const followUp = composer.mode === "followUp";
  const fixed = policy === "fixed" || followUp;
  return (
    <section class="limits" aria-label="Limits" id="limits">
      <div class="fields">
        <NumberField
          label={policy === "dynamic" && !followUp ? "Turns at most" : "Turns"}
          value={choice.turns}
          none={policy === "dynamic" ? "auto" : "no limit"}
          optional={!fixed || choice.turns === null}
          whole
          onValue={(turns) => onChoice({ turns })}
        />
        <NumberField label="Dollars" value={choice.usd} none="no limit" before="$" onValue={(usd) => onChoice({ usd })} />
        <NumberField label="Tokens" value={choice.tokens} none="no limit" whole onValue={(tokens) => onChoice({ tokens })} />
        <NumberField label="Minutes" value={choice.minutes} none="no limit" onValue={(minutes) => onChoice({ minutes })} />
      </div>
      {policy === "dynamic" && !followUp && (
        <Select label="More turns" value={preset} options={PRESETS} onValue={(value) => onChoice({ preset: value })} />
      )}
      <p class="fine">{composer.policyNote}</p>
    </section>
  );
}
