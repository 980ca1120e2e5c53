import { constants } from "node:fs";
import { access } from "node:fs/promises";
import path from "node:path";
import { realPathOf } from "./filesHold";
import { isInside } from "./filesPaths";

/**
 * The absolute path of a program on the PATH; `null` = there is none. Never one from the current folder or, through links
 * too, from `workspace` (its links resolved), where a downloaded repository could have put its own.
 */
export async function findProgram(name: string, workspace: string, env: NodeJS.ProcessEnv = process.env): Promise<string | null> {
  const isWindows = process.platform === "win32";
  const folders = (Object.entries(env).find(([key]) => key.toUpperCase() === "PATH")?.[1] ?? "").split(path.delimiter);
  const fileName = isWindows && path.extname(name) === "" ? `${name}.exe` : name;
  for (const folder of folders) {
    if (!path.isAbsolute(folder)) continue;
    const file = path.join(folder, fileName);
    if ((await isRunnable(file)) && !(await leadsInto(workspace, file))) return file;
  }
  return null;
}

export async function isRunnable(file: string): Promise<boolean> {
  return access(file, process.platform === "win32" ? constants.F_OK : constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function leadsInto(workspace: string, file: string): Promise<boolean> {
  const real = await realPathOf(file).catch(() => file);
  return [file, real].some((one) => isInside(workspace, one, process.platform));
}
