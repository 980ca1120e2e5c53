import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

declare const __TEST_ROOT__: string;

/** A Node with `node:sqlite`, given by the test command. */
export const NODE = process.env.TURNPIKE_NODE ?? process.execPath;
const CLI = path.join(__TEST_ROOT__, "dist/cli.js");

export interface CliEvent {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Lines of `--json`. */
  readonly events: readonly CliEvent[];
  of(kind: string): readonly CliEvent[];
  /** The closing line. */
  readonly ended: {
    readonly outcome: { readonly kind: string; readonly reason: string };
    readonly totals: { readonly [name: string]: number | null };
  };
}

export interface CliOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** What in its output brings a SIGINT. */
  readonly interruptOn?: string;
  /** Or more than one, so long after it; default `[0]`. */
  readonly interruptsMs?: readonly number[];
  /** What in its output makes the reader of it go away. */
  readonly hangUpOn?: string;
  /** Nobody reads the error output from the start. */
  readonly deafToErrors?: boolean;
}

/** Runs the built command line as a process of its own. */
export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  const startedAt = performance.now();
  const env = { PATH: process.env.PATH, HOME: home(), ...options.env };
  const child = spawn(NODE, [CLI, ...args], { env, cwd: options.cwd ?? os.tmpdir(), stdio: ["ignore", "pipe", "pipe"] });
  const { interruptsMs = [0], hangUpOn } = options;
  let { interruptOn } = options;
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    if (interruptOn && stdout.includes(interruptOn)) {
      interruptOn = undefined;
      for (const ms of interruptsMs) setTimeout(() => child.kill("SIGINT"), ms);
    }
    if (hangUpOn && stdout.includes(hangUpOn)) child.stdout.destroy();
  });
  if (options.deafToErrors) child.stderr.destroy();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(result(code, stdout, stderr, performance.now() - startedAt)));
  });
}

function result(code: number | null, stdout: string, stderr: string, ms: number): CliRun {
  const whole = stdout.slice(0, stdout.lastIndexOf("\n") + 1);
  const lines = whole.split("\n").filter((line) => line.startsWith("{"));
  const events = lines.map((line): CliEvent => JSON.parse(line));
  const of = (kind: string) => events.filter((event) => event.kind === kind);
  const ended = events.at(-1) as unknown as CliRun["ended"];
  return { code, stdout, stderr, ms, events, of, ended };
}

const folders: string[] = [];
process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A throw-away folder with the given files; gone at the end of the test run. */
export function workspace(files: { readonly [name: string]: string } = { "a.txt": "hello\n" }): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-test-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  folders.push(folder);
  return folder;
}

let homeFolder: string | undefined;

/** A home for this run of the tests alone: a store left there by another version would be met again. */
function home(): string {
  homeFolder ??= workspace({});
  return homeFolder;
}

/** `turnpike run --json` on a fresh workspace and store. */
export function run(
  url: string,
  args: readonly string[] = [],
  options: CliOptions & { readonly folder?: string; readonly store?: string; readonly task?: string } = {},
): Promise<CliRun> {
  const folder = options.folder ?? workspace();
  const store = options.store ?? path.join(workspace(), "turnpike.db");
  const task = options.task ?? "Look at the files and tell me what they are for";
  return cli(
    [
      "run",
      "--workspace",
      folder,
      "--task",
      task,
      "--base-url",
      url,
      "--model",
      "test-model",
      "--store",
      store,
      "--json",
      ...args,
    ],
    options,
  );
}
