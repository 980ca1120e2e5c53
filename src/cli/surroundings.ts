import os from "node:os";
import path from "node:path";
import type { HistoryArgs, RunArgs } from "./args";

/** What the engine needs from where it runs, on a command line. */
export function surroundings({ store, ...args }: RunArgs | HistoryArgs) {
  return {
    storeFile: store,
    secretEnv: args.command === "run" ? [args.apiKeyEnv] : [],
    userPrices: {},
    ripgrepCandidates: ["rg"],
    outputsDir: path.join(os.tmpdir(), `turnpike-${process.pid}`),
    log: () => {},
    lean: true,
  };
}
