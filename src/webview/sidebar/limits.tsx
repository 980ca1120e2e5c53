import type { JSX } from "preact";
import { LIMITS } from "../../protocol/limits";
import type { ComposerChoice, ComposerModel } from "../../protocol/sidebar";
import { NumberField, Select } from "../shared/fields";

interface Props {
  readonly choice: ComposerChoice;
  readonly composer: ComposerModel;
  onChoice(change: Partial<ComposerChoice>): void;
  onComplaint(label: string, why: string | null): void;
}

const PRESETS = [
  { value: "evidence", label: "in chunks, earned by progress" },
  { value: "published", label: "once, as published" },
] as const;

/** All limits in full: the rarer choices, folded away until they are wanted. */
export function Limits({ choice, composer, onChoice, onComplaint }: Props): JSX.Element {
  const { policy, preset, turns, usd, tokens, minutes } = choice;
  const followUp = composer.mode === "followUp";
  const field = { none: "no limit", onComplaint };
  return (
    <section class="limits" aria-label="Limits" id="limits">
      <div class="fields">
        <NumberField
          {...field}
          label={policy === "dynamic" && !followUp ? "Turns at most" : "Turns"}
          value={turns}
          none={composer.turnsNone}
          range={LIMITS.turns}
          // The limit of a run that goes on can be moved, and not be taken away.
          optional={!followUp || turns === null}
          onValue={(value) => onChoice({ turns: value })}
        />
        <NumberField
          {...field}
          label="Dollars"
          value={usd}
          range={LIMITS.usd}
          before="$"
          onValue={(value) => onChoice({ usd: value })}
        />
        <NumberField
          {...field}
          label="Tokens"
          value={tokens}
          range={LIMITS.tokens}
          onValue={(value) => onChoice({ tokens: value })}
        />
        <NumberField
          {...field}
          label="Minutes"
          value={minutes}
          range={LIMITS.minutes}
          onValue={(value) => onChoice({ minutes: value })}
        />
      </div>
      {policy === "dynamic" && !followUp && (
        <Select label="More turns" value={preset} options={PRESETS} onValue={(value) => onChoice({ preset: value })} />
      )}
      <p class="fine">{composer.policyNote}</p>
    </section>
  );
}
