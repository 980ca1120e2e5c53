// The tools of package.json, for scripts that run before anything is installed: only Node's own modules may be imported.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { repoRoot } from "./paths.mjs";
import { npm, say } from "./processes.mjs";

/** Installs the dev tools unless every one is there in the version package.json pins. */
export async function ensureDevTools() {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(path.join(repoRoot, "package.json"), "utf8"));
  const isThere = ([name, version]) => {
    const file = path.join(repoRoot, "node_modules", name, "package.json");
    return existsSync(file) && JSON.parse(readFileSync(file, "utf8")).version === version;
  };
  if (Object.entries({ ...dependencies, ...devDependencies }).every(isThere)) return;
  say("installing dev tools (npm ci) ...");
  await npm(["ci", "--no-audit", "--no-fund"], { cwd: repoRoot });
}
