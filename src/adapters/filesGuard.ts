import type { Stats } from "node:fs";
import { type FileHandle, lstat, stat } from "node:fs/promises";
import path from "node:path";
import type { Refused } from "../tools/ports";
import { faultText, hasCode } from "./filesFaults";
import { type HeldFolder, holdFolder, openHeld, realPathOf } from "./filesHold";
import { isInside, OUTSIDE, plainWindowsPath, wrongForm } from "./filesPaths";

/** A path that may be touched. */
export interface Located {
  readonly kind: "located";
  /** Absolute, links resolved up to the deepest part that exists. */
  readonly real: string;
  /** From the workspace, with forward slashes; `.` is the workspace. */
  readonly relative: string;
  /** What is there, a plain file or a folder; `null` = nothing yet. */
  readonly stats: Stats | null;
}

/** The one gate to the files of a workspace: no other code makes a path of what a model said. */
export interface Guard {
  /** The workspace, links resolved. */
  readonly root: string;
  /** Where a path leads, if that is inside the workspace. Never throws. */
  locate(given: string): Promise<Located | Refused>;
  /** Opens a located file to read. Throws if what was opened is no longer the plain file that was located. */
  open(located: Pick<Located, "real">): Promise<FileHandle>;
  /** Holds, and makes, the folder a located file is in. Throws if it is no longer where it was located. */
  holdFolderOf(located: Pick<Located, "real">): Promise<HeldFolder>;
}

/** Rejects if there is no such folder. */
export async function createGuard(workspace: string): Promise<Guard> {
  const root = await realPathOf(workspace);
  return {
    root,
    open: ({ real }) => openHeld(root, real),
    holdFolderOf: ({ real }) => holdFolder(root, path.dirname(real)),

    async locate(given) {
      const wrong = wrongForm(given, root, process.platform);
      if (wrong) return refuse(given, wrong);
      try {
        return await locate(root, given);
      } catch (error) {
        return refuse(given, faultText(error));
      }
    },
  };
}

function refuse(given: string, why: string): Refused {
  return { kind: "refused", complaint: `${given.length > 200 ? `${given.slice(0, 200)}…` : given}: ${why}` };
}

async function locate(root: string, given: string): Promise<Located | Refused> {
  const absolute = path.resolve(root, plainWindowsPath(given, process.platform));
  const { existing, rest } = await deepestExisting(absolute);
  const base = await realPathOf(existing).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) throw new Error("is a link to nowhere");
    throw error;
  });
  const real = path.join(base, ...rest);
  if (!isInside(root, base, process.platform) || !isInside(root, real, process.platform)) {
    return refuse(given, OUTSIDE);
  }
  const relative = path.relative(root, real).split(path.sep).join("/") || ".";
  const found = await stat(base);
  if (rest.length > 0) {
    return found.isDirectory()
      ? { kind: "located", real, relative, stats: null }
      : refuse(given, "part of the path is a file, not a folder");
  }
  const isPlain = found.isFile() || found.isDirectory();
  return isPlain
    ? { kind: "located", real, relative, stats: found }
    : refuse(given, "is no plain file (a device, pipe or socket)");
}

/** The deepest part of a path that is there, be it a link to nowhere, and the names after it. */
async function deepestExisting(absolute: string): Promise<{ readonly existing: string; readonly rest: readonly string[] }> {
  const rest: string[] = [];
  for (let at = absolute; ; at = path.dirname(at)) {
    try {
      await lstat(at);
      return { existing: at, rest };
    } catch (error) {
      const isMissing = hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR");
      if (!isMissing || path.dirname(at) === at) throw error;
      rest.unshift(path.basename(at));
    }
  }
}
