import type { JSX } from "preact";
import type { Figure } from "../../protocol/sidebar";

interface Props {
  readonly figure: Figure;
  readonly strong?: boolean;
  /** Whether play money wears its tag; where the page has said so already it is underlined. */
  readonly tag?: boolean;
}

/** A figure with its mark; the tooltip says where it comes from. What is not known carries that in its text. */
export function Amount({ figure, strong = false, tag = false }: Props): JSX.Element {
  const { text, mark, title } = figure;
  const kind = mark === "?" ? " unsure" : mark === "demo" && !tag ? " play" : "";
  return (
    <span class={`amount${strong ? " strong" : ""}${kind}`} title={title}>
      {mark === "≈" && <span class="mark">≈ </span>}
      <span class="digits">{text}</span>
      {mark === "demo" && (tag ? <Demo /> : <span class="hidden"> demo</span>)}
    </span>
  );
}

export function Demo(): JSX.Element {
  return (
    <span class="demo" title="demo money: nothing is billed">
      demo
    </span>
  );
}
