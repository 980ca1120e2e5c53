import type { JSX } from "preact";

/** Small line icons on a 16 px grid, drawn in the text's colour. Decoration: what they say is always said in words too. */
const PATHS = {
  gate: "M3 13.5V4M1.5 13.5h3M3 5.8h11.5v3.6H3M7.6 5.8 5.4 9.4M11.2 5.8 9 9.4M14.5 6.2l-1.9 3.2",
  check: "m3 8.5 3.2 3.2L13 4.8",
  cross: "m4 4 8 8M12 4l-8 8",
  warning: "M8 2.2 14.6 13.6H1.4zM8 6.2v3.6M8 11.4v.6",
  stop: "M4 4h8v8H4z",
  play: "M5 3.2 12.5 8 5 12.8z",
  retry: "M13 8a5 5 0 1 1-1.6-3.7M13 2.4v2.8h-2.8",
  hint: "M6 11.6a4 4 0 1 1 4 0v1.2H6zM6.6 14.6h2.8",
  extend: "M8 13V3.5M4 7.2 8 3.2l4 4",
  land: "M8 2.5v8M4.2 7 8 10.8 11.8 7M3 13.5h10",
  shield: "M8 1.8 13 3.6v3.8c0 3-2 5.4-5 6.8-3-1.4-5-3.8-5-6.8V3.6z",
  back: "M13 8H3M7 4 3 8l4 4",
  limits: "M2 5h7M12 5h2M2 11h2M7 11h7M10.5 3.2v3.6M5.5 9.2v3.6",
  terminal: "m3 4.5 3.4 3.2L3 11M8 11.5h5",
  pencil: "m3 13 .6-2.8 7.2-7.2 2.2 2.2-7.2 7.2z",
  eye: "M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8M8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6",
  chevron: "m6 3.5 4.5 4.5L6 12.5",
  circle: "M8 12.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4",
  fresh: "M4 2.2h5l3.2 3.2v8.4H4zM9 2.2v3.2h3.2M6.3 8.4h3.6M6.3 10.9h3.6",
  likely: "m2 12.5 4-4.5 3 2.5 5-6.5M10.5 4H14v3.5",
  copy: "M6 6h7.5v7.5H6zM10 6V2.5H2.5V10H6",
  person: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8M3 13.6c.5-2.6 2.4-3.8 5-3.8s4.5 1.2 5 3.8",
} as const;

export type IconName = keyof typeof PATHS;

interface Props {
  readonly name: IconName;
  readonly size?: number;
  readonly title?: string;
}

/** With a `title` it has a name of its own; without, it only repeats what stands beside it. */
export function Icon({ name, size = 14, title }: Props): JSX.Element {
  const frame = { class: `icon icon-${name}`, viewBox: "0 0 16 16", width: size, height: size };
  if (title === undefined) {
    return (
      <svg {...frame} aria-hidden="true">
        <path d={PATHS[name]} />
      </svg>
    );
  }
  return (
    <svg {...frame} role="img" aria-label={title}>
      <title>{title}</title>
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The gate, its arm up, and the coin: the sign of the house, as in the activity bar. */
export function Logo({ size }: { readonly size: number }): JSX.Element {
  return (
    <svg class="logo" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path
        class="arm"
        d="M9.7 5.35l2.9-.78.67 2.5-3.34.9a3.6 3.6 0 0 0-.23-2.62zM14 4.2l3.2-.86.67 2.5-3.2.86zM18.6 2.96l2.2-.59a1.3 1.3 0 0 1 .67 2.5l-2.2.6z"
      />
      <path d="M3.4 19.5h6.2a.9.9 0 0 1 0 1.75H3.4a.9.9 0 0 1 0-1.75zM4.75 10.6a3.4 3.4 0 0 0 3.5 0v8.4h-3.5zM6.5 5.5a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8z" />
      <path
        class="coin"
        fill-rule="evenodd"
        d="M16.25 11a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm0 1.6a2.9 2.9 0 1 0 0 5.8 2.9 2.9 0 0 0 0-5.8zM15.5 14.5a.5.5 0 0 1 .5-.5h.5a.5.5 0 0 1 .5.5v2a.5.5 0 0 1-.5.5H16a.5.5 0 0 1-.5-.5z"
      />
    </svg>
  );
}
