// Child processes: run to the end, end a whole tree, find a free port, wait for something to become true.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Progress goes to stderr, so that a caller's stdout stays parseable. */
export function say(line) {
  process.stderr.write(`[host] ${line}\n`);
}

/**
 * Runs a command to its end. Never rejects because of the exit code.
 * @returns {Promise<{code: number, output: string}>} code 127 when it could not be started; output is stdout and stderr, mixed.
 */
export function run(command, args, { cwd, env = process.env, timeoutMs, shell = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let output = "";
    const add = (chunk) => {
      output += chunk;
    };
    child.stdout.setEncoding("utf8").on("data", add);
    child.stderr.setEncoding("utf8").on("data", add);
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), timeoutMs);
    const finish = (code, extra = "") => {
      clearTimeout(timer);
      resolve({ code, output: output + extra });
    };
    child.on("error", (error) => finish(127, String(error.message)));
    child.on("close", (code, signal) => finish(code ?? 1, signal ? `\nended by ${signal}` : ""));
  });
}

/** As `run`, but a failure rejects with the last lines of output. */
export async function runOrThrow(command, args, options) {
  const { code, output } = await run(command, args, options);
  if (code === 0) return output;
  const tail = output.trim().split("\n").slice(-15).join("\n");
  throw new Error(`${path.basename(command)} ${args.join(" ")} ended with code ${code}:\n${tail}`);
}

/**
 * Runs npm with the node that started us, the way `npm run` would find it; works on Windows too, where npm is a .cmd.
 * Settings an outer `npm run` left about ITS package are removed; those about the user's configuration stay.
 */
export function npm(args, { cwd, timeoutMs = 600_000, env = process.env }) {
  const clean = Object.fromEntries(
    Object.entries(env).filter(([key]) => !/^npm_(package_|lifecycle_|command$|config_local_prefix$)/i.test(key)),
  );
  const options = { cwd, env: clean, timeoutMs };
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.c?js$/.test(script)) return runOrThrow(process.execPath, [script, ...args], options);
  return process.platform === "win32"
    ? runOrThrow("npm.cmd", args, { ...options, shell: true })
    : runOrThrow("npm", args, options);
}

/** Ids of the process's living descendants, nearest first. Empty on Windows, where `taskkill /T` does that work. */
export function descendants(pid) {
  const found = [pid];
  const pairs = parentPairs();
  for (const parent of found) for (const [child, of] of pairs) if (of === parent) found.push(child);
  return found.slice(1);
}

function parentPairs() {
  if (process.platform === "win32") return [];
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-axo", "pid=,ppid="], { encoding: "utf8" });
    return (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, "utf8");
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1])]];
      } catch {
        return []; // it ended meanwhile
      }
    });
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

const signal = (pid, name) => {
  try {
    process.kill(pid, name);
  } catch {
    // already gone
  }
};

/** Asks the process to end, waits, then kills it and whatever it left behind. Resolves when all are gone. */
export async function endTree(pid, { graceMs = 4000 } = {}) {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/PID", String(pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  const family = [pid, ...descendants(pid)];
  signal(pid, "SIGTERM");
  await until(() => !family.some(isAlive), graceMs, 50);
  for (const member of family) if (isAlive(member)) signal(member, "SIGKILL");
  await until(() => !family.some(isAlive), 2000, 50);
}

/** The same at once and without waiting, for a process that is about to exit. */
export function endTreeNow(pid) {
  for (const member of [...descendants(pid).reverse(), pid]) signal(member, "SIGKILL");
}

/** Polls until `test` gives something truthy, which is returned; `undefined` after `timeoutMs`. A throwing test counts as no. */
export async function until(test, timeoutMs, stepMs = 100) {
  for (const end = Date.now() + timeoutMs; ; await sleep(stepMs)) {
    const value = await Promise.resolve()
      .then(test)
      .catch(() => undefined);
    if (value) return value;
    if (Date.now() > end) return undefined;
  }
}

/** A port nobody listens on now; rejects when `wanted` is given and taken. */
export function freePort(wanted = 0, host = "127.0.0.1") {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on("error", (error) => reject(error.code === "EADDRINUSE" ? new Error(`port ${wanted} is already in use`) : error));
    server.listen(wanted, host, () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
