import path from "node:path";
import { UNITS, type WarnLevels } from "../core/runConfig";

/** Guards of setting values. A complaint ends the sentence "turnpike.x …", so that it always names its setting. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly complaint: string };

export type Check<T> = (value: unknown) => Checked<T>;

export function text(pattern?: RegExp, what = "a text"): Check<string> {
  return (value) => {
    if (typeof value !== "string") return bad(`must be ${what}`, value);
    const trimmed = value.trim();
    return pattern?.test(trimmed) === false ? bad(`must be ${what}`, value) : good(trimmed);
  };
}

/** A text or, when empty, nothing. */
export function textOrNone(pattern?: RegExp, what = "a text"): Check<string | null> {
  const check = text(pattern, `${what}, or empty`);
  return (value) => (value === "" || value === null ? good(null) : check(value));
}

/** The full path of a file, which may begin with `~/` for the user's own folder; when empty, nothing. */
export function fileOrNone(): Check<string | null> {
  return (value) => {
    if (value === "" || value === null) return good(null);
    const file = typeof value === "string" ? fromHome(value.trim()) : "";
    return path.isAbsolute(file)
      ? good(file)
      : bad("must be the full path of a file, or one that begins with ~/, or empty", value);
  };
}

function fromHome(file: string): string {
  const home = process.env.HOME ?? process.env.USERPROFILE;
  return home && /^~[/\\]/.test(file) ? path.join(home, file.slice(2)) : file;
}

export function texts(): Check<readonly string[]> {
  return (value) => {
    if (!Array.isArray(value)) return bad("must be a list of texts", value);
    const items: string[] = [];
    for (const item of value) {
      if (typeof item !== "string" || item.trim() === "") return bad("must hold only texts that are not empty", item);
      items.push(item.trim());
    }
    return good(items);
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Check<T> {
  return (value) => {
    const choice = choices.find((candidate) => candidate === value);
    return choice === undefined ? bad(`must be one of ${choices.join(", ")}`, value) : good(choice);
  };
}

export function whole(least: number, most: number): Check<number> {
  return (value) =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
      ? good(value)
      : bad(`must be a whole number from ${least} to ${most}`, value);
}

export function amount(most: number, what: string): Check<number> {
  return (value) =>
    typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= most
      ? good(value)
      : bad(`must be ${what}, from 0 to ${most}`, value);
}

/** `null` = no cap. */
export function orNone<T>(check: Check<T>): Check<T | null> {
  return (value) => {
    if (value === null) return good(null);
    const checked = check(value);
    return checked.ok ? checked : { ok: false, complaint: `${checked.complaint}; null means no cap` };
  };
}

/** An object whose keys are free and whose values are all of one kind. */
export function recordOf<T>(check: Check<T>): Check<{ readonly [key: string]: T }> {
  return (value) => {
    if (!isRecord(value)) return bad("must be an object", value);
    const entries: [string, T][] = [];
    for (const [key, item] of Object.entries(value)) {
      const checked = check(item);
      if (!checked.ok) return { ok: false, complaint: `${checked.complaint} (in "${key}")` };
      entries.push([key, checked.value]);
    }
    return good(Object.fromEntries(entries));
  };
}

/** Percent per unit, as typed, to shares; a unit that is left out warns at 80 %. */
export function warnLevels(): Check<WarnLevels> {
  const percent = whole(1, 100);
  return (value) => {
    if (!isRecord(value)) return bad(`must be an object with ${UNITS.join(", ")}`, value);
    const levels = { turns: 0, usd: 0, tokens: 0, minutes: 0 };
    for (const unit of UNITS) {
      const checked = percent(value[unit] ?? 80);
      if (!checked.ok) return { ok: false, complaint: `(${unit}) ${checked.complaint}` };
      levels[unit] = checked.value / 100;
    }
    return good(levels);
  };
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function good<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function bad(complaint: string, value: unknown): { readonly ok: false; readonly complaint: string } {
  return { ok: false, complaint: `${complaint}, not ${JSON.stringify(value) ?? String(value)}` };
}
