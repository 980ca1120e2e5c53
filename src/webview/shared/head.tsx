import type { JSX } from "preact";
import type { RunModel } from "../../protocol/sidebar";
import { Demo } from "./figure";
import { ForecastLine } from "./forecast";
import { Meter, Units } from "./meter";

/** Title, state, the meter and the four units: am I within budget? */
export function RunHead({ run, before }: { readonly run: RunModel; readonly before?: JSX.Element }): JSX.Element {
  return (
    <header class="head">
      <div class="title-row">
        {before}
        <h1 tabIndex={-1} title={run.title}>
          {run.title}
        </h1>
        {run.demo && <Demo />}
        <Pill run={run} />
      </div>
      {run.meter ? <Meter meter={run.meter} ended={run.phase === "ended"} /> : <p class="no-meter">No limit is set.</p>}
      <Units units={run.units} />
      {run.forecast && <ForecastLine forecast={run.forecast} />}
    </header>
  );
}

function Pill({ run }: { readonly run: RunModel }): JSX.Element {
  const { phase, level, outcome, status } = run;
  const tone = phase === "asking" ? "asking" : outcome ? outcome.kind : phase;
  return (
    <span class={`pill tone-${tone} level-${level}`}>
      <i class={tone === "running" || tone === "landing" ? "dot pulsing" : "dot"} />
      {status}
    </span>
  );
}
