import type { JSX } from "preact";
import type { PlanModel } from "../../protocol/sidebar";
import { Icon } from "./icons";

/** The agent's plan, folded to what comes next until someone wants all of it. */
export function Plan({ plan }: { readonly plan: PlanModel }): JSX.Element {
  const { count, next, items } = plan;
  const current = items.findIndex((item) => !item.done);
  return (
    <details class="plan">
      <summary>
        <Icon name="chevron" size={12} />
        <span class="count">Plan {count}</span>
        <span class="next" title={next}>
          {next}
        </span>
      </summary>
      <ol aria-label="Plan">
        {items.map((item, index) => (
          <li key={index} class={item.done ? "done" : ""} aria-current={index === current ? "step" : undefined}>
            {item.done ? <Icon name="check" size={12} title="done" /> : <Icon name="circle" size={12} title="open" />}
            <span>{item.text}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
