import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { type NumberRange, readNumber, type TypedNumber } from "../../protocol/typedNumber";

interface NumberProps {
  readonly label: string;
  readonly value: number | null;
  readonly range: NumberRange;
  /** Shown when there is no number. */
  readonly none: string;
  readonly before?: string;
  /** Whether nothing, too, is an answer. */
  readonly optional?: boolean;
  onValue(value: number | null): void;
  /** Told what is wrong with what is typed, and `null` when it is right again or the field goes. */
  onComplaint(label: string, why: string | null): void;
}

/** A number typed by hand. What is none stays as it was typed, and is complained of; only what is a number is passed on. */
export function NumberField(props: NumberProps): JSX.Element {
  const { label, value, range, none, before, optional = true, onValue, onComplaint } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const text = typed ?? (value === null ? "" : before === "$" ? cents(value) : String(value));
  const why = typed === null ? null : wrongWith(readNumber(typed, range), optional);
  const complain = useRef(onComplaint);
  complain.current = onComplaint;
  useEffect(() => {
    complain.current(label, why);
    return () => complain.current(label, null);
  }, [label, why]);
  return (
    <label class={`field number${why === null ? "" : " bad"}`} title={why ?? range.words}>
      <span class="label">{label}</span>
      <span class="box">
        {before && value !== null && <span class="before">{before}</span>}
        <input
          type="text"
          inputMode={range.whole ? "numeric" : "decimal"}
          autocomplete="off"
          spellcheck={false}
          placeholder={none}
          value={text}
          aria-invalid={why !== null}
          onInput={({ currentTarget }) => {
            setTyped(currentTarget.value);
            const read = readNumber(currentTarget.value, range);
            if (wrongWith(read, optional) === null) onValue(read.kind === "number" ? read.value : null);
          }}
          onBlur={() => why === null && setTyped(null)}
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

function wrongWith(read: TypedNumber, optional: boolean): string | null {
  switch (read.kind) {
    case "number":
      return null;
    case "empty":
      return optional ? null : "a number is needed";
    case "bad":
      return read.why;
  }
}

/** What is wrong with the fields of a form: the first complaint as a sentence, and where fields bring theirs. */
export function useComplaints(): readonly [string | null, (label: string, why: string | null) => void] {
  const [complaints, set] = useState<ReadonlyMap<string, string>>(new Map());
  const complain = (label: string, why: string | null) =>
    set((before) => {
      if ((before.get(label) ?? null) === why) return before;
      const rest = new Map(before);
      if (why === null) rest.delete(label);
      else rest.set(label, why);
      return rest;
    });
  const [first] = complaints;
  return [first ? `${first[0]}: ${first[1]}.` : null, complain];
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly title?: string }[];
  /** Small, among others in a row: the label is for screen readers. */
  readonly chip?: boolean;
  readonly title?: string;
  readonly disabled?: boolean;
  onValue(value: T): void;
}

export function Select<T extends string>(props: SelectProps<T>): JSX.Element {
  const { label, value, options, chip = false, title, disabled = false, onValue } = props;
  const id = useId();
  const select = (
    <select
      id={id}
      aria-label={label}
      title={title ?? label}
      value={value}
      disabled={disabled}
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
