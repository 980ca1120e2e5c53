import { chmodSync, closeSync, fstatSync, mkdirSync, openSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/**
 * Where a user's store is: `TURNPIKE_STORE`, or `turnpike/turnpike.db` in the data folder of the platform
 * (`XDG_DATA_HOME` or `~/.local/share`, `~/Library/Application Support`, `%LOCALAPPDATA%`).
 */
export function defaultStoreFile(
  env: { readonly [name: string]: string | undefined } = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.TURNPIKE_STORE) return path.resolve(env.TURNPIKE_STORE);
  const { join } = platform === "win32" ? path.win32 : path.posix;
  return join(dataFolder(env, platform, home), "turnpike", "turnpike.db");
}

function dataFolder(env: { readonly [name: string]: string | undefined }, platform: NodeJS.Platform, home: string): string {
  if (platform === "win32") return env.LOCALAPPDATA || path.win32.join(home, "AppData", "Local");
  if (platform === "darwin") return path.posix.join(home, "Library", "Application Support");
  // The XDG rules say to ignore a relative path.
  const xdg = env.XDG_DATA_HOME;
  return xdg && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(home, ".local", "share");
}

/** Creates `folder` and what is missing above it, for this user alone. Folders that exist keep their rights. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/**
 * Makes sure that `file` exists and only its owner may read it: tasks and tool results may hold secrets. SQLite gives
 * its `-wal` and `-shm` files the same rights. Throws if it cannot be created or written.
 */
export function makePrivateFile(file: string): void {
  makePrivateFolder(path.dirname(file));
  const handle = openSync(file, "a", 0o600);
  try {
    if (process.platform !== "win32" && (fstatSync(handle).mode & 0o077) !== 0) tighten(file);
  } finally {
    closeSync(handle);
  }
}

/** A file of someone else, or a file system without rights, stays as it is. */
function tighten(file: string): void {
  try {
    chmodSync(file, 0o600);
  } catch {
    return;
  }
}
