import assert from "node:assert/strict";
import type { ImportReport } from "../../src/core/imports";
import { formatBytes } from "../../src/present/format";
import { findText, importProgressText, importSummary, importTroubles, sourceName } from "../../src/present/imports";

const REPORT: ImportReport = {
  ...{ added: 1, replaced: 2, unchanged: 3, files: 1_200, skippedFiles: 0, bytes: 0, unknownKinds: {} },
  ...{ badLines: 0, longLines: 0, broken: [], cancelled: false },
};

describe("what is said of an import", () => {
  it("names agents as people do, and data sets as they do themselves", () => {
    assert.deepEqual(["claude-code", "turnpike", "some/set"].map(sourceName), ["Claude Code", "Turnpike", "some/set"]);
  });

  it("tells how much there is, and how far it has come", () => {
    assert.equal(findText({ files: 1, bytes: 999 }), "1 file, 999 B");
    const progress = { files: 12, filesInAll: 1_500, bytes: 3_141_000, bytesInAll: 2_000_000_000, runs: 9 };
    assert.equal(importProgressText(progress), "12 of 1,500 files, 3.14 MB of 2.00 GB");
  });

  it("writes sizes with three digits", () => {
    assert.deepEqual([0, 1_000, 21_240, 999_499, 999_500, 104_000_000].map(formatBytes), [
      "0 B",
      "1.00 kB",
      "21.2 kB",
      "999 kB",
      "1.00 MB",
      "104 MB",
    ]);
  });

  it("sums up in a sentence what came of it", () => {
    assert.equal(importSummary(REPORT), "1 run added, 2 replaced, 3 unchanged, of 1,200 files.");
    const stopped = importSummary({ ...REPORT, cancelled: true, skippedFiles: 7 });
    assert.equal(stopped, "Stopped: 1 run added, 2 replaced, 3 unchanged, of 1,200 files (7 as they were at the last import).");
  });

  it("tells what was passed over, by kind, and what was not read, up to a bearable number", () => {
    assert.deepEqual(importTroubles(REPORT), []);
    const broken = Array.from({ length: 23 }, (_, n) => ({ path: `/${n}.traj`, why: "it is not JSON" }));
    const lines = importTroubles({ ...REPORT, unknownKinds: { odd: 2, new: 1 }, badLines: 1, longLines: 4, broken });
    assert.deepEqual(lines.slice(0, 4), [
      "3 lines of unknown kinds passed over: odd 2, new 1",
      "1 line passed over, not being JSON",
      "4 lines passed over, being too long",
      "/0.traj was not read: it is not JSON",
    ]);
    assert.deepEqual([lines.length, lines.at(-1)], [24, "and 3 more files not read"]);
  });
});
