import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { FromHistory, LabModel, LabPolicy } from "../../protocol/history";
import { Curve, closest } from "./curve";

interface Props {
  readonly lab: LabModel;
  post(message: FromHistory): void;
}

/** The replay lab: pick runs and a policy, drag the limit, and see what it would have saved and lost. */
export function Lab({ lab, post }: Props): JSX.Element {
  const { points, present, policy } = lab;
  const [limit, setLimit] = useState<number | null>(null);
  const start = present?.limit ?? points[Math.floor(points.length * 0.75)]?.limit ?? null;
  // Another policy has another present setting to begin at.
  useEffect(() => setLimit(null), [policy]);
  const at = points.length === 0 ? null : closest(points, limit ?? start ?? 0);
  const point = at === null ? undefined : points[at];
  return (
    <div class={lab.working ? "lab working" : "lab"} aria-busy={lab.working}>
      <div class="lab-choices">
        <Select label="Runs" value={lab.pick} options={lab.picks} onChange={(pick) => post({ kind: "labPick", pick })} />
        <Select
          label="Policy"
          value={policy}
          options={lab.policies}
          onChange={(chosen) => {
            const found = lab.policies.find(({ value }) => value === chosen);
            if (found) post({ kind: "labPolicy", policy: found.value });
          }}
        />
        <div class="buttons">
          <button type="button" onClick={() => post({ kind: "labOpen" })}>
            Open recorded runs…
          </button>
        </div>
      </div>
      <p class="fine">{lab.policyNote}</p>
      {lab.nothing !== "" && <p class="nothing">{lab.nothing}</p>}
      {point && at !== null && (
        <>
          <Curve lab={lab} at={at} onMove={(to) => setLimit(points[to]?.limit ?? null)} />
          <ul class="summary" aria-label="What this limit would have done">
            {point.figures.map(({ value, label }) => (
              <li key={label}>
                <span class="value">{value}</span>
                <span class="label">{label}</span>
              </li>
            ))}
          </ul>
          <Use
            policy={policy}
            limit={point.limit}
            isPresent={present?.inForce === true && present.limit === point.limit}
            post={post}
          />
          <Table lab={lab} at={at} />
        </>
      )}
      <ul class="lab-notes">
        {lab.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}

function Select(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  onChange(value: string): void;
}): JSX.Element {
  const { label, value, options, onChange } = props;
  return (
    <label class="pick">
      <span>{label}</span>
      <select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

function Use({ policy, limit, isPresent, post }: { policy: LabPolicy; limit: number; isPresent: boolean } & Pick<Props, "post">) {
  return (
    <div class="buttons">
      <button
        type="button"
        class="primary"
        disabled={isPresent}
        title={isPresent ? "New tasks start under this limit already" : "Writes it to your settings, for new tasks"}
        onClick={() => post({ kind: "useLimit", policy, limit })}
      >
        Use this limit
      </button>
    </div>
  );
}

/** The curve in numbers, for those who read rather than look. */
function Table({ lab, at }: { readonly lab: LabModel; readonly at: number }): JSX.Element {
  return (
    <details class="lab-table">
      <summary>All limits as a table</summary>
      <table>
        <thead>
          <tr>
            {lab.heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lab.points.map(({ limit, cells }, index) => (
            <tr key={limit} class={index === at ? "chosen" : ""}>
              {cells.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
