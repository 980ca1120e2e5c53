// Where things of the editor host live. Nothing here touches the disk.
import path from "node:path";
import { fileURLToPath } from "node:url";

export const repoRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** The committed package.json and package-lock.json of each part: `node`, `server`, `browser`. */
export const manifestDir = (part) => path.join(repoRoot, "tools/editor-host", part);

/**
 * Where parts are installed. `TURNPIKE_HOST_DIR` moves it, so that several clones or a CI cache can share one install;
 * folders are named by the hash of their lock file, so sharing is safe.
 */
export const installRoot = () =>
  path.resolve(process.env.TURNPIKE_HOST_DIR ?? path.join(repoRoot, "tools/editor-host/node_modules"));
