import type { ToolResult } from "../core/ports";

export function failed(text: string): ToolResult {
  return { ok: false, text };
}

/** `1 line`, `3 lines`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : noun.endsWith("ch") ? "es" : "s"}`;
}

const KIB = 1024;

/** Sizes for reading, not for reckoning: `512 bytes`, `12.3 KB`, `4.0 GB`. */
export function sizeText(bytes: number): string {
  if (bytes < KIB) return plural(bytes, "byte");
  const units = ["KB", "MB", "GB", "TB"];
  let size = bytes / KIB;
  let unit = 0;
  while (size >= KIB && unit < units.length - 1) {
    size /= KIB;
    unit += 1;
  }
  return `${size.toFixed(1)} ${units[unit]}`;
}
