import path from "node:path";
import { parsePriceFlag } from "./adapters/priceFlag";
import { type Args, readArgs, UsageError } from "./cli/args";
import { historyCommand } from "./cli/historyCommand";
import { EXIT, runCommand } from "./cli/runCommand";
import { surroundings } from "./cli/surroundings";
import { USAGE } from "./cli/usage";

declare const __VERSION__: string;

/** First Node with `node:sqlite` and no flag. */
const LEAST_NODE = [22, 13] as const;

process.exitCode = EXIT.failed;
void main().then((code) => {
  process.exitCode = code;
});

async function main(): Promise<number> {
  try {
    requireNode();
    const args = readArgs(process.argv.slice(2), parsePriceFlag);
    return await perform(args);
  } catch (error) {
    console.error(`turnpike: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function perform(args: Args): Promise<number> {
  switch (args.command) {
    case "help":
      console.log(USAGE);
      return EXIT.done;
    case "version":
      console.log(__VERSION__);
      return EXIT.done;
    case "run":
    case "history": {
      const { createEngine } = await import("./engine");
      const engine = await createEngine({ ...surroundings(args), assetsDir: __dirname });
      if (engine.store.degraded) console.error(`turnpike: ${engine.store.degraded}`);
      const { write, flush } = lineWriter();
      try {
        return args.command === "run"
          ? await runCommand(args, engine, process.env, write)
          : await historyCommand(args, engine.store, write);
      } finally {
        flush();
        await engine.close();
      }
    }
  }
}

/** Writes lines to standard output, those of one moment together: a pipe makes each write wait. */
function lineWriter() {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
    lines = [];
  };
  const write = (line: string) => {
    if (lines.push(line) === 1) setImmediate(flush);
  };
  return { write, flush };
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new UsageError(
    `needs Node ${LEAST_NODE.join(".")} or newer for its SQLite; this is ${process.versions.node} (${path.basename(process.execPath)})`,
  );
}
