import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** The processes of one command: its group, and those that left the group. */
export interface ProcessTree {
  /** Whether processes of the command's group still run. Not known on Windows: false. */
  isGroupAlive(): Promise<boolean>;
  /** Asks all to end, waits up to `graceMs`, then ends them. With 0 they are ended at once. */
  kill(graceMs: number): Promise<void>;
}

const POLL_MS = 40;

/**
 * @param pid of the command's first process, which leads a process group of its own (not on Windows)
 * @param mark `NAME=value` in the environment of the command: by it Linux finds processes that cut all other ties
 */
export function createProcessTree(pid: number, mark: string): ProcessTree {
  return process.platform === "win32" ? windowsTree(pid) : posixTree(pid, mark);
}

function posixTree(group: number, mark: string): ProcessTree {
  // The dead that nobody has buried yet still count for `kill`.
  const areAlive = async (isMeant: (row: ProcessRow) => boolean) =>
    (await processes()).some((row) => isMeant(row) && !row.isDead);
  return {
    isGroupAlive: async () => signal(-group, 0) && (await areAlive((row) => row.group === group)),
    async kill(graceMs) {
      // Looked up before anything dies: afterwards the ties are cut.
      const strays = await strayDescendants(group, mark);
      if (graceMs > 0) {
        for (const target of [-group, ...strays]) signal(target, "SIGTERM");
        const deadline = performance.now() + graceMs;
        const isMeant = (row: ProcessRow) => row.group === group || strays.includes(row.pid);
        while (performance.now() < deadline && (await areAlive(isMeant))) await pause(POLL_MS);
      }
      for (const target of [-group, ...strays, ...(await strayDescendants(group, mark))]) signal(target, "SIGKILL");
    },
  };
}

function windowsTree(pid: number): ProcessTree {
  const taskkill = path.join(process.env.SystemRoot ?? "C:\\Windows", "System32", "taskkill.exe");
  return {
    isGroupAlive: async () => false,
    kill: () =>
      new Promise((resolve) => {
        execFile(taskkill, ["/pid", String(pid), "/T", "/F"], { windowsHide: true }, () => resolve());
      }),
  };
}

/** Sends a signal; 0 only asks. False = there is no such process (or group) of ours. */
function signal(target: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, name);
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Ended, but still listed. */
  readonly isDead: boolean;
}

function processes(): Promise<readonly ProcessRow[]> {
  return process.platform === "linux" ? linuxProcesses() : psProcesses();
}

/** Descendants outside the group, and on Linux whoever bears the mark, be it a daemon. */
async function strayDescendants(group: number, mark: string): Promise<readonly number[]> {
  const rows = await processes();
  const family = new Set(rows.filter((row) => row.group === group).map((row) => row.pid));
  for (let size = -1; size !== family.size; ) {
    size = family.size;
    for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
  }
  const strays = rows.filter((row) => row.group !== group && family.has(row.pid)).map((row) => row.pid);
  const marked = process.platform === "linux" ? await markedProcesses(rows, mark) : [];
  return [...new Set([...strays, ...marked])].filter((pid) => pid !== process.pid);
}

async function linuxProcesses(): Promise<readonly ProcessRow[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
      // The name in brackets may hold anything, brackets too; state, parent and group come after it.
      const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return { pid: Number(pid), parent: Number(parent), group: Number(group), isDead: state === "Z" || state === "X" };
    }),
  );
  return rows.filter((row) => row.group > 0);
}

async function markedProcesses(rows: readonly ProcessRow[], mark: string): Promise<readonly number[]> {
  const found = await Promise.all(
    rows.map(async ({ pid }) => {
      const environment = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
      return environment.split("\0").includes(mark) ? [pid] : [];
    }),
  );
  return found.flat();
}

function psProcesses(): Promise<readonly ProcessRow[]> {
  return new Promise((resolve) => {
    execFile("/bin/ps", ["-A", "-o", "pid=,ppid=,pgid=,stat="], { maxBuffer: 8 * 1024 * 1024 }, (error, stdout) => {
      const rows = error ? [] : stdout.trim().split("\n");
      resolve(
        rows.map((row) => {
          const [pid, parent, group, state] = row.trim().split(/\s+/);
          return { pid: Number(pid), parent: Number(parent), group: Number(group), isDead: state?.startsWith("Z") ?? true };
        }),
      );
    });
  });
}
