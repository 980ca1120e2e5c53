import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";

declare const __TEST_ROOT__: string;

/** Builds `sqliteChild.ts` into one file in `folder`, for Node to run. */
export async function buildChild(folder: string): Promise<string> {
  const outfile = path.join(folder, "child.cjs");
  const entry = path.join(__TEST_ROOT__, "test/adapters/sqliteChild.ts");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    logLevel: "warning",
  });
  return outfile;
}

export interface Child {
  readonly process: ChildProcess;
  /** The next line it says. Rejects if it ends before. */
  line(): Promise<string>;
  /** Everything it has said and nobody has read, once it has ended. */
  rest(): Promise<readonly string[]>;
}

/** Starts a child with this Node; see `sqliteChild.ts` for what it takes. */
export function startChild(script: string, ...args: readonly string[]): Child {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    process: child,
    async line() {
      const next = await lines.next();
      if (next.done) throw new Error(`the child ended: ${args.join(" ")}`);
      return next.value;
    },
    async rest() {
      const said: string[] = [];
      for (let next = await lines.next(); !next.done; next = await lines.next()) said.push(next.value);
      return said;
    },
  };
}

/** Kills it as `kill -9` does and waits until it is gone. */
export async function kill(child: Child): Promise<void> {
  const gone = new Promise((resolve) => child.process.once("exit", resolve));
  child.process.kill("SIGKILL");
  await gone;
}
