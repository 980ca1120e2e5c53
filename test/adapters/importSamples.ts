import type { ImportedRun, ImportedTurn } from "../../src/core/imports";
import { nano } from "../../src/core/money";
import { NO_USAGE } from "../../src/core/usage";

export const MORNING = new Date(2026, 4, 3, 9).getTime();

const ALL_KNOWN = { input: true, cacheRead: true, output: true, usd: true };

export function importedTurn(key: string | null, part: Partial<ImportedTurn> = {}): ImportedTurn {
  return {
    ...{ key, at: MORNING, known: ALL_KNOWN, usd: nano(7_000_000), provenance: "priced", action: "read", failed: false },
    ...{ result: 30, failures: null },
    usage: { ...NO_USAGE, freshInput: 10, cacheRead: 90, output: 5 },
    ...part,
  };
}

/** A run of `keys.length` turns. */
export function importedRun(sourceId: string, keys: readonly (string | null)[], part: Partial<ImportedRun> = {}): ImportedRun {
  return {
    ...{
      source: "claude-code",
      sourceId,
      isPiece: false,
      task: "Mend it",
      project: { name: "shop", path: "/work/shop" },
      model: "m1",
    },
    ...{
      outcome: { kind: "done", reason: "" },
      resolved: null,
      lastEditTurn: null,
      startedAt: MORNING,
      endedAt: MORNING + 60_000,
    },
    turns: keys.map((key) => importedTurn(key)),
    ...part,
  };
}
