// Brings the editor host up to "installed": Node 24 and a real VS Code (code-server), both from npm, both lazily.
// As a command: `node scripts/host/setup.mjs` installs everything and prints the paths as JSON.
import { copyFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { installPart } from "./install.mjs";
import { npm, run } from "./processes.mjs";

const SPDLOG = fileURLToPath(new URL("spdlogInJavaScript.cjs", import.meta.url));

/** True when a Node of this version has `node:sqlite` without a flag. */
export function hasSqlite(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 13);
}

/** Path of a Node >= 22.13 with `node:sqlite`: the running one if it will do, else Node 24 from npm (189 MB, no editor). */
export async function ensureNode() {
  return hasSqlite() && isBuiltin("node:sqlite") ? process.execPath : ensureNode24();
}

/** Path of Node 24 from npm. Rejects where npm has none that runs (Alpine, Windows on ARM). */
export async function ensureNode24() {
  const dir = await installPart("node", { about: "Node 24", finish: verifyNode });
  return nodeIn(dir);
}

/**
 * A real VS Code, ready to start.
 * @returns {Promise<{node: string, codeServerEntry: string, vscodeVersion: string}>}
 */
export async function ensureHost() {
  if (process.platform === "win32") {
    throw new Error("code-server does not run on Windows. Use a VS Code installed here: npm start -- --desktop");
  }
  const node = await ensureNode24();
  const about = "VS Code (code-server)";
  const dir = await installPart("server", { about, finish: finishServer, recipe: `2 ${readFileSync(SPDLOG, "utf8")}` });
  const codeServer = path.join(dir, "node_modules/code-server");
  const product = JSON.parse(readFileSync(path.join(codeServer, "lib/vscode/product.json"), "utf8"));
  return { node, codeServerEntry: path.join(codeServer, "out/node/entry.js"), vscodeVersion: product.version };
}

function nodeIn(dir) {
  const modules = path.join(dir, "node_modules");
  const names = existsSync(modules) ? readdirSync(modules).filter((name) => name.startsWith("node-")) : [];
  const files = names.flatMap((name) => ["bin/node", "bin/node.exe"].map((file) => path.join(modules, name, file)));
  const found = files.find((file) => existsSync(file));
  if (found) return found;
  throw new Error(`npm has no Node 24 for ${process.platform}-${process.arch}; install Node 24 and run this with it`);
}

async function verifyNode(dir) {
  const node = nodeIn(dir);
  const { code, output } = await run(node, ["-e", "require('node:sqlite')"], { timeoutMs: 20_000 });
  if (code !== 0) throw new Error(`Node 24 from npm does not run on this machine:\n${output}`);
}

/**
 * VS Code has dependencies of its own, and so have its extensions (typescript, without which opening a .js file shows an
 * error). `npm install`, not `npm ci`: the shipped shrinkwrap is out of step.
 */
async function finishServer(dir) {
  const vscode = path.join(dir, "node_modules/code-server/lib/vscode");
  for (const cwd of [vscode, path.join(vscode, "extensions")]) {
    await npm(["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd });
  }
  copyFileSync(SPDLOG, path.join(vscode, "node_modules/@vscode/spdlog/index.js"));
}

// No top-level await here: the tests, which are CommonJS, load this with `require`.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureHost().then(
    (host) => console.log(JSON.stringify(host, null, 2)),
    (error) => {
      console.error(`error: ${error.message}`);
      process.exitCode = 1;
    },
  );
}
