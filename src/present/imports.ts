import { type ImportFind, type ImportProgress, type ImportReport, OWN_SOURCE } from "../core/imports";
import { formatBytes, formatCount, formatNumber } from "./format";

const NAMES: { readonly [source: string]: string } = {
  [OWN_SOURCE]: "Turnpike",
  "claude-code": "Claude Code",
  codex: "Codex",
  "mini-swe-agent": "mini-swe-agent",
  "swe-agent": "SWE-agent",
  openhands: "OpenHands",
  recorded: "recorded runs",
};

/** Where a run comes from, as people call it; a data set as it calls itself. */
export function sourceName(source: string): string {
  return NAMES[source] ?? source;
}

/** `12 files, 34.5 MB`. */
export function findText({ files, bytes }: Pick<ImportFind, "files" | "bytes">): string {
  return `${formatCount(files, "file")}, ${formatBytes(bytes)}`;
}

/** `12 of 40 files, 3.1 MB of 12 MB`. */
export function importProgressText({ files, filesInAll, bytes, bytesInAll }: ImportProgress): string {
  return `${formatNumber(files)} of ${formatCount(filesInAll, "file")}, ${formatBytes(bytes)} of ${formatBytes(bytesInAll)}`;
}

/** What an import came to, in one sentence. */
export function importSummary(report: ImportReport): string {
  const { added, replaced, unchanged, cancelled, files, skippedFiles } = report;
  const runs = `${formatCount(added, "run")} added, ${replaced} replaced, ${unchanged} unchanged`;
  const skipped = skippedFiles > 0 ? ` (${skippedFiles} as they were at the last import)` : "";
  return `${cancelled ? "Stopped: " : ""}${runs}, of ${formatCount(files, "file")}${skipped}.`;
}

/** More files than this are only counted. */
const MOST_BROKEN = 20;

/** What was passed over, a line each; empty when everything was understood. */
export function importTroubles(report: ImportReport): readonly string[] {
  const { unknownKinds, badLines, longLines, broken } = report;
  const kinds = Object.entries(unknownKinds);
  const unknown = kinds.reduce((sum, [, count]) => sum + count, 0);
  const lines: string[] = [];
  if (unknown > 0) {
    const told = kinds.map(([kind, count]) => `${kind} ${count}`).join(", ");
    lines.push(`${formatCount(unknown, "line")} of unknown kinds passed over: ${told}`);
  }
  if (badLines > 0) lines.push(`${formatCount(badLines, "line")} passed over, not being JSON`);
  if (longLines > 0) lines.push(`${formatCount(longLines, "line")} passed over, being too long`);
  lines.push(...broken.slice(0, MOST_BROKEN).map(({ path, why }) => `${path} was not read: ${why}`));
  if (broken.length > MOST_BROKEN) lines.push(`and ${formatCount(broken.length - MOST_BROKEN, "more file")} not read`);
  return lines;
}
