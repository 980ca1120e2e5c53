import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";

const HOUR_MS = 3_600_000;
const MAX_AGE_MS = 7 * 24 * HOUR_MS;
/** No folder younger than this is touched: a run may be writing in it. */
const MIN_AGE_MS = 24 * HOUR_MS;
const MAX_BYTES = 1024 ** 3;

/**
 * Drops the outputs of past runs, a folder each: those a week old, and the oldest of the others while all together are too
 * large. Never rejects: what cannot be removed stays.
 */
export async function dropOldOutputs(home: string, now: number, maxBytes = MAX_BYTES): Promise<void> {
  const names = await readdir(home).catch(() => []);
  const found = await Promise.all(names.map((name) => measure(path.join(home, name))));
  const folders = found.flatMap((folder) => folder ?? []).sort((a, b) => a.changedAt - b.changedAt);
  let total = folders.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, changedAt, bytes } of folders) {
    const age = now - changedAt;
    if (age < MIN_AGE_MS || (age < MAX_AGE_MS && total <= maxBytes)) break;
    total -= bytes;
    await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

interface OutputFolder {
  readonly folder: string;
  /** When its newest output came, Unix milliseconds. */
  readonly changedAt: number;
  readonly bytes: number;
}

/** `null` = no folder. */
async function measure(folder: string): Promise<OutputFolder | null> {
  const names = await readdir(folder).catch(() => null);
  if (names === null) return null;
  const files = await Promise.all(
    [folder, ...names.map((name) => path.join(folder, name))].map((file) => stat(file).catch(() => null)),
  );
  const changedAt = Math.max(...files.map((file) => file?.mtimeMs ?? 0));
  return { folder, changedAt, bytes: files.reduce((sum, file) => sum + (file?.size ?? 0), 0) };
}
