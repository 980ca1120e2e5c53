// The VS Code that is installed on this machine, through its `code` command.
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { run } from "./processes.mjs";

const isWindows = process.platform === "win32";

/** Path of `code` on the PATH; rejects with what to do when there is none. */
export function findCode() {
  const file = isWindows ? "code.cmd" : "code";
  const places = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter(Boolean)
    .map((dir) => path.join(dir, file));
  const found = places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found) return found;
  throw new Error(
    "no `code` command on the PATH. In VS Code run “Shell Command: Install 'code' command in PATH”, or leave out --desktop.",
  );
}

/** A .cmd needs a shell, and a shell needs quotes. */
const forShell = (code, args) => (isWindows ? [`"${code}"`, args.map((arg) => `"${arg}"`)] : [code, args]);

/**
 * Installs the extension and opens the folder in a VS Code of its own (own settings, own extensions).
 * @returns {Promise<{exited: Promise<number>, stop: () => void}>} `exited` when its window is closed
 */
export async function startDesktop(code, { vsix, folder, userDataDir, extensionsDir, env = {} }) {
  const own = ["--user-data-dir", userDataDir, "--extensions-dir", extensionsDir];
  const options = { env: { ...process.env, ...env }, shell: isWindows };
  const [command, install] = forShell(code, [...own, "--install-extension", vsix, "--force"]);
  const installed = await run(command, install, { ...options, timeoutMs: 120_000 });
  if (installed.code !== 0) throw new Error(`code --install-extension failed:\n${installed.output.trim()}`);
  const [, open] = forShell(code, [...own, "--new-window", "--wait", "--disable-workspace-trust", folder]);
  const child = spawn(command, open, { ...options, stdio: "ignore" });
  const exited = new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("exit", (status) => resolve(status ?? 0));
  });
  return { exited, stop: () => child.kill() };
}
