import type { JSX } from "preact";
import type { CallModel, StepDetail, StepModel } from "../../protocol/sidebar";
import { Change, Subject } from "./call";
import { Amount } from "./figure";
import { Icon } from "./icons";
import { Scroll } from "./scroll";
import type { StepActions } from "./stepRow";

interface Props {
  readonly step: StepModel;
  readonly detail: StepDetail | undefined;
  readonly actions: StepActions;
}

/** An opened row: what was said, each call with its result, the bill, what was reserved, what the model was told. */
export function Detail({ step, detail, actions }: Props): JSX.Element {
  if (!detail) return <div class="detail loading">Loading…</div>;
  return (
    <section class="detail" aria-label={`Step ${step.turn} in full`}>
      {detail.text.trim() !== "" && <p class="prose">{detail.text}</p>}
      {step.calls.map((call) => (
        <CallDetail
          key={call.callId}
          call={call}
          result={detail.calls.find(({ callId }) => callId === call.callId)}
          actions={actions}
        />
      ))}
      <Bill detail={detail} />
      {detail.plan !== "" && <p class="fine">{detail.plan}</p>}
      {detail.tail !== null && <Told label="Sent with it" text={detail.tail} />}
      {detail.hint !== null && <Told label="Hint" text={detail.hint} />}
      {detail.retries.map((reason, index) => (
        <Told key={`retry-${index}`} label="Tried again" text={reason} />
      ))}
    </section>
  );
}

interface CallProps {
  readonly call: CallModel;
  readonly result: StepDetail["calls"][number] | undefined;
  readonly actions: StepActions;
}

function CallDetail({ call, result, actions }: CallProps): JSX.Element {
  // Most edits change the file they are about: it is named once.
  const [only] = call.changes;
  const own = call.changes.length === 1 && only?.path === call.subject ? only : null;
  return (
    <section class={`call-detail ${call.state}`} aria-label={`${call.verb} ${call.subject}`}>
      <div class="call-head">
        <span class="verb">{call.verb}</span>
        {own ? <ChangedFile change={own} callId={call.callId} actions={actions} /> : <Subject call={call} />}
        <span class="facts">{(result?.facts ?? []).join(" · ")}</span>
      </div>
      {!own && call.changes.length > 0 && (
        <ul class="changes">
          {call.changes.map((change) => (
            <li key={change.path}>
              <ChangedFile change={change} callId={call.callId} actions={actions} />
            </li>
          ))}
        </ul>
      )}
      {result && result.result !== "" && (
        <Scroll kind="result" label={`Result of ${call.verb} ${call.subject}`}>
          <pre>{result.result}</pre>
        </Scroll>
      )}
    </section>
  );
}

interface ChangeProps {
  readonly change: CallModel["changes"][number];
  readonly callId: string;
  readonly actions: StepActions;
}

function ChangedFile({ change, callId, actions }: ChangeProps): JSX.Element {
  const { path, added, removed, diff } = change;
  return (
    <span class="changed">
      <button type="button" class="link" title={`Open ${path}`} onClick={() => actions.openFile(path)}>
        {path}
      </button>
      <Change added={added} removed={removed} />
      {diff && (
        <button type="button" class="link" aria-label={`Diff of ${path}`} onClick={() => actions.openDiff(callId, path)}>
          diff
        </button>
      )}
    </span>
  );
}

/** The bill of the step: tokens and dollars by part. */
function Bill({ detail }: { readonly detail: StepDetail }): JSX.Element | null {
  if (detail.tokens.length === 0) return null;
  return (
    <table class="bill">
      <caption class="hidden">Bill of step {detail.turn}</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">part</th>
          <th scope="col">tokens</th>
          <th scope="col">cost</th>
        </tr>
      </thead>
      <tbody>
        {detail.tokens.map(({ part, label, value, usd }) => (
          <tr key={part}>
            <th scope="row">
              <i class={`swatch part-${part}`} />
              {label}
            </th>
            <td>{value}</td>
            <td>{usd}</td>
          </tr>
        ))}
        <tr class="total">
          <th scope="row">
            <span class="source" title={detail.total.title}>
              {detail.total.title}
            </span>
          </th>
          <td />
          <td>
            <Amount figure={detail.total} strong />
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Told({ label, text }: { readonly label: string; readonly text: string }): JSX.Element {
  return (
    <p class="told">
      {label === "Hint" && <Icon name="hint" size={12} />}
      <span class="label">{label}</span>
      <code>{text}</code>
    </p>
  );
}
