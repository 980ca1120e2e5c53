import type { JSX } from "preact";
import type { DecisionModel } from "../../protocol/sidebar";
import { Icon, type IconName } from "./icons";

const ICONS: { readonly [kind in DecisionModel["kind"]]: IconName } = { extended: "extend", kept: "gate", fresh: "fresh" };

/** What was decided between two steps, and why. */
export function Decision({ decision }: { readonly decision: DecisionModel }): JSX.Element {
  const { kind, title, text, facts } = decision;
  return (
    <li class={`decision ${kind}`}>
      <Icon name={ICONS[kind]} size={13} />
      <p>
        <b>{title}</b>
        {text !== "" && `: ${text}`}
        {facts.length > 0 && <span class="facts"> · {facts.join(" · ")}</span>}
      </p>
    </li>
  );
}
