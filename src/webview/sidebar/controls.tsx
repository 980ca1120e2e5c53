import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { FromSidebar, RunModel } from "../../protocol/sidebar";
import { Icon } from "../shared/icons";
import { ExtendForm } from "./extend";

interface Props {
  readonly run: RunModel;
  post(message: FromSidebar): void;
}

/** What can be done while a run goes on. */
export function RunControls({ run, post }: Props): JSX.Element {
  const [extending, setExtending] = useState(false);
  const { can, bound, phase, question } = run;
  if (extending && can.extend) {
    const extend = (by: RunModel["extendBy"]) => {
      post({ kind: "extend", ...by });
      setExtending(false);
    };
    return <ExtendForm run={run} action="Extend" onExtend={extend} onCancel={() => setExtending(false)} />;
  }
  return (
    <section class="controls" aria-label="Run">
      <div class="buttons">
        {can.stop && question?.kind !== "extension" && (
          <button
            type="button"
            title="End at once. What was sent is settled; files stay as they are."
            onClick={() => post({ kind: "stop" })}
          >
            <Icon name="stop" />
            Stop
          </button>
        )}
        {can.land && question === null && (
          <button type="button" title="End in order: one last turn for the hand-off note." onClick={() => post({ kind: "land" })}>
            <Icon name="land" />
            Land now
          </button>
        )}
        {can.extend && question === null && (
          <button type="button" class="plain" onClick={() => setExtending(true)}>
            <Icon name="extend" />
            Extend…
          </button>
        )}
      </div>
      <p class="bound">
        <Icon name="shield" size={13} />
        {phase === "landing" ? "Landing: the last turn writes the hand-off note." : bound}
      </p>
    </section>
  );
}

/** What can be done with a run that ended. */
export function EndedControls({ run, post }: Props): JSX.Element {
  const [extending, setExtending] = useState(false);
  const { can } = run;
  if (extending && can.extend) {
    const extend = (by: RunModel["extendBy"]) => {
      post({ kind: "extend", ...by });
      setExtending(false);
    };
    return <ExtendForm run={run} action="Extend and go on" onExtend={extend} onCancel={() => setExtending(false)} />;
  }
  return (
    <div class="buttons">
      {can.extend && (
        <button type="button" class="primary" onClick={() => setExtending(true)}>
          Extend…
        </button>
      )}
      {can.resume && (
        <button type="button" class="primary" onClick={() => post({ kind: "resume" })}>
          Resume
        </button>
      )}
      <button type="button" onClick={() => post({ kind: "newTask" })}>
        New task
      </button>
    </div>
  );
}
