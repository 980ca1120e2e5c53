import type { ChildProcess } from "node:child_process";
import { hasInEnvironment, listOnLinux, listProcesses, type ProcessRow, rowOnLinux } from "./shellProcesses";
import { windowsTree } from "./shellWindows";

/** The processes of one command: its group, and those that left the group. */
export interface ProcessTree {
  /** Whether any of them still runs. */
  alive(): Promise<"yes" | "no" | "unknown">;
  /** Asks all to end, waits up to `graceMs`, then ends them. With 0 they are ended at once. */
  kill(graceMs: number): Promise<void>;
  /** Ends them before it returns, as well as that can be done: for a process that is about to exit. */
  killNow(): void;
}

const POLL_MS = 40;
/** Looks for processes that were started while the others were ended. */
const KILL_ROUNDS = 5;

/**
 * @param child the command's first process, just started, which leads a process group of its own (not on Windows)
 * @param mark `NAME=value` in the environment of the command: by it Linux finds processes that cut all other ties
 */
export function createProcessTree(child: ChildProcess, pid: number, mark: string): ProcessTree {
  return process.platform === "win32" ? windowsTree(child, pid) : posixTree(child, pid, mark);
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function posixTree(child: ChildProcess, group: number, mark: string): ProcessTree {
  // A child that was not waited for yet is still listed, be it dead.
  const since = process.platform === "linux" ? Number(rowOnLinux(group)?.startedAt) : 0;
  const bearsMark = ({ pid, startedAt }: ProcessRow) =>
    process.platform === "linux" && Number(startedAt) >= since && hasInEnvironment(pid, mark);
  /** The living at the last look; `null` = there was none yet. */
  let known: readonly ProcessRow[] | null = null;

  /**
   * A group keeps its id for as long as one of it lives, the first look comes right after the end of the command, and
   * what was known is known again by its start: so nobody else's process is taken for one of these.
   */
  const pick = (rows: readonly ProcessRow[]): readonly ProcessRow[] => {
    const stillThere = rows.filter((row) => known?.some((one) => one.pid === row.pid && one.startedAt === row.startedAt));
    const isGroupOurs = known === null || isRunning(child) || stillThere.some((row) => row.group === group);
    const isSeed = (row: ProcessRow) => (isGroupOurs && row.group === group) || stillThere.includes(row) || bearsMark(row);
    const family = new Set(rows.filter(isSeed).map((row) => row.pid));
    for (let size = -1; size !== family.size; ) {
      size = family.size;
      for (const row of rows) if (family.has(row.parent)) family.add(row.pid);
    }
    known = rows.filter((row) => family.has(row.pid) && row.pid !== process.pid && !row.isDead);
    return known;
  };
  const mayLive = () => process.platform === "linux" || (known ?? []).length > 0 || signal(-group, 0);
  const look = async () => pick(mayLive() ? await listProcesses() : []);

  const send = (name: NodeJS.Signals, to: readonly ProcessRow[]) => {
    if (isRunning(child) || to.some((row) => row.group === group)) signal(-group, name);
    for (const row of to) if (row.group !== group) signal(row.pid, name);
  };

  return {
    alive: async () => ((await look()).length > 0 ? "yes" : "no"),
    async kill(graceMs) {
      let living = await look();
      if (graceMs > 0) {
        send("SIGTERM", living);
        for (const deadline = performance.now() + graceMs; living.length > 0 && performance.now() < deadline; ) {
          await pause(POLL_MS);
          living = await look();
        }
      }
      for (let round = 0; round < KILL_ROUNDS && (living.length > 0 || isRunning(child)); round += 1) {
        send("SIGKILL", living);
        await pause(POLL_MS);
        living = await look();
      }
    },
    killNow: () => send("SIGKILL", process.platform === "linux" ? pick(listOnLinux()) : (known ?? [])),
  };
}

/** To a process, or a group by its negative id; 0 only asks. False = there is no such one of ours any more. */
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
