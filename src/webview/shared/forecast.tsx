import type { JSX } from "preact";
import type { ForecastModel } from "../../protocol/sidebar";

/** What is likely, by past runs; the tooltip says by how many. */
export function ForecastLine({ forecast }: { readonly forecast: ForecastModel }): JSX.Element {
  const { text, chance, tight, title } = forecast;
  return (
    <p class={tight ? "forecast tight" : "forecast"} title={title}>
      <span>{text}</span>
      {chance !== "" && <span class="chance">{chance}</span>}
    </p>
  );
}
