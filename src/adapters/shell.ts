import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { messageOf } from "../core/errors";
import type { Shell, ShellEnd, ShellResult } from "../tools/ports";
import { commandEnv, type EnvRules } from "./shellEnv";
import { endAtExit } from "./shellExit";
import { createBoundedText, createLiveFeed } from "./shellOutput";
import { shellProgram } from "./shellStart";
import { createCodeFilter, createSettler } from "./shellText";
import { createProcessTree, type ProcessTree } from "./shellTree";

const HEAD_CHARS = 4 * 1024 * 1024;
const TAIL_CHARS = 4 * 1024 * 1024;
const LIVE_EVERY_MS = 50;
const LIVE_CHARS = 16 * 1024;
/** Time to end in order after the time limit. */
const GRACE_MS = 1_000;
/** How long output may still come after the command has ended, and how long a killed one may take to be gone. */
const DRAIN_MS = 150;
const GONE_MS = 2_000;
/** Variable by which the processes of a command are known, wherever they went. */
const MARK = "TURNPIKE_COMMAND";

export interface ShellOptions {
  /** Folder the commands run in. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly envRules?: EnvRules;
  /** A POSIX shell in place of bash or sh. */
  readonly shellPath?: string;
}

/** A shell that can end what its commands left behind. */
export interface DisposableShell extends Shell {
  /** Ends the background processes of all commands. To be called when the run is over. */
  dispose(): Promise<void>;
}

export function createShell({ cwd, env, envRules, shellPath }: ShellOptions): DisposableShell {
  const childEnv = commandEnv(env, envRules);
  const program = shellProgram(shellPath);
  /** The trees of ended commands that may still live, each with what takes it off the list of those to end at exit. */
  const leftBehind = new Map<ProcessTree, () => void>();

  const forget = (tree: ProcessTree) => {
    leftBehind.get(tree)?.();
    leftBehind.delete(tree);
  };
  const forgetTheDead = async () => {
    for (const tree of [...leftBehind.keys()]) if ((await tree.alive()) === "no") forget(tree);
  };

  return {
    name: program.name,

    async run(command, { timeoutMs, signal, onOutput }) {
      const startedAt = performance.now();
      const mark = randomBytes(8).toString("hex");
      const kept = createBoundedText(HEAD_CHARS, TAIL_CHARS);
      const live = createLiveFeed(onOutput, LIVE_EVERY_MS, LIVE_CHARS);
      const result = (end: ShellEnd, leftRunning: boolean): ShellResult => {
        live.end();
        return { end, output: kept.end().trimEnd(), ms: performance.now() - startedAt, leftRunning };
      };

      if (signal.aborted) return result({ kind: "killed", why: "cancelled" }, false);
      let child: ChildProcess;
      try {
        child = program.start(command, cwd, { ...childEnv, [MARK]: mark });
      } catch (error) {
        return result({ kind: "notStarted", reason: messageOf(error) }, false);
      }
      const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
      const readers = streams.map((stream) => readStream(stream, kept.push, live.push));
      const ended = endOf(child);
      if (child.pid === undefined) return result(await ended, false);

      const tree = createProcessTree(child, child.pid, `${MARK}=${mark}`);
      const stopWatching = endAtExit(tree);
      const killed = await killWhenDue(tree, ended, timeoutMs, signal);
      const end = killed ?? (await ended);
      const closed = await Promise.all(readers.map((reader) => reader.drain(DRAIN_MS)));
      const leftRunning = !killed && ((await tree.alive()) === "yes" || closed.includes(false));
      if (leftBehind.size > 0) await forgetTheDead();
      if (leftRunning) leftBehind.set(tree, stopWatching);
      else stopWatching();
      child.unref();
      return result(end, leftRunning);
    },

    async dispose() {
      await Promise.all([...leftBehind.keys()].map((tree) => tree.kill(GRACE_MS).then(() => forget(tree))));
    },
  };
}

function endOf(child: ChildProcess): Promise<ShellEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ kind: "notStarted", reason: error.message }));
    child.once("exit", (code, signal) =>
      resolve(code === null ? { kind: "died", signal: signal ?? "?" } : { kind: "exited", exitCode: code }),
    );
  });
}

/** Waits for the end of the command, or brings it about. Answers how it was killed; `null` = it ended by itself. */
async function killWhenDue(
  tree: ProcessTree,
  ended: Promise<unknown>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Extract<ShellEnd, { kind: "killed" }> | null> {
  const cleanUp = new AbortController();
  const due = new Promise<"timeLimit" | "cancelled">((resolve) => {
    const timer = setTimeout(() => resolve("timeLimit"), Math.min(timeoutMs, 2 ** 31 - 1));
    signal.addEventListener("abort", () => resolve("cancelled"), { signal: cleanUp.signal });
    cleanUp.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  const why = await Promise.race([due, ended.then(() => null)]);
  cleanUp.abort();
  if (why === null) return null;
  await tree.kill(why === "cancelled" ? 0 : GRACE_MS);
  await Promise.race([ended, waitMs(GONE_MS)]);
  return { kind: "killed", why };
}

function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Reads a stream as text without control codes, until it ends or nobody wants more: as it comes to show, settled to keep. */
function readStream(stream: Readable, keep: (text: string) => void, show: (text: string) => void) {
  const decoder = new StringDecoder("utf8");
  const codes = createCodeFilter();
  const settler = createSettler();
  const take = (text: string) => {
    show(text);
    keep(settler.push(text));
  };
  let lastAt = performance.now();
  let isClosed = false;
  const onData = (bytes: Buffer) => {
    lastAt = performance.now();
    take(codes.push(decoder.write(bytes)));
  };
  stream.on("data", onData);
  const closed = new Promise<void>((resolve) => {
    stream.once("close", () => {
      isClosed = true;
      resolve();
    });
  });
  stream.on("error", () => {});
  return {
    /**
     * Takes what is still on its way: until the stream closes, or is quiet for `quietMs`. A background process that holds
     * it open is read on, so that it does not block or break, but no longer listened to. Answers whether it closed.
     */
    async drain(quietMs: number): Promise<boolean> {
      const deadline = performance.now() + quietMs * 10;
      lastAt = performance.now();
      while (!isClosed && performance.now() - lastAt < quietMs && performance.now() < deadline) {
        await Promise.race([closed, waitMs(quietMs / 5)]);
      }
      stream.off("data", onData);
      take(codes.push(decoder.end()) + codes.end());
      keep(settler.end());
      if (isClosed) return true;
      stream.resume();
      if ("unref" in stream && typeof stream.unref === "function") stream.unref();
      return false;
    },
  };
}
