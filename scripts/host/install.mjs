// Lazy, repeatable installs of the parts under tools/editor-host.
//
// A part is installed into a staging folder and renamed into place when it is whole, under a name made of its lock
// file's hash. So a half-done install is never taken for a whole one, two processes cannot break each other, and a
// changed lock file installs anew. The claim file only saves the second process the work.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installRoot, manifestDir } from "./paths.mjs";
import { isAlive, npm, say, sleep } from "./processes.mjs";

const CLAIM_LIFE_MS = 15 * 60_000;

/**
 * Installs a part unless it is there.
 * @param {string} part folder name under tools/editor-host
 * @param {{about: string, recipe?: string, finish?: (dir: string) => Promise<void>}} options
 *   `about` is shown while installing; `finish` completes the staged folder; change `recipe` whenever `finish` changes.
 * @returns {Promise<string>} the folder that holds the part's node_modules
 */
export async function installPart(part, { about, recipe = "", finish = async () => {} }) {
  const root = installRoot();
  const source = manifestDir(part);
  const platform = `${process.platform}-${process.arch}`;
  const key = createHash("sha256")
    .update(readFileSync(path.join(source, "package-lock.json")))
    .update(`${recipe} ${platform}`)
    .digest("hex")
    .slice(0, 12);
  const target = path.join(root, `${part}-${key}`);
  if (existsSync(target)) return target;
  mkdirSync(root, { recursive: true });
  const claim = path.join(root, `.${part}-${key}.claim`);
  if (!(await claimOrWait(claim, target))) return target;
  const staging = path.join(root, `.${part}-${key}.${process.pid}`);
  const started = Date.now();
  say(`installing ${about} ...`);
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    for (const file of ["package.json", "package-lock.json"]) cpSync(path.join(source, file), path.join(staging, file));
    await npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: staging });
    await finish(staging);
    moveIntoPlace(staging, target);
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(claim, { force: true });
  }
  if (process.env.TURNPIKE_HOST_DIR === undefined) removeOlder(root, part, target);
  say(`installed ${about} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  return target;
}

/** True: the work is ours. False: another process finished it while we waited. */
async function claimOrWait(claim, target) {
  for (let told = false; ; await sleep(300)) {
    if (existsSync(target)) return false;
    try {
      writeFileSync(claim, String(process.pid), { flag: "wx" });
      return true;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isAbandoned(claim)) rmSync(claim, { force: true });
    else if (!told) {
      told = true;
      say(`another process is installing this; waiting (${claim})`);
    }
  }
}

function isAbandoned(claim) {
  try {
    const owner = Number(readFileSync(claim, "utf8"));
    const age = Date.now() - statSync(claim).mtimeMs;
    return age > CLAIM_LIFE_MS || (owner > 0 && !isAlive(owner));
  } catch {
    return false; // released meanwhile
  }
}

function moveIntoPlace(staging, target) {
  try {
    renameSync(staging, target);
  } catch (error) {
    if (!existsSync(target)) throw error; // else another process was first, with the same content
  }
}

/** Earlier versions of the part (a server still running from one must be restarted), and stagings whose process is gone. */
function removeOlder(root, part, target) {
  for (const name of readdirSync(root)) {
    const [, owner] = new RegExp(`^\\.${part}-[0-9a-f]{12}\\.(\\d+)$`).exec(name) ?? [];
    const isOlder = new RegExp(`^${part}-[0-9a-f]{12}$`).test(name) && path.join(root, name) !== target;
    if (isOlder || (owner !== undefined && !isAlive(Number(owner)))) {
      rmSync(path.join(root, name), { recursive: true, force: true });
    }
  }
}
