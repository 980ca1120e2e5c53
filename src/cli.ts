import { existsSync } from "node:fs";
import path from "node:path";
import { parsePriceFlag } from "./adapters/priceFlag";
import { type Args, type HistoryArgs, type RunArgs, readArgs } from "./cli/args";
import { UsageError } from "./cli/flags";
import { forecastCommand } from "./cli/forecastCommand";
import { historyCommand } from "./cli/historyCommand";
import type { ImportArgs } from "./cli/importArgs";
import { importCommand } from "./cli/importCommand";
import { Interrupted, watchInterruption } from "./cli/interruption";
import { replayCommand } from "./cli/replayCommand";
import { EXIT, runCommand } from "./cli/runCommand";
import { RunPrinter } from "./cli/runPrinter";
import { surroundings } from "./cli/surroundings";
import { USAGE } from "./cli/usage";
import type { Outcome } from "./core/agentEvent";
import type { Engine } from "./core/engine";
import { messageOf } from "./core/errors";

declare const __VERSION__: string;

/** First Node with `node:sqlite` and no flag. */
const LEAST_NODE = [22, 13] as const;

const interrupted = watchInterruption(() => process.exit(EXIT.interrupted));
process.exitCode = EXIT.failed;
void main().then((code) => {
  process.exitCode = code;
});

async function main(): Promise<number> {
  try {
    const args = readArgs(process.argv.slice(2), parsePriceFlag);
    return await perform(args);
  } catch (error) {
    console.error(`turnpike: ${messageOf(error)}`);
    if (error instanceof Interrupted) return EXIT.interrupted;
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

async function perform(args: Args): Promise<number> {
  const { write, flush } = lineWriter();
  switch (args.command) {
    case "help":
      console.log(USAGE);
      return EXIT.done;
    case "version":
      console.log(__VERSION__);
      return EXIT.done;
    case "replay": {
      const code = await replayCommand(args, write);
      flush();
      return code;
    }
    case "forecast": {
      const code = await forecastCommand(args, write);
      flush();
      return code;
    }
    case "history":
      requireFolder(args.store);
      return withEngine(args, flush, (engine) => historyCommand(args, engine.store, write));
    case "import":
      return withEngine(args, flush, (engine) => importCommand(args, engine, write, interrupted));
    case "run": {
      const printer = new RunPrinter(args.json, write);
      process.once("exit", () => {
        printer.close({ kind: "interrupted", reason: "the process ended before the run was settled" });
        flush();
      });
      try {
        return await withEngine(args, flush, (engine) => runCommand(args, engine, process.env, printer, interrupted));
      } catch (error) {
        printer.close(outcomeOf(error));
        throw error;
      }
    }
  }
}

async function withEngine(
  args: RunArgs | HistoryArgs | ImportArgs,
  flush: () => void,
  work: (engine: Engine) => Promise<number>,
): Promise<number> {
  requireNode();
  const { createEngine } = await import("./engine");
  interrupted.throwIfAborted();
  const engine = await createEngine({ ...surroundings(args), assetsDir: __dirname });
  try {
    if (engine.store.degraded) console.error(`turnpike: ${engine.store.degraded}`);
    interrupted.throwIfAborted();
    return await work(engine);
  } finally {
    flush();
    await engine.close();
  }
}

function outcomeOf(error: unknown): Outcome {
  return { kind: error instanceof Interrupted ? "interrupted" : "failed", reason: messageOf(error) };
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

/** Reading must not make folders where a path was mistyped. */
function requireFolder(store: string | null): void {
  if (store !== null && !existsSync(path.dirname(path.resolve(store)))) {
    throw new UsageError(`--store: there is no folder ${path.dirname(store)}`);
  }
}

function requireNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  throw new UsageError(
    `needs Node ${LEAST_NODE.join(".")} or newer for its SQLite; this is ${process.versions.node} (${path.basename(process.execPath)})`,
  );
}
