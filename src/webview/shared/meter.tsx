import type { JSX } from "preact";
import type { MeterModel, MeterPart, UnitModel } from "../../protocol/sidebar";
import { Icon } from "./icons";

const UNIT_NAMES = { turns: "turns", usd: "dollars", tokens: "tokens", minutes: "time" } as const;

/** The binding cap at a glance: settled, reserved (hatched), free, landing reserve (striped at the end). */
export function Meter({ meter, ended }: { readonly meter: MeterModel; readonly ended: boolean }): JSX.Element {
  const { settled, reserved, landing, likely, warnAt, level, title, unit } = meter;
  const used = settled.share + reserved.share;
  return (
    <div class="meter-block">
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> shows one part, this has four */}
      <div
        class={`meter level-${level}`}
        role="meter"
        aria-label={`Limit that binds: ${UNIT_NAMES[unit]}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(used * 100)}
        aria-valuetext={title}
        title={title}
      >
        <Part name="settled" part={settled} />
        <Part name="reserved" part={reserved} />
        <span class="part free" />
        <Part name="landing" part={landing} />
        {warnAt < 1 && <span class="warn-tick" style={{ left: `${warnAt * 100}%` }} />}
      </div>
      {likely && <Whisker likely={likely} />}
      {!ended && <MeterKey meter={meter} />}
    </div>
  );
}

function Part({ name, part }: { readonly name: string; readonly part: MeterPart }): JSX.Element | null {
  return part.share > 0 ? <span class={`part ${name}`} style={{ width: `${part.share * 100}%` }} /> : null;
}

/** Where such runs end: the forecast below says it in words. */
function Whisker({ likely }: { readonly likely: NonNullable<MeterModel["likely"]> }): JSX.Element {
  const { from, middle, to } = likely;
  return (
    <div class="whisker" aria-hidden="true">
      <i style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} />
      {middle < 1 && <b style={{ left: `${middle * 100}%` }} />}
    </div>
  );
}

/** What the parts of the meter are, in amounts: of interest as long as they move. */
function MeterKey({ meter }: { readonly meter: MeterModel }): JSX.Element {
  const { reserved, free, landing, unit } = meter;
  return (
    <div class="key" aria-hidden="true">
      {reserved.share > 0 && (
        <span>
          <i class="swatch reserved" />
          {reserved.text} in flight
        </span>
      )}
      <span>
        <i class="swatch free" />
        {free.text}
        {unit === "turns" && <span class="unit-name"> {free.text === "1" ? "turn" : "turns"}</span>} free
      </span>
      {landing.share > 0 && (
        <span class="end">
          <i class="swatch landing" />
          {landing.text} to land
        </span>
      )}
    </div>
  );
}

/** All four units, the binding one marked. */
export function Units({ units }: { readonly units: readonly UnitModel[] }): JSX.Element {
  return (
    <ul class="units" aria-label="Used so far">
      {units.map((unit) => (
        <li key={unit.unit} class={`unit level-${unit.level}${unit.binding ? " binding" : ""}`} title={unit.title}>
          <b>
            {unit.level !== "ok" && (
              <Icon name="warning" size={12} title={unit.level === "stop" ? "limit reached" : "past the warn level"} />
            )}
            {unit.used}
          </b>
          <span class="of">{unit.of}</span>
          <span class="share">{unit.share !== null && <i style={{ width: `${unit.share * 100}%` }} />}</span>
        </li>
      ))}
    </ul>
  );
}
