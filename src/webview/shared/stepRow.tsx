import type { JSX } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { BAR_PARTS, barSum } from "../../protocol/bars";
import type { RunModel, StepDetail, StepMark, StepModel } from "../../protocol/sidebar";
import { CallLine } from "./call";
import { Amount } from "./figure";
import { useStable } from "./hooks";
import { Icon, type IconName } from "./icons";
import { Live } from "./live";
import { Detail } from "./stepDetail";

/** What a page does for the rows of a run. */
export interface StepActions {
  /** Asks the host for what an open row shows. */
  detail(turn: number): void;
  openDiff(callId: string, path: string): void;
  openFile(path: string): void;
  /** Puts text on the clipboard, which the editor can do wherever it runs. */
  copy(text: string): void;
}

interface Props {
  readonly step: StepModel;
  readonly live: RunModel["live"] | null;
  readonly open: boolean;
  readonly detail: StepDetail | undefined;
  readonly actions: StepActions;
  onToggle(turn: number): void;
}

/** More calls than this in one step are counted, not listed, until the row is opened. */
const MOST_CALLS = 4;

export function StepRow({ step: given, live, open, detail, actions, onToggle }: Props): JSX.Element {
  const step = useStable(given);
  useEffect(() => {
    if (open) actions.detail(step.turn);
  }, [open, step, actions]);
  return useMemo(
    () => (
      <li
        class={`step${step.live ? " live" : ""}${open ? " open" : ""}${barSum(step.bar) === 0 ? " unbilled" : ""}`}
        id={`step-${step.turn}`}
      >
        <button type="button" class="row" aria-expanded={open} onClick={() => onToggle(step.turn)}>
          <span class="turn">
            <span class="hidden">step </span>
            {step.turn}
            <Marks marks={step.marks} />
          </span>
          <span class="what">
            <Calls step={step} open={open} />
          </span>
          <span class="money">
            <Amount figure={step.cost} strong />
            <span class="hidden">, in all </span>
            <span class="running">
              <Amount figure={step.running} />
            </span>
          </span>
          <RowBar step={step} />
        </button>
        {live && <Live live={live} />}
        {open && <Detail step={step} detail={detail} actions={actions} />}
      </li>
    ),
    [step, open, detail, live, actions, onToggle],
  );
}

/** What an opened row says in full below is not said in short as well. */
function Calls({ step, open }: { readonly step: StepModel; readonly open: boolean }): JSX.Element {
  const { calls, says, seconds, purpose } = step;
  const shown = calls.length > MOST_CALLS ? calls.slice(0, MOST_CALLS - 1) : calls;
  const more = calls.length - shown.length;
  const words = calls.length === 0 && purpose === "landing" ? "landing: the hand-off note" : says;
  return (
    <>
      {shown.map((call) => (
        <CallLine key={call.callId} call={call} />
      ))}
      <span class="says">
        {seconds !== "" && <span class="seconds">{seconds}</span>}
        {more > 0 && <span class="more">+{more} more</span>}
        {words !== "" && !open && <span>{words}</span>}
      </span>
    </>
  );
}

/** Its length is the step's share of the dearest step, its parts are what that was spent on. */
function RowBar({ step }: { readonly step: StepModel }): JSX.Element {
  const sum = barSum(step.bar);
  if (sum === 0) return <span class="bar none" />;
  return (
    <span class="bar" title={step.barTitle}>
      <span class="fill" style={{ width: `${step.height * 100}%` }}>
        {sum > 0 &&
          BAR_PARTS.map(
            (part) =>
              step.bar[part] > 0 && <i key={part} class={`part-${part}`} style={{ flexGrow: String(step.bar[part] / sum) }} />,
          )}
      </span>
    </span>
  );
}

const MARKS: { readonly [mark in StepMark]: { readonly icon: IconName; readonly title: string } | null } = {
  checkPassed: { icon: "check", title: "check passed" },
  checkFailed: { icon: "cross", title: "check failed" },
  retry: { icon: "retry", title: "the call was tried again" },
  hint: { icon: "hint", title: "a hint was sent" },
  extended: { icon: "extend", title: "the limit was extended here" },
  overrun: { icon: "warning", title: "billed above its bound" },
  // The figure itself carries the sign.
  estimated: null,
};

function Marks({ marks }: { readonly marks: readonly StepMark[] }): JSX.Element {
  return (
    <span class="marks">
      {marks.map((mark) => {
        const shown = MARKS[mark];
        return shown && <Icon key={mark} name={shown.icon} size={11} title={shown.title} />;
      })}
    </span>
  );
}
