import { type ChildProcess, execFile, spawnSync } from "node:child_process";
import path from "node:path";
import type { ProcessTree } from "./shellTree";

/** The absolute path of a program of Windows itself: the PATH may lead elsewhere. */
export function systemProgram(...names: readonly string[]): string {
  return path.join(process.env.SystemRoot ?? "C:\\Windows", "System32", ...names);
}

/** The arguments of `cmd.exe` for a command line; with UTF-8 in place of the machine's old code page for what it prints. */
export function cmdArguments(command: string): readonly string[] {
  return ["/d", "/s", "/c", `"chcp 65001>nul&${command}"`];
}

/**
 * The tree of a command on Windows, where there are no groups: while the first process runs its id is its own, and the
 * system ends its tree; afterwards its children are found by their parent's id and by the time they were started in.
 */
export function windowsTree(child: ChildProcess, pid: number): ProcessTree {
  const startedAt = Date.now();
  let endedAt: number | null = null;
  child.once("exit", () => {
    endedAt = Date.now();
  });
  return {
    alive: async () => "unknown",
    async kill() {
      const roots = endedAt === null ? [pid] : startedWithin(await childrenOf(pid), startedAt, endedAt);
      await Promise.all(roots.map((root) => run(systemProgram("taskkill.exe"), ["/pid", String(root), "/T", "/F"])));
    },
    killNow() {
      if (endedAt === null) spawnSync(systemProgram("taskkill.exe"), ["/pid", String(pid), "/T", "/F"], { windowsHide: true });
    },
  };
}

/** Lines of id and Unix milliseconds. The id of a parent that is gone may have been given to another one since. */
export function startedWithin(table: string, from: number, to: number): readonly number[] {
  const rows = table.split("\n").map((line) => line.trim().split(" ").map(Number));
  return rows.flatMap(([pid = 0, startedAt = 0]) => (pid > 0 && startedAt >= from && startedAt <= to ? [pid] : []));
}

function childrenOf(parent: number): Promise<string> {
  const query = `Get-CimInstance Win32_Process -Filter 'ParentProcessId=${parent}' | ForEach-Object { "$($_.ProcessId) $(([DateTimeOffset]$_.CreationDate).ToUnixTimeMilliseconds())" }`;
  return run(systemProgram("WindowsPowerShell", "v1.0", "powershell.exe"), ["-NoProfile", "-NonInteractive", "-Command", query]);
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { windowsHide: true, timeout: 10_000 }, (_error, stdout) => resolve(stdout));
  });
}
