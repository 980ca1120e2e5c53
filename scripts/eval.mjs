// `npm run eval`: builds the product and the harness of scripts/eval, and runs it; docs/evaluation.md says how to use it.
// `--no-build` takes `dist/` as it is.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildProduct } from "./build.mjs";
import { ensureNode } from "./host/setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outfile = path.join(root, `out/eval-${process.pid}/eval.cjs`);
process.on("exit", () => rmSync(path.dirname(outfile), { recursive: true, force: true }));

const args = process.argv.slice(2);
const asItIs = args.includes("--no-build");
if (!asItIs) await buildProduct();
await build({
  absWorkingDir: root,
  entryPoints: ["scripts/eval/main.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  packages: "external",
  sourcemap: "inline",
  logLevel: "warning",
  define: { __ROOT__: JSON.stringify(root) },
});

const harness = spawn(await ensureNode(), ["--enable-source-maps", outfile, ...args.filter((arg) => arg !== "--no-build")], {
  stdio: "inherit",
});
// The terminal sends Ctrl-C to both; the harness ends first, in order. What comes to us alone is handed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => harness.kill(signal));
harness.on("error", (error) => {
  console.error(`eval: ${error.message}`);
  process.exitCode = 1;
});
harness.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
