import { randomUUID } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** One opening of the store by one process: whose reservations and running runs these are. */
export interface StoreOwner {
  readonly instance: string;
  readonly pid: number;
  /** Where `pid` means something: platform, host name and, on Linux, the pid namespace (containers, Flatpak). */
  readonly host: string;
  /** Tells a process from a later one with the same pid; `null` where it cannot be had cheaply. */
  readonly processStart: string | null;
}

export interface OwnerSign extends StoreOwner {
  readonly heartbeatAt: number;
  readonly closedAt: number | null;
}

export function thisOwner(): StoreOwner {
  return { instance: randomUUID(), pid: process.pid, host: thisHost(), processStart: processStart(process.pid) };
}

/** A silent owner that cannot be asked by pid counts as dead only after this long ... */
const SILENT_MS = 60 * 60_000;
/** ... and if its heartbeat stood still at this many looks of a living process, so that a slept-through night is not silence. */
const LOOKS = 6;
const LOOK_APART_MS = 10_000;

/**
 * Tells which owners are gone. Where pids can be compared, they decide at once: no process, or another one with the
 * same pid. Elsewhere (another host, another pid namespace, a pid in use on a system without start times) only a long
 * silence does. In doubt an owner lives.
 */
export class OwnerWatch {
  readonly #host = thisHost();
  readonly #looks = new Map<string, { readonly heartbeatAt: number; readonly count: number; readonly at: number }>();

  isDead(owner: OwnerSign, now: number): boolean {
    if (owner.closedAt !== null) return true;
    if (owner.host === this.#host) {
      const alive = pidAlive(owner.pid);
      if (!alive) return true;
      const start = processStart(owner.pid);
      if (start !== null && owner.processStart !== null) return start !== owner.processStart;
    }
    return this.#silent(owner, now);
  }

  #silent(owner: OwnerSign, now: number): boolean {
    const last = this.#looks.get(owner.instance);
    if (!last || last.heartbeatAt !== owner.heartbeatAt) {
      this.#looks.set(owner.instance, { heartbeatAt: owner.heartbeatAt, count: 1, at: now });
      return false;
    }
    if (now - last.at >= LOOK_APART_MS) this.#looks.set(owner.instance, { ...last, count: last.count + 1, at: now });
    return last.count >= LOOKS && now - owner.heartbeatAt >= SILENT_MS;
  }
}

function pidAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return processState(pid) !== "Z";
  } catch (error) {
    // EPERM: it lives, but is not ours.
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}

let host: string | undefined;

function thisHost(): string {
  host ??= [
    process.platform,
    hostname(),
    tryTo(() => (process.platform === "linux" ? readlinkSync("/proc/self/ns/pid") : "")),
  ].join("/");
  return host;
}

/** Boot id and start tick of a process on Linux; `null` elsewhere. */
function processStart(pid: number): string | null {
  const tick = procStat(pid)?.[19];
  const boot = tick && tryTo(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
  return boot ? `${boot}:${tick}` : null;
}

/** "Z" is a dead process its parent has not collected yet. */
function processState(pid: number): string | null {
  return procStat(pid)?.[0] ?? null;
}

/** Fields of `/proc/<pid>/stat` after the command name, from the state on (field 3 in proc(5)). */
function procStat(pid: number): readonly string[] | null {
  if (process.platform !== "linux") return null;
  const text = tryTo(() => readFileSync(`/proc/${pid}/stat`, "utf8"));
  return text ? text.slice(text.lastIndexOf(")") + 2).split(" ") : null;
}

function tryTo(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}
