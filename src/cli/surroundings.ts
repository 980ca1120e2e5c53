import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { HistoryArgs, RunArgs } from "./args";
import type { ImportArgs } from "./importArgs";

/** What the engine needs from where it runs, on a command line. */
export function surroundings({ store, ...args }: RunArgs | HistoryArgs | ImportArgs) {
  return {
    storeFile: store,
    secretEnv: args.command === "run" && args.apiKeyEnv !== null ? [args.apiKeyEnv] : [],
    ripgrepCandidates: ["rg"],
    outputsDir: passingFolder(),
    log: () => {},
    lean: true,
  };
}

/** A folder for this user alone, gone with the process. Where none can be made, a path that is not there. */
function passingFolder(): string {
  const prefix = path.join(os.tmpdir(), "turnpike-");
  try {
    const folder = mkdtempSync(prefix);
    process.once("exit", () => removeFolder(folder));
    return folder;
  } catch {
    return `${prefix}${randomUUID()}`;
  }
}

function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 });
  } catch {
    // What another program holds open stays, for this user alone.
  }
}
