import type { ComponentChildren, JSX } from "preact";
import { useCallback, useRef, useState } from "preact/hooks";
import type { RunModel, StepDetail, StepModel } from "../../protocol/sidebar";
import { Chart } from "./chart";
import { Decision } from "./decision";
import { Icon } from "./icons";
import { More } from "./more";
import { OutcomeCard, Warnings } from "./outcome";
import { Plan } from "./plan";
import { type StepActions, StepRow } from "./stepRow";

interface Props {
  readonly run: RunModel;
  readonly details: ReadonlyMap<number, StepDetail>;
  readonly opened: ReadonlySet<number>;
  readonly actions: StepActions;
  onOpened(opened: ReadonlySet<number>): void;
  /** What can be done with a run that ended. */
  readonly children?: ComponentChildren;
}

/** Rows drawn at first, and added whenever the end of the list comes near. */
const BATCH = 25;

/** A run from its newest step down to its task. */
export function RunView({ run, details, opened, actions, onOpened, children }: Props): JSX.Element {
  const [shown, setShown] = useState(2 * BATCH);
  const latest = useRef(opened);
  latest.current = opened;
  const toggle = useCallback(
    (turn: number) => onOpened(latest.current.has(turn) ? without(latest.current, turn) : new Set([...latest.current, turn])),
    [onOpened],
  );
  const reveal = (turn: number) => {
    const index = run.steps.findIndex((step) => step.turn === turn);
    if (index >= shown) setShown(index + BATCH);
    if (!opened.has(turn)) onOpened(new Set([...opened, turn]));
    requestAnimationFrame(() => showRow(turn));
  };
  const steps = run.steps.slice(0, shown);
  const newest = run.steps[0]?.turn ?? 0;
  const unanswered = run.messages.slice(1).filter((message) => message.beforeTurn > newest);
  return (
    <>
      {run.steps.length > 0 && <Chart run={run} onOpen={reveal} />}
      <Warnings texts={run.warnings} />
      <OutcomeCard run={run} actions={actions}>
        {children}
      </OutcomeCard>
      {run.plan && <Plan plan={run.plan} />}
      <ol class="steps" reversed aria-label="Steps, newest first" style={{ "--digits": String(String(newest).length) }}>
        {unanswered.map((message, index) => (
          <Said key={`said-${index}`} text={message.text} />
        ))}
        {steps.map((step) => (
          <StepWithMessages key={step.turn} run={run} step={step}>
            <StepRow
              step={step}
              live={step.live ? run.live : null}
              open={opened.has(step.turn)}
              detail={details.get(step.turn)}
              actions={actions}
              onToggle={toggle}
            />
          </StepWithMessages>
        ))}
      </ol>
      {shown < run.steps.length ? <More onNear={() => setShown(shown + BATCH)} /> : <Beginning run={run} />}
    </>
  );
}

/** A step, above it what was decided after it, and below it what the user said before it; the task itself stands at the end of the list. */
function StepWithMessages({ run, step, children }: { run: RunModel; step: StepModel; children: ComponentChildren }): JSX.Element {
  const said = run.messages.slice(1).filter((message) => message.beforeTurn === step.turn);
  const decided = run.decisions.filter((decision) => decision.afterTurn === step.turn);
  return (
    <>
      {decided.map((decision, index) => (
        <Decision key={`decision-${index}`} decision={decision} />
      ))}
      {children}
      {said.map((message, index) => (
        <Said key={`said-${index}`} text={message.text} />
      ))}
    </>
  );
}

function Said({ text }: { readonly text: string }): JSX.Element {
  return (
    <li class="message">
      <Icon name="person" size={13} />
      <p class="prose">{text}</p>
    </li>
  );
}

function Beginning({ run }: { readonly run: RunModel }): JSX.Element {
  return (
    <section class="beginning" aria-label="Task">
      <Icon name="person" size={13} />
      <p class="prose">{run.messages[0]?.text ?? run.title}</p>
      <ul class="about">
        {run.about.map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
    </section>
  );
}

function showRow(turn: number): void {
  const row = document.getElementById(`step-${turn}`);
  row?.scrollIntoView({ block: "nearest" });
  row?.querySelector("button")?.focus({ preventScroll: true });
}

function without(set: ReadonlySet<number>, turn: number): ReadonlySet<number> {
  const rest = new Set(set);
  rest.delete(turn);
  return rest;
}
