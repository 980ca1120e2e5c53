import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { LIMITS } from "../../protocol/limits";
import type { Extension, FromSidebar, ResumeOption, RunModel } from "../../protocol/sidebar";
import { NumberField, useComplaints } from "../shared/fields";

interface Props {
  readonly run: RunModel;
  onExtend(by: Extension, segment: ResumeOption["segment"]): void;
  onCancel(): void;
}

/** The button that opens the form, and the form once it is open: for a run that goes on and for one that has ended. */
export function useExtend(run: RunModel, post: (message: FromSidebar) => void) {
  const [isOpen, open] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const extend = (by: Extension, segment: ResumeOption["segment"]) => {
    post({ kind: "extend", runId: run.runId, segment, ...by });
    open(false);
  };
  const cancel = () => {
    open(false);
    requestAnimationFrame(() => opener.current?.focus());
  };
  const form = isOpen && run.can.extend ? <ExtendForm run={run} onExtend={extend} onCancel={cancel} /> : null;
  return { form, opener, open: () => open(true) };
}

const GO_ON = { segment: null, extendLabel: "Extend", title: "Raises the limits of the run in progress." } as const;

/** Adds to the limits that a run has; a unit without a limit is left alone. */
function ExtendForm({ run, onExtend, onCancel }: Props): JSX.Element {
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
  // A run in progress has but one way: on.
  const ways = run.resume.length > 0 ? run.resume : [GO_ON];
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
        {ways.map(({ segment, extendLabel, title }, index) => (
          <button
            key={segment}
            type="button"
            class={index === 0 ? "primary" : ""}
            title={title}
            disabled={empty || complaint !== null}
            onClick={() => onExtend(by, segment)}
          >
            {extendLabel}
          </button>
        ))}
        <button type="button" class="plain" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </section>
  );
}
