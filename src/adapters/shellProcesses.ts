import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** With `pid` it names one process for good: an id alone is given again. Grows with time on Linux. */
  readonly startedAt: string;
  /** Ended, but still listed. */
  readonly isDead: boolean;
}

export async function listProcesses(): Promise<readonly ProcessRow[]> {
  return process.platform === "linux" ? listOnLinux() : listByPs();
}

/** At once: `/proc` is no disk. */
export function listOnLinux(): readonly ProcessRow[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => rowOnLinux(Number(name)) ?? []);
}

/** `null` = there is no such process. */
export function rowOnLinux(pid: number): ProcessRow | null {
  const stat = readProc(pid, "stat");
  // The name in brackets may hold anything, brackets too; state, parent, group and, 17 fields on, the start come after it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent, group] = fields;
  if (group === undefined) return null;
  const isDead = state === "Z" || state === "X";
  return { pid, parent: Number(parent), group: Number(group), startedAt: fields[19] ?? "", isDead };
}

/** Whether a process was started with `NAME=value` in its environment. Linux only; not known of other users' processes. */
export function hasInEnvironment(pid: number, setting: string): boolean {
  return readProc(pid, "environ").split("\0").includes(setting);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function listByPs(): Promise<readonly ProcessRow[]> {
  return new Promise((resolve) => {
    execFile("/bin/ps", ["-A", "-o", "pid=,ppid=,pgid=,stat=,lstart="], { maxBuffer: 8 * 1024 * 1024 }, (error, stdout) =>
      resolve(error ? [] : stdout.trim().split("\n").map(rowOfPs)),
    );
  });
}

function rowOfPs(line: string): ProcessRow {
  const [pid, parent, group, state, ...startedAt] = line.trim().split(/\s+/);
  return {
    pid: Number(pid),
    parent: Number(parent),
    group: Number(group),
    startedAt: startedAt.join(" "),
    isDead: state?.startsWith("Z") ?? true,
  };
}
