import path from "node:path";

type Platform = NodeJS.Platform;

const RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

export const OUTSIDE = "outside the workspace. Use a path inside it, relative to it.";

/**
 * Why a path must not even be looked at; `null` = its form is fine. On Windows a mere look at a path on another machine
 * would send that machine the user's credentials.
 */
export function wrongForm(given: string, root: string, platform: Platform): string | null {
  if (given.includes("\0")) return "has a NUL in it";
  if (platform !== "win32") return null;
  const plain = plainWindowsPath(given, platform);
  if (plain.startsWith("\\\\.\\") || plain.startsWith("\\\\?\\")) return "is a device path";
  if (/^[a-z]:(?![\\/])/i.test(plain)) return "is relative to a drive: give it from the workspace";
  const names = plain.replace(/^[a-z]:/i, "").split(/[\\/]/);
  if (names.some((name) => name.includes(":"))) return "has a colon in a name";
  if (names.some((name) => RESERVED_ON_WINDOWS.test(name))) return "is the name of a device";
  if (names.some((name) => /[. ]$/.test(name) && name !== "." && name !== ".."))
    return "has a name that ends with a dot or a space";
  const absolute = path.win32.resolve(root, plain);
  return absolute.startsWith("\\\\") && !isInside(root, absolute, platform) ? OUTSIDE : null;
}

/** Windows paths without the `\\?\` that means "take it literally", and with one kind of slash. */
export function plainWindowsPath(given: string, platform: Platform): string {
  if (platform !== "win32") return given;
  const slashes = given.replaceAll("/", "\\");
  if (/^\\\\\?\\UNC\\/i.test(slashes)) return `\\\\${slashes.slice(8)}`;
  return /^\\\\\?\\[a-z]:/i.test(slashes) ? slashes.slice(4) : slashes;
}

/** Whether an absolute path is a folder or something under it. Both with links resolved. */
export function isInside(folder: string, target: string, platform: Platform): boolean {
  const rules = platform === "win32" ? path.win32 : path.posix;
  const fold = (file: string) => (platform === "win32" ? plainWindowsPath(file, platform).toLowerCase() : file);
  const way = rules.relative(fold(folder), fold(target));
  return way === "" || (way !== ".." && !way.startsWith(`..${rules.sep}`) && !rules.isAbsolute(way));
}
