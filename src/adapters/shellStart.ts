import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { cmdArguments, systemProgram } from "./shellWindows";

/** The shell of this machine. */
export interface ShellProgram {
  /** As in `Shell`. */
  readonly name: string;
  /** Starts a command line, without input. Throws, or gives a child that reports it, if that cannot be done. */
  start(command: string, cwd: string, env: NodeJS.ProcessEnv): ChildProcess;
}

/** @param posixPath a POSIX shell in place of bash or sh */
export function shellProgram(posixPath: string | undefined): ShellProgram {
  return process.platform === "win32" ? CMD : posixShell(posixPath ?? (existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh"));
}

const OPTIONS: SpawnOptions = { stdio: ["ignore", "pipe", "pipe"], windowsHide: true };

const CMD: ShellProgram = {
  name: "cmd.exe on Windows",
  start: (command, cwd, env) =>
    spawn(systemProgram("cmd.exe"), cmdArguments(command), { ...OPTIONS, cwd, env, windowsVerbatimArguments: true }),
};

function posixShell(program: string): ShellProgram {
  return {
    name: `${path.basename(program)} on ${process.platform === "darwin" ? "macOS" : "Linux"}`,
    // One pipe for both streams keeps their order; a group of its own can be ended as a whole.
    start: (command, cwd, env) =>
      spawn("/bin/sh", ["-c", 'exec "$0" -c "$1" 2>&1', program, command], { ...OPTIONS, cwd, env, detached: true }),
  };
}
