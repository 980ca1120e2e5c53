// `npm test`: everything, on a fresh machine too. Type check, lint, unit and integration tests over real HTTP, then the
// packaged extension in a real editor driven through a real browser. Closes with `N passed, N failed`.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { ensureDevTools } from "./host/devTools.mjs";
import { ensureHost, ensureNode } from "./host/setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = (name) => path.join(root, "node_modules", name);
const totals = { passed: 0, failed: 0 };

await ensureDevTools().catch((error) => finish(error));
mkdirSync(path.join(root, "out"), { recursive: true });

await step("type check", process.execPath, [bin("typescript/bin/tsc"), "--noEmit", "-p", "."]);
await step("type check of the pages", process.execPath, [bin("typescript/bin/tsc"), "--noEmit", "-p", "src/webview"]);
await step("lint", process.execPath, [bin("@biomejs/biome/bin/biome"), "check", "."]);
await step("build and package", process.execPath, ["scripts/package.mjs"]);

// The editor brings the ripgrep that unit tests compare with. Where there can be none, tests say what they miss.
await ensureHost().catch((error) => console.error(error.message));
const node = await ensureNode();
const { bundleTests } = await import("./bundleTests.mjs");
const env = { ...process.env, TURNPIKE_NODE: node };
const files = await bundleTests(root);
const editor = files.filter((file) => file.includes(`${path.sep}editor${path.sep}`));
await tests(
  "unit and integration",
  files.filter((file) => !editor.includes(file)),
  30_000,
);
await tests("in the editor", editor, 180_000);

finish();

function finish(error) {
  if (error) console.error(error.message);
  const failed = totals.passed === 0 ? Math.max(1, totals.failed) : totals.failed;
  console.log(`\n${totals.passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** A check that counts as one test. */
async function step(name, file, args) {
  const code = await command(name, file, args);
  totals[code === 0 ? "passed" : "failed"] += 1;
}

/** A mocha run that counts test by test; one that dies before it could count is a failure. */
async function tests(name, testFiles, timeoutMs) {
  if (testFiles.length === 0) return;
  const statsFile = path.join(root, "out/stats.json");
  rmSync(statsFile, { force: true });
  const code = await command(
    name,
    node,
    ["--enable-source-maps", "scripts/mochaRun.mjs", statsFile, String(timeoutMs), ...testFiles],
    env,
  );
  const stats = existsSync(statsFile) ? JSON.parse(readFileSync(statsFile, "utf8")) : { passed: 0, failed: 1 };
  totals.passed += stats.passed;
  totals.failed += stats.failed === 0 && code !== 0 ? 1 : stats.failed;
}

function command(name, file, args, env = process.env) {
  console.log(`\n▸ ${name}`);
  const startedAt = Date.now();
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env,
    });
    child.on("error", (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on("close", (code) => {
      console.log(`  ${code === 0 ? "ok" : `failed (exit ${code})`} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
      resolve(code ?? 1);
    });
  });
}
