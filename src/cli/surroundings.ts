import os from "node:os";
import path from "node:path";

/** What the engine needs from where it runs, on a command line. */
export function surroundings(storeFile: string | null) {
  return {
    storeFile,
    userPrices: {},
    ripgrepCandidates: ["rg"],
    outputsDir: path.join(os.tmpdir(), `turnpike-${process.pid}`),
    log: () => {},
    lean: true,
  };
}
