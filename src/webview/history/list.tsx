import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { HistoryRow, RunList as Runs } from "../../protocol/history";
import { Amount, Demo } from "../shared/figure";
import { Icon, type IconName } from "../shared/icons";
import { More } from "../shared/more";

interface Props {
  readonly runs: Runs;
  onOpen(runId: string): void;
}

const BATCH = 100;

/** All runs, newest first, by day; the figures at the head are over all of them. */
export function RunList({ runs: { rows: all, summary, cut }, onOpen }: Props): JSX.Element {
  const [shown, setShown] = useState(BATCH);
  const rows = all.slice(0, shown);
  return (
    <>
      <Summary summary={summary} />
      {cut !== null && <p class="cut">{cut}</p>}
      <table class="runs">
        <thead>
          <tr>
            <th scope="col">Task</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="num">
              Turns
            </th>
            <th scope="col" class="wide">
              Model
            </th>
            <th scope="col" class="num">
              Cost
            </th>
            <th scope="col" class="cap">
              Cap
            </th>
            <th scope="col" class="num wide">
              Time
            </th>
          </tr>
        </thead>
        {byDay(rows).map(({ day, runs }) => (
          <tbody key={day}>
            <tr class="day">
              <th scope="rowgroup" colSpan={7}>
                {day}
              </th>
            </tr>
            {runs.map((row) => (
              <Row key={row.runId} row={row} onOpen={onOpen} />
            ))}
          </tbody>
        ))}
      </table>
      {shown < all.length && <More onNear={() => setShown(shown + BATCH)} />}
    </>
  );
}

const ICONS: { readonly [kind in HistoryRow["outcome"]["kind"]]: IconName } = {
  running: "play",
  done: "check",
  stopped: "gate",
  infeasible: "gate",
  failed: "cross",
  interrupted: "warning",
};

/** Where the keyboard finds a run of the list. */
export function rowId(runId: string): string {
  return `run-${runId}`;
}

function Row({ row, onOpen }: { readonly row: HistoryRow; onOpen(runId: string): void }): JSX.Element {
  const { outcome } = row;
  const imported = row.source !== "";
  return (
    <tr class={imported ? "run imported" : "run"} onClick={imported ? undefined : () => onOpen(row.runId)}>
      <td class="task">
        {imported ? (
          <span class="plain-text" title={`${row.task}\nImported: its steps are with ${row.source}.`}>
            {row.task}
          </span>
        ) : (
          <button type="button" class="link plain-text" id={rowId(row.runId)} title={row.task}>
            {row.task}
          </button>
        )}
        <span class="project">{[row.project, row.source].filter((part) => part !== "").join(" · ")}</span>
      </td>
      <td class={`ended kind-${outcome.kind} level-${outcome.level}`}>
        <span>
          <Icon name={ICONS[outcome.kind]} size={13} />
          {outcome.text}
        </span>
      </td>
      <td class="num turns">
        {row.turns}
        <span class="narrow"> turns</span>
      </td>
      <td class="wide model">{row.model}</td>
      <td class="num cost">
        <Amount figure={row.cost} strong />
      </td>
      <td class="cap">
        {row.cost.mark === "demo" && <Demo />} {row.cap}
        <span class="share">{row.share !== null && <i style={{ width: `${row.share * 100}%` }} />}</span>
      </td>
      <td class="num wide" title={row.whenTitle}>
        {row.when}
      </td>
    </tr>
  );
}

function Summary({ summary }: { readonly summary: Runs["summary"] }): JSX.Element | null {
  if (summary.length === 0) return null;
  return (
    <ul class="summary" aria-label="All runs together">
      {summary.map(({ value, label }) => (
        <li key={label}>
          <Amount figure={value} strong tag />
          <span class="label">{label}</span>
        </li>
      ))}
    </ul>
  );
}

function byDay(rows: readonly HistoryRow[]): readonly { readonly day: string; readonly runs: readonly HistoryRow[] }[] {
  const days: { day: string; runs: HistoryRow[] }[] = [];
  for (const row of rows) {
    const last = days.at(-1);
    if (last?.day === row.day) last.runs.push(row);
    else days.push({ day: row.day, runs: [row] });
  }
  return days;
}
