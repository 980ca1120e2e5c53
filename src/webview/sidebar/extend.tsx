import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Extension, RunModel } from "../../protocol/sidebar";
import { NumberField } from "../shared/fields";

interface Props {
  readonly run: RunModel;
  readonly action: string;
  onExtend(by: Extension): void;
  onCancel(): void;
}

/** Adds to the limits that a run has; a unit without a limit is left alone. */
export function ExtendForm({ run, action, onExtend, onCancel }: Props): JSX.Element {
  const [by, setBy] = useState(run.extendBy);
  const capped = (unit: keyof Extension) => run.units.some((candidate) => candidate.unit === unit && candidate.share !== null);
  const set = (unit: keyof Extension) => (value: number | null) => setBy({ ...by, [unit]: value });
  const empty = !by.turns && !by.usd && !by.tokens && !by.minutes;
  return (
    <section class="extend" aria-label="Extend the limits">
      <div class="fields">
        {capped("turns") && <NumberField label="turns more" value={by.turns} none="0" whole onValue={set("turns")} />}
        {capped("usd") && <NumberField label="dollars more" value={by.usd} none="0" before="$" onValue={set("usd")} />}
        {capped("tokens") && <NumberField label="tokens more" value={by.tokens} none="0" whole onValue={set("tokens")} />}
        {capped("minutes") && <NumberField label="minutes more" value={by.minutes} none="0" onValue={set("minutes")} />}
      </div>
      <div class="buttons">
        <button type="button" class="primary" disabled={empty} onClick={() => onExtend(by)}>
          {action}
        </button>
        <button type="button" class="plain" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}
