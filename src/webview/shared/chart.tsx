import type { JSX, TargetedKeyboardEvent, TargetedMouseEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { barSum, NO_BAR, PART_LABELS } from "../../protocol/bars";
import type { RunModel, StepModel } from "../../protocol/sidebar";
import { type Columns, columns, partPaths, partsIn, spaced, stepAt, verdictChanges } from "./chartMath";
import { useWidth } from "./hooks";

const HEIGHT = 64;
/** Above the bars, for the marks. */
const MARKS = 11;

/** All steps as stacked bars, oldest left. The arrow keys move along, Enter opens the step in the list. */
export function Chart({ run, onOpen }: { readonly run: RunModel; readonly onOpen: (turn: number) => void }): JSX.Element {
  const steps = [...run.steps].reverse();
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 300);
  const [chosen, choose] = useState<number | null>(null);
  const waits = run.nextAtMost !== null;
  // The call in flight stands over its own step, or beside it when the step was billed for an earlier attempt.
  const next = steps.length - (barSum(steps.at(-1)?.bar ?? NO_BAR) === 0 ? 1 : 0);
  const more = waits && next === steps.length ? 1 : 0;
  const cols = columns(steps.length + more, width);
  const at = chosen === null ? null : Math.min(chosen, steps.length - 1);
  const step = at === null ? undefined : steps[at];

  const move = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const to = target(event.key, at ?? steps.length - 1, steps.length, at === null);
    if (to !== null) choose(to);
    else if (event.key === "Enter" && step) onOpen(step.turn);
    else return;
    event.preventDefault();
  };
  const under = (event: TargetedMouseEvent<SVGSVGElement>) =>
    stepAt(event.clientX - event.currentTarget.getBoundingClientRect().left, steps.length, cols);

  return (
    <section class="chart" aria-label="Cost of each step">
      <p class="readout">{step ? <Readout step={step} /> : <Caption run={run} />}</p>
      <div
        ref={frame}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label="Steps"
        aria-orientation="horizontal"
        aria-valuemin={1}
        aria-valuemax={steps.length}
        aria-valuenow={(at ?? steps.length - 1) + 1}
        aria-valuetext={spoken(step ?? steps.at(-1))}
        onKeyDown={move}
        onBlur={() => choose(null)}
      >
        <svg
          width={width}
          height={HEIGHT + MARKS + 1}
          aria-hidden="true"
          onMouseMove={(event) => choose(under(event))}
          onMouseLeave={() => choose(null)}
          onClick={(event) => {
            const index = under(event);
            const hit = index === null ? undefined : steps[index];
            if (hit) onOpen(hit.turn);
          }}
        >
          <Bars steps={steps} cols={cols} at={at} next={waits ? next : null} />
          <path class="axis" d={`M0 ${MARKS + HEIGHT + 0.5}H${width}`} />
        </svg>
      </div>
      <Legend run={run} />
    </section>
  );
}

interface BarsProps {
  readonly steps: readonly StepModel[];
  readonly cols: Columns;
  readonly at: number | null;
  readonly next: number | null;
}

function Bars({ steps, cols, at, next }: BarsProps): JSX.Element {
  const { pitch, bar } = cols;
  return (
    <g transform={`translate(0 ${MARKS})`}>
      {at !== null && <rect class="chosen" x={at * pitch} y={-MARKS} width={Math.max(bar, 1)} height={HEIGHT + MARKS} />}
      {[...partPaths(steps, cols, HEIGHT)].map(([part, d]) => (
        <path key={part} class={`part-${part}`} d={d} />
      ))}
      <Unknown steps={steps} cols={cols} />
      {next !== null && bar >= 3 && <path class="next" d={`M${next * pitch + 0.5} ${HEIGHT}V6.5h${bar - 1}V${HEIGHT}`} />}
      <Marks steps={steps} cols={cols} />
    </g>
  );
}

/** A step that was billed, but for an amount that is not known, is not a step that cost nothing. */
function Unknown({ steps, cols }: { steps: readonly StepModel[]; cols: Columns }): JSX.Element {
  const unknown = steps.flatMap((step, index) => (step.height === 0 && step.cost.mark === "?" ? [index] : []));
  return (
    <>
      {unknown.map((index) => (
        <rect
          key={index}
          class="unknown"
          x={index * cols.pitch + 0.5}
          y={HEIGHT - 9.5}
          width={Math.max(1, cols.bar - 1)}
          height={9}
        />
      ))}
    </>
  );
}

/** A tick for a check that passed, a cross for one that did not, an arrow where a limit was passed by an extension. */
const SHAPES = {
  checkPassed: "m-3 -4.5 2.2 2.2 3.8 -4.4",
  checkFailed: "m-2.5 -6.5 5 5m0 -5 -5 5",
  extended: "m-3 -3 3 -3.5 3 3.5",
} as const;

function Marks({ steps, cols }: { steps: readonly StepModel[]; cols: Columns }): JSX.Element {
  const marked = verdictChanges(steps);
  const places = spaced([...marked.keys()], cols.pitch, 9);
  return (
    <>
      {places.map((index) => {
        const kind = marked.get(index) ?? "extended";
        const x = Math.max(4, index * cols.pitch + cols.bar / 2);
        const y = Math.max(0, HEIGHT * (1 - (steps[index]?.height ?? 0))) - 0.5;
        return <path key={index} class={`mark-${kind}`} d={`M${x} ${y}${SHAPES[kind]}`} />;
      })}
    </>
  );
}

function Caption({ run }: { readonly run: RunModel }): JSX.Element {
  const unit = `${run.demo && run.chartUnit === "usd" ? "demo " : ""}${run.chartUnit === "usd" ? "dollars" : "tokens"} per step`;
  return (
    <>
      <span>{unit}</span>
      <span class="end">
        {run.chartTop !== "" && <span class="peak">peak {run.chartTop}</span>}
        {run.nextAtMost !== null && <span>{run.nextAtMost}</span>}
      </span>
    </>
  );
}

function Readout({ step }: { readonly step: StepModel }): JSX.Element {
  const call = step.calls[0];
  return (
    <>
      <b>{step.turn}</b>
      <span class="what">{call ? `${call.verb} ${call.subject}` : step.says || "…"}</span>
      <span class="end" title={step.barTitle}>
        {step.cost.mark === "≈" ? "≈ " : ""}
        {step.cost.text}
      </span>
    </>
  );
}

function Legend({ run }: { readonly run: RunModel }): JSX.Element {
  return (
    <ul class="legend" aria-label="Parts of a bar, from the bottom">
      {partsIn(run.steps).map((part) => (
        <li key={part}>
          <i class={`swatch part-${part}`} />
          {PART_LABELS[part]}
        </li>
      ))}
    </ul>
  );
}

function spoken(step: StepModel | undefined): string {
  if (!step) return "no steps";
  const call = step.calls[0];
  return `step ${step.turn}, ${step.cost.text || "not billed yet"}${call ? `, ${call.verb} ${call.subject}` : ""}; ${step.barTitle}`;
}

function target(key: string, at: number, count: number, first: boolean): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return first ? at : Math.max(0, at - 1);
    case "ArrowRight":
    case "ArrowUp":
      return first ? at : Math.min(count - 1, at + 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
