import type { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";
import { constants, type Stats } from "node:fs";
import { access, chmod, chown, open, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCode } from "./filesFaults";
import type { Guard, Located } from "./filesGuard";

/** Times a rename is tried while another program (a virus scanner, on Windows) holds the file, and the wait between. */
const RENAME_TRIES = 5;
const RENAME_WAIT_MS = 40;

/** Why a path is not for tools to write; `null` = it is. Git's own files are code in disguise: hooks, filters, aliases. */
export function whyNotWritten({ relative, stats }: Located): string | null {
  if (stats?.isDirectory() || relative === ".") return "is a folder";
  return relative.toLowerCase().split("/").includes(".git") ? "belongs to git; use a git command" : null;
}

/**
 * Puts a whole new content in place of a file by a rename within its folder: readers see the old or the new one, never a
 * part. Keeps mode and owner; makes missing folders. A file with several hard links loses the others. Where the owner
 * cannot be kept that way, the file itself is overwritten.
 */
export async function replaceFile(guard: Guard, located: Located, bytes: Buffer): Promise<void> {
  const { real, stats } = located;
  if (stats) await access(real, constants.W_OK);
  const folder = await guard.holdFolderOf(located);
  const name = path.basename(real);
  const temporary = path.join(folder.path, `.${name.slice(0, 50)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    await writeFile(temporary, bytes, { flag: "wx", mode: stats ? stats.mode & 0o777 : 0o666 });
    const isOwnersOwn = stats === null || (await takesOwner(temporary, stats));
    if (stats && isOwnersOwn) await chmod(temporary, stats.mode & 0o7777);
    if (!(await folder.holds())) throw new Error("its folder was replaced just now");
    if (isOwnersOwn) return await renamePatiently(temporary, path.join(folder.path, name));
    await overwrite(path.join(folder.path, name), stats, bytes);
    await rm(temporary, { force: true });
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  } finally {
    await folder.close();
  }
}

/** Takes a file away from the folder that was looked at. */
export async function removeFile(guard: Guard, located: Located): Promise<void> {
  const folder = await guard.holdFolderOf(located);
  try {
    if (!(await folder.holds())) throw new Error("its folder was replaced just now");
    await rm(path.join(folder.path, path.basename(located.real)));
  } finally {
    await folder.close();
  }
}

/** Whether a new file belongs to the owner and group of the one it will replace, or could be given to them. */
async function takesOwner(file: string, { uid, gid }: Stats): Promise<boolean> {
  const own = await stat(file);
  if (process.platform === "win32" || (own.uid === uid && own.gid === gid)) return true;
  return chown(file, uid, gid).then(
    () => true,
    () => false,
  );
}

/** Writes into a file as it is, if it still is the one that was looked at. */
async function overwrite(file: string, { ino, dev }: Stats, bytes: Buffer): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    const now = await handle.stat();
    if (now.ino !== ino || now.dev !== dev) throw new Error("was replaced just now");
    await handle.truncate(0);
    await handle.writeFile(bytes);
  } finally {
    await handle.close();
  }
}

async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const isHeld =
        process.platform === "win32" && (hasCode(error, "EPERM") || hasCode(error, "EBUSY") || hasCode(error, "EACCES"));
      if (!isHeld || attempt >= RENAME_TRIES) throw error;
      await sleep(RENAME_WAIT_MS * attempt);
    }
  }
}
