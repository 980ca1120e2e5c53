import path from "node:path";
import { watchInterruption } from "../../src/cli/interruption";
import { messageOf } from "../../src/core/errors";
import { killRuns } from "./agentRun";
import { BadUse } from "./badUse";
import { evaluate } from "./evaluate";
import { readOptions, USAGE } from "./options";
import { verifyAll } from "./verifyAll";

/** Of the repository; put in by the bundler. */
declare const __ROOT__: string;

const stopped = watchInterruption(() => process.exit(130));
// Runs are groups of their own: whatever ends us must end them.
process.once("exit", killRuns);

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  const place = { cli: path.join(__ROOT__, "dist/cli.js"), node: process.execPath, env: process.env, stopped };
  switch (options.command) {
    case "help":
      console.log(USAGE);
      return 0;
    case "verify":
      return verifyAll(options, place);
    case "run":
      return evaluate(options, place);
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof BadUse ? `eval: ${error.message}` : error instanceof Error ? error.stack : messageOf(error));
    process.exitCode = error instanceof BadUse ? 2 : 1;
  },
);
