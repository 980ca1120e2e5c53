import { constants, realpath as realpathCallback } from "node:fs";
import { type FileHandle, mkdir, open, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { hasCode } from "./filesFaults";
import { isInside, plainWindowsPath } from "./filesPaths";

// The native one gives the true case of names on Windows and macOS.
const realpathNative = promisify(realpathCallback.native);

export async function realPathOf(file: string): Promise<string> {
  return plainWindowsPath(await realpathNative(file), process.platform);
}

/** On macOS: no link anywhere in the path may be followed. */
const O_NOFOLLOW_ANY = process.platform === "darwin" ? 0x2000_0000 : 0;
/** Never waits for a FIFO, never follows a link at the end of the path. */
const SAFE_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | O_NOFOLLOW_ANY;

/**
 * Opens a file to read. Throws if what was opened is not a plain file of the workspace at the very path `real`: a link may
 * have been put in its way since that was worked out. Sure on Linux and macOS; a narrow race is left on Windows.
 */
export async function openHeld(root: string, real: string): Promise<FileHandle> {
  const handle = await open(real, SAFE_FLAGS);
  try {
    const isSame = (await handle.stat()).isFile() && (await isAt(handle, root, real));
    if (!isSame) throw new Error("was replaced just now");
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Whether an open file or folder is where it should be, inside the workspace. */
async function isAt(handle: FileHandle, root: string, real: string): Promise<boolean> {
  if (!isInside(root, real, process.platform)) return false;
  const opened = process.platform === "linux" ? await readlink(procPath(handle)).catch(() => null) : null;
  // A file that someone replaced by a rename while it was opened was still the right one.
  if (opened !== null) return opened === real || opened === `${real} (deleted)`;
  const [mine, named] = [await handle.stat(), await stat(real)];
  return mine.ino === named.ino && mine.dev === named.dev && (await realPathOf(real)) === real;
}

function procPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** A folder of the workspace, held while files in it are made and renamed. */
export interface HeldFolder {
  /** A path to it; on Linux one that stays with it, whatever is put in its place. */
  readonly path: string;
  /** Whether it still is where it was. */
  holds(): Promise<boolean>;
  close(): Promise<void>;
}

/** Holds a folder, and makes it if need be, going down from the workspace. Throws if a link is in the way. */
export async function holdFolder(root: string, real: string): Promise<HeldFolder> {
  const names = path
    .relative(root, real)
    .split(path.sep)
    .filter((name) => name !== "");
  let held = await hold(root, root);
  let at = root;
  for (const name of names) {
    at = path.join(at, name);
    try {
      await makeFolder(path.join(held.path, name));
      const next = await hold(root, at);
      await held.close();
      held = next;
    } catch (error) {
      await held.close();
      throw error;
    }
  }
  return held;
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  }
}

async function hold(root: string, real: string): Promise<HeldFolder> {
  if (process.platform !== "linux") {
    const holds = async () => isInside(root, real, process.platform) && (await realPathOf(real).catch(() => null)) === real;
    if (!(await holds())) throw new Error("its folder was replaced just now");
    return { path: real, holds, close: async () => {} };
  }
  const handle = await open(real, SAFE_FLAGS | constants.O_DIRECTORY);
  const holds = () => isAt(handle, root, real).catch(() => false);
  if (!(await holds())) {
    await handle.close();
    throw new Error("its folder was replaced just now");
  }
  return { path: procPath(handle), holds, close: () => handle.close() };
}
