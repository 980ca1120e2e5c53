import type { ComponentChildren, JSX } from "preact";

interface Props {
  readonly label: string;
  readonly kind: string;
  readonly children: ComponentChildren;
}

/** Something long in a small window of its own, which the keyboard can reach to scroll it. */
export function Scroll({ label, kind, children }: Props): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without a stop here the keyboard could not scroll it
    <section class={`scroll ${kind}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
