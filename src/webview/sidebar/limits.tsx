import type { JSX } from "preact";
import type { ComposerChoice, ComposerModel } from "../../protocol/sidebar";
import { NumberField, Select } from "../shared/fields";

interface Props {
  readonly choice: ComposerChoice;
  readonly composer: ComposerModel;
  onChoice(change: Partial<ComposerChoice>): void;
}

export const POLICIES = [
  { value: "dynamic", label: "Dynamic" },
  { value: "fixed", label: "Fixed" },
  { value: "unrestricted", label: "Unrestricted" },
] as const;

const PRESETS = [
  { value: "evidence", label: "On evidence" },
  { value: "published", label: "As published" },
] as const;

/** All limits in full: the rarer choices, folded away until they are wanted. */
export function Limits({ choice, composer, onChoice }: Props): JSX.Element {
  const { policy, preset } = choice;
  const followUp = composer.mode === "followUp";
  const fixed = policy === "fixed" || followUp;
  return (
    <section class="limits" aria-label="Limits" id="limits">
      {!followUp && (
        <div class="fields">
          <Select label="Turns policy" value={policy} options={POLICIES} onValue={(value) => onChoice({ policy: value })} />
          {policy === "dynamic" && (
            <Select label="Extended" value={preset} options={PRESETS} onValue={(value) => onChoice({ preset: value })} />
          )}
        </div>
      )}
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
      <p class="fine">{composer.policyNote}</p>
    </section>
  );
}
