// `npm run bench`: builds, measures, and prints the table of docs/benchmarks.md.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { ensureNode } from "./host/setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packaged = spawnSync(process.execPath, ["scripts/package.mjs"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
if (packaged.status !== 0) process.exit(packaged.status ?? 1);

const outdir = path.join(root, "out/bench");
mkdirSync(outdir, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ["test/bench/bench.ts", "test/bench/activate.ts"],
  outdir,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  outExtension: { ".js": ".cjs" },
  packages: "external",
  define: { __TEST_ROOT__: JSON.stringify(root) },
});
const node = await ensureNode();
const env = { ...process.env, TURNPIKE_NODE: node };
process.exit(spawnSync(node, [path.join(outdir, "bench.cjs")], { cwd: root, stdio: "inherit", env }).status ?? 1);
