import { messageOf } from "../core/errors";
import { usd } from "../core/money";
import type { PriceRow } from "../core/pricing";

/** How flags are read: each reader throws a `UsageError` that names the flag and says what it takes. */

/** Wrong use of the command line, in words that say what to do. */
export class UsageError extends Error {}

/** `--price` text to a row for a model. Throws with a clear message. */
export type PriceParser = (text: string, model: string) => PriceRow;

/**
 * Values that begin with a dash joined to their option, as `parseArgs` wants them: a task may be "- fix this". What is
 * itself one of the options stays apart, so that a forgotten value is still noticed.
 */
export function withDashValues(
  argv: readonly string[],
  options: { readonly [name: string]: { readonly type: string } },
): string[] {
  const typeOf = (arg: string) =>
    arg.startsWith("--") ? Object.entries(options).find(([name]) => name === arg.slice(2))?.[1].type : undefined;
  const joined: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const arg = argv[at] ?? "";
    const value = argv[at + 1];
    const takesValue = typeOf(arg) === "string" && value?.startsWith("-") && !typeOf(value.split("=")[0] ?? "");
    joined.push(takesValue ? `${arg}=${value}` : arg);
    if (takesValue) at += 1;
  }
  return joined;
}

export function parse<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

export function needed(flag: string, value: string | undefined): string {
  if (value === undefined || value.trim() === "") throw new UsageError(`${flag} is missing`);
  return value;
}

export function oneOf<const T extends string>(flag: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new UsageError(`${flag} is one of ${choices.join(", ")}, not "${value}"`);
  return found;
}

export function number(flag: string, value: string | undefined): number | null {
  if (value === undefined) return null;
  const parsed = value.trim() === "" ? Number.NaN : Number(value);
  if (!Number.isFinite(parsed) || parsed < 0) throw new UsageError(`${flag} is a number of 0 or more, not "${value}"`);
  return parsed;
}

export function whole(flag: string, value: string | undefined, least: number, most = Number.MAX_SAFE_INTEGER): number | null {
  const parsed = number(flag, value);
  if (parsed === null) return null;
  if (!Number.isSafeInteger(parsed) || parsed < least)
    throw new UsageError(`${flag} is a whole number of ${least} or more, not "${value}"`);
  if (parsed > most) throw new UsageError(`${flag} is at most ${most}, not "${value}"`);
  return parsed;
}

export function dollars(flag: string, value: string | undefined) {
  const parsed = number(flag, value);
  if (parsed !== null && parsed > 1_000_000) throw new UsageError(`${flag} is at most 1000000 dollars, not "${value}"`);
  return parsed === null ? null : usd(parsed);
}

export function url(flag: string, value: string): string {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new UsageError(`${flag} is an address that begins with http:// or https://, not "${value}"`);
  }
  if (parsed.username || parsed.password) {
    throw new UsageError(`${flag} holds a user name or password: put the key into a variable and name it with --api-key-env`);
  }
  return value;
}

export function price(text: string, model: string, parsePrice: PriceParser): PriceRow {
  try {
    return parsePrice(text, model);
  } catch (error) {
    throw new UsageError(`--price: ${messageOf(error)}`);
  }
}

/**
 * Takes out the flags that have several values (`--data A B --policy fixed`), each list up to the next flag; they may be
 * given more than once. What is left is for `parseArgs`.
 */
export function takeLists<const N extends string>(
  argv: readonly string[],
  names: readonly N[],
): { readonly lists: { readonly [name in N]?: readonly string[] }; readonly rest: readonly string[] } {
  const lists: { [name in N]?: string[] } = {};
  const rest: string[] = [];
  let list: string[] | null = null;
  for (const arg of argv) {
    const flag = names.find((name) => arg === `--${name}` || arg.startsWith(`--${name}=`));
    if (flag !== undefined) {
      list = lists[flag] ?? [];
      lists[flag] = list;
      if (arg.includes("=")) list.push(arg.slice(arg.indexOf("=") + 1));
    } else if (arg.startsWith("-") || list === null) {
      list = null;
      rest.push(arg);
    } else {
      list.push(arg);
    }
  }
  for (const name of names) if (lists[name]?.length === 0) throw new UsageError(`--${name} names no file`);
  return { lists, rest };
}
