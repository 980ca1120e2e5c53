/** What a number that someone types may be, from 0 on; `words` says it, to stand after the number's name and a colon. */
export interface NumberRange {
  readonly most: number;
  readonly whole: boolean;
  readonly words: string;
}

export type TypedNumber =
  | { readonly kind: "empty" }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "bad"; readonly why: string };

/** `300,000` and `1,234.5`: a comma before exactly three digits groups them. */
const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/;
const PLAIN = /^(?:\d+(?:\.\d+)?|\.\d+)$/;
/** `8,5` and `0,125`: a comma that cannot group is the decimal one. */
const DECIMAL_COMMA = /^(?:\d+,(?:\d{1,2}|\d{4,})|0?,\d+)$/;

/**
 * The one reading of numbers typed by hand: `$1.25`, `300,000`, `300k`, `1.5M`, `8,5`. What could be read in two ways is
 * bad rather than guessed, since a limit of 300 is not one of 300,000.
 */
export function readNumber(text: string, { most, whole, words }: NumberRange): TypedNumber {
  const trimmed = text.trim().replace(/^\$\s*/, "");
  if (trimmed === "") return { kind: "empty" };
  const [, digits = "", letter = ""] = /^([\d.,]+)\s*([km]?)$/i.exec(trimmed) ?? [];
  const plain = plainDigits(digits);
  const isGuess = whole && letter === "" && digits.includes(".");
  if (plain === null || isGuess) return { kind: "bad", why: `not clear; write ${whole ? EXAMPLES.whole : EXAMPLES.any}` };
  const value = Number((Number(plain) * scaleOf(letter)).toPrecision(15));
  const fits = value <= most && (!whole || Number.isInteger(value));
  return fits ? { kind: "number", value } : { kind: "bad", why: words };
}

const EXAMPLES = { whole: "1500, 1,500 or 1.5k", any: "1500, 1,500 or 0.25" } as const;

/** A complaint as a sentence of its own. */
export function asSentence(why: string): string {
  return `${why.slice(0, 1).toUpperCase()}${why.slice(1)}.`;
}

/** With a point for the decimals and nothing else; `null` when it is not plain which of the two a comma is. */
function plainDigits(digits: string): string | null {
  if (PLAIN.test(digits)) return digits;
  if (GROUPED.test(digits)) return digits.replaceAll(",", "");
  return DECIMAL_COMMA.test(digits) ? digits.replace(",", ".") : null;
}

function scaleOf(letter: string): number {
  if (letter === "") return 1;
  return letter.toLowerCase() === "k" ? 1e3 : 1e6;
}
