import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../protocol/limits";
import type { Extension, FromSidebar, RunModel } from "../../protocol/sidebar";
import { NumberField, useComplaints } from "../shared/fields";

interface Props {
  readonly run: RunModel;
  readonly action: string;
  onExtend(by: Extension): void;
  onCancel(): void;
}

/** The button that opens the form, and the form once it is open: for a run that goes on and for one that has ended. */
export function useExtend(run: RunModel, action: string, post: (message: FromSidebar) => void) {
  const [isOpen, open] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const extend = (by: Extension) => {
    post({ kind: "extend", runId: run.runId, ...by });
    open(false);
  };
  const cancel = () => {
    open(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const form = isOpen && run.can.extend ? <ExtendForm run={run} action={action} onExtend={extend} onCancel={cancel} /> : null;
  return { form, opener, open: () => open(true) };
}

/** Adds to the limits that a run has; a unit without a limit is left alone. */
function ExtendForm({ run, action, onExtend, onCancel }: Props): JSX.Element {
  const [by, setBy] = useState(run.extendBy);
  const [complaint, complain] = useComplaints();
  const fields = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => fields.current?.querySelector("input")?.focus(), []);
  const field = (unit: keyof Extension, label: string, before?: string) => {
    const capped = run.units.some((candidate) => candidate.unit === unit && candidate.share !== null);
    if (!capped) return null;
    const onValue = (value: number | null) => setBy({ ...by, [unit]: value });
    const sign = before === undefined ? {} : { before };
    return (
      <NumberField
        {...sign}
        label={label}
        value={by[unit]}
        range={LIMITS[unit]}
        none="0"
        onValue={onValue}
        onComplaint={complain}
      />
    );
  };
  const empty = !by.turns && !by.usd && !by.tokens && !by.minutes;
  return (
    <section class="extend" aria-label="Extend the limits">
      <div class="fields" ref={fields}>
        {field("turns", "turns more")}
        {field("usd", "dollars more", "$")}
        {field("tokens", "tokens more")}
        {field("minutes", "minutes more")}
      </div>
      {complaint !== null && (
        <p class="fine" role="alert">
          {complaint}
        </p>
      )}
      <div class="buttons">
        <button type="button" class="primary" disabled={empty || complaint !== null} onClick={() => onExtend(by)}>
          {action}
        </button>
        <button type="button" class="plain" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}
