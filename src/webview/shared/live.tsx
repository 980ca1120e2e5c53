import type { JSX } from "preact";
import type { RunModel } from "../../protocol/sidebar";

/** What streams in: thinking, words, the output of a command. The newest lines stay in view. */
export function Live({ live }: { readonly live: RunModel["live"] }): JSX.Element | null {
  const { text, reasoning, output } = live;
  if (text === "" && reasoning === "" && output === "") return null;
  return (
    <div class="live-box">
      {output !== "" && <Tail kind="output" label="Output so far" text={output} />}
      {output === "" && text !== "" && <Tail kind="text" label="The answer so far" text={text} />}
      {output === "" && text === "" && <Tail kind="reasoning" label="Thinking" text={reasoning} />}
    </div>
  );
}

function Tail({ kind, label, text }: { readonly kind: string; readonly label: string; readonly text: string }): JSX.Element {
  return (
    <section class={`tail ${kind}`} aria-label={label}>
      <pre>{text}</pre>
    </section>
  );
}
