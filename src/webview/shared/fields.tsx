import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";

interface NumberProps {
  readonly label: string;
  readonly value: number | null;
  /** Shown when there is no number. */
  readonly none: string;
  readonly before?: string;
  readonly whole?: boolean;
  /** Whether nothing, too, is an answer. */
  readonly optional?: boolean;
  onValue(value: number | null): void;
}

/** A number typed by hand. While it is being typed its text is the user's own; only what is a number is passed on. */
export function NumberField({ label, value, none, before, whole = false, optional = true, onValue }: NumberProps): JSX.Element {
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : before === "$" ? cents(value) : String(value));
  const bad = typed !== null && parse(typed, whole, optional) === undefined;
  return (
    <label class={`field number${bad ? " bad" : ""}`}>
      <span class="label">{label}</span>
      <span class="box">
        {before && value !== null && <span class="before">{before}</span>}
        <input
          type="text"
          inputMode={whole ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck={false}
          placeholder={none}
          value={text}
          aria-invalid={bad}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            const parsed = parse(event.currentTarget.value, whole, optional);
            if (parsed !== undefined) onValue(parsed);
          }}
          onBlur={() => setTyped(null)}
        />
      </span>
    </label>
  );
}

/** Dollars with their cents, unless there is more to them. */
function cents(value: number): string {
  const text = value.toFixed(2);
  return Number(text) === value ? text : String(value);
}

/** `undefined` = not a number that can be used. Thousands may be typed as `300k` or `1.5M`. */
export function parse(text: string, whole: boolean, optional: boolean): number | null | undefined {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return optional ? null : undefined;
  const match = /^(\d+(?:[.,]\d+)?|[.,]\d+)\s*([kKmM]?)$/.exec(trimmed);
  if (!match) return undefined;
  const scale = match[2] === "" ? 1 : match[2]?.toLowerCase() === "k" ? 1e3 : 1e6;
  const value = Number(match[1]?.replace(",", ".")) * scale;
  return whole ? Math.round(value) : value;
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly title?: string }[];
  /** Small, among others in a row: the label is for screen readers. */
  readonly chip?: boolean;
  readonly title?: string;
  onValue(value: T): void;
}

export function Select<T extends string>({ label, value, options, chip = false, title, onValue }: SelectProps<T>): JSX.Element {
  const id = useId();
  const select = (
    <select
      id={id}
      aria-label={label}
      title={title ?? label}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen) onValue(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
  if (chip) return <span class="chip select">{select}</span>;
  return (
    <label class="field" htmlFor={id}>
      <span class="label">{label}</span>
      <span class="box select">{select}</span>
    </label>
  );
}
