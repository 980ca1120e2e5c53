// Runs the mocha tests whose path holds one of the arguments, or all of them: `node scripts/unit.mjs core tools/read`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleTests } from "./bundleTests.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const files = await bundleTests(root, process.argv.slice(2));
if (files.length === 0) {
  console.error("no test matches");
  process.exit(1);
}
const mocha = path.join(root, "node_modules/mocha/bin/mocha.js");
const run = spawnSync(process.execPath, ["--enable-source-maps", mocha, "--timeout", "20000", ...files], { cwd: root, stdio: "inherit" });
process.exit(run.status ?? 1);
