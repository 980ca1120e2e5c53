// `npm run bench`: builds, measures, and prints the table of docs/benchmarks.md. `npm run bench -- import 1000`: only the
// import, of so many megabytes; `npm run bench -- forecast DIR`: only the forecast, on the recorded runs of a folder.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScript } from "./bundleTests.mjs";
import { ensureNode } from "./host/setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packaged = spawnSync(process.execPath, ["scripts/package.mjs"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
if (packaged.status !== 0) process.exit(packaged.status ?? 1);

const [bench] = await Promise.all(["test/bench/bench.ts", "test/bench/activate.ts"].map((source) => bundleScript(root, source)));
const node = await ensureNode();
const env = { ...process.env, TURNPIKE_NODE: node };
process.exit(spawnSync(node, [bench, ...process.argv.slice(2)], { cwd: root, stdio: "inherit", env }).status ?? 1);
