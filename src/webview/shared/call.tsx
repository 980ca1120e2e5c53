import type { JSX } from "preact";
import type { CallModel } from "../../protocol/sidebar";

/** One tool call in a line: verb, subject, what came of it. */
export function CallLine({ call }: { readonly call: CallModel }): JSX.Element {
  return (
    <span class={`call ${call.state}`}>
      <span class="verb">{call.verb}</span>
      <Subject call={call} />
      <Sizes changes={call.changes} />
      <span class="facts">
        {call.verdict !== null && <span class="verdict">{call.verdict}</span>}
        {call.facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </span>
    </span>
  );
}

/** A path gives up its folders before its name; a command its end. */
export function Subject({ call }: { readonly call: CallModel }): JSX.Element {
  const slash = call.about === "path" ? call.subject.lastIndexOf("/") : -1;
  return (
    <code class="subject" title={call.subject}>
      {slash > 0 && <span class="dir">{call.subject.slice(0, slash + 1)}</span>}
      <span class="base">{call.subject.slice(slash + 1)}</span>
    </code>
  );
}

function Sizes({ changes }: { readonly changes: CallModel["changes"] }): JSX.Element | null {
  if (changes.length === 0) return null;
  const added = changes.reduce((sum, change) => sum + change.added, 0);
  const removed = changes.reduce((sum, change) => sum + change.removed, 0);
  return <Change added={added} removed={removed} />;
}

export function Change({ added, removed }: { readonly added: number; readonly removed: number }): JSX.Element {
  return (
    <span class="change">
      <span class="plus">+{added}</span> <span class="minus">−{removed}</span>
    </span>
  );
}
