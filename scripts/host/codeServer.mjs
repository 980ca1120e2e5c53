// Starts and stops one VS Code server (code-server) and installs extensions for it.
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { repoRoot } from "./paths.mjs";
import { endTree, endTreeNow, freePort, runOrThrow, until } from "./processes.mjs";
import { quietSettings, writeSettings } from "./settings.mjs";

const GUARD = fileURLToPath(new URL("parentGuard.cjs", import.meta.url));
const START_LIMIT_MS = 30_000;

/**
 * @typedef {object} RunningServer
 * @property {string} url              http://127.0.0.1:PORT, no slash at the end
 * @property {number} port
 * @property {number} pid
 * @property {(folder: string) => string} urlFor  address that opens the folder
 * @property {() => string} log        what the server printed so far
 * @property {(name: string) => string} outputChannel  text of an extension's output channel, from its file on disk; "" if none
 * @property {Promise<number>} exited  resolves with the exit code
 * @property {() => Promise<void>} stop  ends the server and everything it started; may be called twice
 */

/**
 * Starts a server and waits until it answers. Settings are written first, replacing the file, unless `settings` is `null`.
 * Listens on 127.0.0.1 without a password: whoever can reach that port can use the editor.
 * @param {{node: string, codeServerEntry: string}} host from `ensureHost()`
 * @param {object} options
 * @param {string} options.userDataDir
 * @param {string} options.extensionsDir
 * @param {object | null} [options.settings]  laid over `quietSettings`
 * @param {Record<string, string | undefined>} [options.env]  laid over the cleaned environment; reaches the extension host
 * @param {number} [options.port]             a free one if not given; rejects when taken
 * @param {boolean} [options.workspaceTrust]  true: the window opens in Restricted Mode until trusted
 * @param {boolean} [options.testDriver]      true: the address may carry a `payload` with extensionTestsPath
 * @returns {Promise<RunningServer>}
 */
export async function startCodeServer(host, options) {
  const { userDataDir, extensionsDir, settings = {}, env = {}, workspaceTrust = false, testDriver = false } = options;
  const trust = { "security.workspace.trust.enabled": workspaceTrust };
  mkdirSync(extensionsDir, { recursive: true });
  mkdirSync(userDataDir, { recursive: true });
  if (settings !== null) writeSettings(userDataDir, { ...quietSettings, ...trust, ...settings });
  const port = await freePort(options.port);
  const runtimeDir = mkdtempSync(path.join(os.tmpdir(), "tp-"));
  const logFile = path.join(userDataDir, "server.log");
  const logHandle = openSync(logFile, "w");
  const args = [
    ...["--require", GUARD, ...baseArgs(host, userDataDir, extensionsDir)],
    ...["--auth", "none", "--bind-addr", `127.0.0.1:${port}`],
    ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    ...(workspaceTrust ? [] : ["--disable-workspace-trust"]),
    ...(testDriver ? ["--vscode-option", "enable-smoke-test-driver"] : []),
  ];
  const child = spawn(host.node, args, {
    detached: process.platform !== "win32", // so that Ctrl-C comes to us alone and we end things in order
    env: { ...hostEnv(userDataDir), XDG_RUNTIME_DIR: runtimeDir, ...env },
    stdio: ["ignore", logHandle, logHandle],
  });
  closeSync(logHandle);
  const log = () => readFileSync(logFile, "utf8");
  const exited = new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("exit", (code) => resolve(code ?? 1));
  });
  const endNow = () => endTreeNow(child.pid);
  process.on("exit", endNow);
  const stop = async () => {
    if (child.exitCode === null && child.pid !== undefined) await endTree(child.pid);
    process.off("exit", endNow);
    rmSync(runtimeDir, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  const answers = () => fetch(`${url}/healthz`).then((response) => response.ok);
  const state = await Promise.race([until(answers, START_LIMIT_MS).then((up) => (up ? "up" : "silent")), exited]);
  if (state !== "up") {
    await stop();
    const what = state === "silent" ? "did not answer in time" : `ended at once with code ${state}`;
    throw new Error(`code-server ${what}:\n${log().slice(-3000)}`);
  }
  const urlFor = (folder) => `${url}/?folder=${encodeURIComponent(path.resolve(folder))}`;
  const outputChannel = (name) => readOutputChannel(userDataDir, name);
  return { url, port, pid: child.pid, urlFor, log, outputChannel, exited, stop };
}

/** Installs a .vsix (about a second). Do it before the start; a running window would ask for a reload. */
export async function installExtension(host, vsix, { userDataDir, extensionsDir }) {
  mkdirSync(extensionsDir, { recursive: true });
  mkdirSync(userDataDir, { recursive: true });
  const args = [...baseArgs(host, userDataDir, extensionsDir), "--install-extension", path.resolve(vsix), "--force"];
  await runOrThrow(host.node, args, { env: hostEnv(userDataDir), timeoutMs: 60_000 });
}

function baseArgs(host, userDataDir, extensionsDir) {
  const config = path.join(userDataDir, "code-server.yaml"); // without one it would write to the user's ~/.config
  writeFileSync(config, "cert: false\n");
  return [host.codeServerEntry, "--config", config, "--user-data-dir", userDataDir, "--extensions-dir", extensionsDir];
}

/** Our environment without what another editor, an outer npm or our own dev tools put there. */
function hostEnv(userDataDir) {
  const foreign = /^(VSCODE_|CODE_SERVER|ELECTRON_|npm_|INIT_CWD$|NODE_OPTIONS$|PORT$|PASSWORD$|HASHED_PASSWORD$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !foreign.test(key)));
  const isOurs = (dir) => dir.startsWith(repoRoot) && dir.includes("node_modules");
  env.PATH = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((dir) => !isOurs(dir))
    .join(path.delimiter);
  env.XDG_DATA_HOME = path.join(userDataDir, "xdg/data");
  env.XDG_CONFIG_HOME = path.join(userDataDir, "xdg/config");
  return env;
}

/** VS Code keeps each channel in a file NAME.log or N-NAME.log under logs/START/exthostN; the newest window's comes last. */
function readOutputChannel(userDataDir, name) {
  const logs = path.join(userDataDir, "logs");
  const isChannel = (file) => path.basename(file).replace(/^\d+-/, "") === `${name}.log`;
  let files;
  try {
    files = readdirSync(logs, { recursive: true }).filter(isChannel).sort();
  } catch {
    return "";
  }
  return files.map((file) => readFileSync(path.join(logs, file), "utf8")).join("");
}
