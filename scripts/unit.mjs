// Runs the tests whose path holds one of the arguments, or all that need no editor: `node scripts/unit.mjs core tools/read`.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleTests } from "./bundleTests.mjs";
import { ensureNode } from "./host/setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outdir = path.join(root, `out/unit-${process.pid}`);
process.on("exit", () => rmSync(outdir, { recursive: true, force: true }));
const files = await bundleTests(root, process.argv.slice(2), outdir);
if (files.length === 0) {
  console.error("no test matches");
  process.exit(1);
}
const runner = path.join(root, "scripts/mochaRun.mjs");
const statsFile = path.join(outdir, "stats.json");
const node = await ensureNode();
const run = spawnSync(node, ["--enable-source-maps", runner, statsFile, "20000", ...files], {
  cwd: root,
  stdio: "inherit",
});
process.exit(run.status ?? 1);
