import type { NanoUsd } from "../core/money";

/**
 * The one place where numbers become text. Every function is pure; days and times are local, and `locale` is the
 * machine's unless given.
 */

/** `up` for bounds, which must hold as printed; `down` for what is left and for lower bounds. */
export type Rounding = "nearest" | "up" | "down";

const NANO_PER_TICK = 100_000;
const NANO_PER_MILL = 1_000_000;
const NANO_PER_CENT = 10_000_000;
const NANO_PER_USD = 1_000_000_000;

/** Money with sensible digits: `$0.0042`, `$0.18`, `$1.27`, `$1,240`; a positive amount is never `$0.00`. */
export function formatUsd(amount: NanoUsd, rounding: Rounding = "nearest"): string {
  if (amount === 0) return "$0";
  const ticks = divide(amount, NANO_PER_TICK, rounding);
  if (ticks === 0) return rounding === "down" ? "$0" : "<$0.0001";
  if (ticks < 1_000) return `$${fixed(ticks, 4)}`;
  const cents = divide(amount, NANO_PER_CENT, rounding);
  if (cents < 100_000) return `$${fixed(cents, 2)}`;
  return `$${grouped(divide(amount, NANO_PER_USD, rounding))}`;
}

/** Money that is only likely: `$0.0042`, `$0.083`, `$0.12`, `$1.27`. More digits would promise more than is known. */
export function formatLikely(amount: NanoUsd): string {
  const isSmall = amount >= NANO_PER_CENT && amount < 10 * NANO_PER_CENT;
  return isSmall ? `$${fixed(Math.round(amount / NANO_PER_MILL), 3)}` : formatUsd(amount);
}

/** Money as someone typed it, to the last digit: `$0.50`, `$2.00`, `$0.005`, `$1,240`. For caps. */
export function formatCap(amount: NanoUsd): string {
  return `$${exact(amount, amount >= 1_000 * NANO_PER_USD ? 0 : 2)}`;
}

/** A price per million tokens, to the last digit and no further: `$1.25`, `$10`, `$0.125`. */
export function formatRate(nanoUsdPerMillion: number): string {
  return `$${exact(nanoUsdPerMillion, 0)}`;
}

/** Tokens where room is short: `412`, `1.73 k`, `21.2 k`, `212 k`, `1.05 M`. */
export function formatTokens(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  const [scale, letter] = tokens < 999_500 ? [1e3, "k"] : tokens < 999_500_000 ? [1e6, "M"] : [1e9, "G"];
  const value = tokens / scale;
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return `${value.toFixed(digits)} ${letter}`;
}

/** Tokens where someone typed them: `300 k`, `1.5 M`, no zeros for show. */
export function formatTokenCap(tokens: number): string {
  if (tokens >= 1e6 && tokens % 1e4 === 0) return `${tokens / 1e6} M`;
  return tokens >= 1e4 && tokens % 100 === 0 ? `${tokens / 1e3} k` : grouped(tokens);
}

/** Whole numbers with room: `1,730`. */
export function formatNumber(count: number): string {
  return grouped(count);
}

/** `412 B`, `21.2 kB`, `1.05 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [scale, unit] = bytes < 999_500 ? [1e3, "kB"] : bytes < 999_500_000 ? [1e6, "MB"] : [1e9, "GB"];
  const value = bytes / scale;
  return `${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${unit}`;
}

/** `1 turn`, `12 turns`, `1,730 tokens`. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A stretch of work: `0.3 s`, `1.9 s`, `42 s`, `3:10`, `1:02:10`. */
export function formatSeconds(ms: number): string {
  const tenths = Math.round(Math.max(0, ms) / 100);
  if (tenths < 100) return `${fixed(tenths, 1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 60 ? `${seconds} s` : formatClock(seconds * 1_000);
}

/** A running clock: `0:42`, `3:10`, `1:02:10`. Seconds that have not passed do not show. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (part: number) => String(part).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** `0 %`, `<1 %`, `82 %`. Only the whole is `100 %`: anything less rounds down. */
export function formatShare(share: number): string {
  if (share <= 0) return "0 %";
  return share < 0.01 ? "<1 %" : `${Math.floor(share * 100 + 1e-9)} %`;
}

/** A part of a hundred, to a tenth: `20.3 %`, `-1.2 %`. */
export function formatTenths(percent: number): string {
  return `${percent.toFixed(1)} %`;
}

/** A small error, with one digit: `0.4 %`. */
export function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** `Today`, `Yesterday`, `12 Nov`, `12 Nov 2025`, in local time. */
export function formatDay(at: number, now: number, locale?: string): string {
  const days = Math.round((midnight(now) - midnight(at)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return date(at, { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) }, locale);
}

/** `14:02` in local time. */
export function formatTime(at: number, locale?: string): string {
  return date(at, { hour: "numeric", minute: "2-digit" }, locale);
}

/** Day and time in full, for tooltips. */
export function formatMoment(at: number, locale?: string): string {
  return date(at, { dateStyle: "long", timeStyle: "short" }, locale);
}

function date(at: number, options: Intl.DateTimeFormatOptions, locale?: string): string {
  return new Intl.DateTimeFormat(locale, options).format(at);
}

/** Local midnight as if it were UTC, so that days of 23 or 25 hours count as one. */
function midnight(at: number): number {
  const day = new Date(at);
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate());
}

function divide(amount: number, unit: number, rounding: Rounding): number {
  const units = amount / unit;
  switch (rounding) {
    case "nearest":
      return Math.round(units);
    case "up":
      return Math.ceil(units);
    case "down":
      return Math.floor(units);
  }
}

/** Whole `units` of 10^-digits with the point put in. */
function fixed(units: number, digits: number): string {
  const text = String(units).padStart(digits + 1, "0");
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Nano-dollars to the last digit that is not 0, with at least `digits` after the point. */
function exact(nanoUsd: number, digits: number): string {
  const whole = grouped(Math.floor(nanoUsd / NANO_PER_USD));
  const rest = String(nanoUsd % NANO_PER_USD)
    .padStart(9, "0")
    .replace(/0+$/, "")
    .padEnd(digits, "0");
  return rest === "" ? whole : `${whole}.${rest}`;
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}
