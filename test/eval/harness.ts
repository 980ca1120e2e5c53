import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readRecord, type TryRecord } from "../../scripts/eval/record";
import { NODE } from "../support/cli";

declare const __TEST_ROOT__: string;

export interface HarnessRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HarnessOptions {
  /** When it is sent a SIGINT, with what it started in the same group, as a terminal does. */
  readonly interruption?: Promise<void>;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs `npm run eval` with the product as it is built. */
export function harness(args: readonly string[], { interruption, env }: HarnessOptions = {}): Promise<HarnessRun> {
  const script = path.join(__TEST_ROOT__, "scripts/eval.mjs");
  const child = spawn(NODE, [script, "--no-build", ...args], {
    cwd: __TEST_ROOT__,
    env: { ...process.env, OPENAI_API_KEY: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  void interruption?.then(() => child.pid !== undefined && process.kill(-child.pid, "SIGINT"));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The tries in a text of JSON lines. Throws on a line that is none. */
export function triesIn(text: string): readonly TryRecord[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const record = readRecord(line);
      if (typeof record === "string") throw new Error(`${record}: ${line}`);
      return record;
    });
}

/** Writes a small task below `dir`; the check is a Node script. */
export function writeTask(
  dir: string,
  name: string,
  {
    files,
    hidden,
    prompt,
    check = "node hidden-check.mjs",
  }: {
    readonly files: { readonly [file: string]: string };
    readonly hidden: { readonly [file: string]: string };
    readonly prompt: string;
    readonly check?: string;
  },
): void {
  const put = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(dir, name, file)), { recursive: true });
    writeFileSync(path.join(dir, name, file), text);
  };
  put("task.json", JSON.stringify({ name, language: "JavaScript", needs: ["node"], check, timeoutSeconds: 20 }));
  put("prompt.md", prompt);
  for (const folder of ["files", "hidden"]) mkdirSync(path.join(dir, name, folder), { recursive: true });
  for (const [file, text] of Object.entries(files)) put(`files/${file}`, text);
  for (const [file, text] of Object.entries(hidden)) put(`hidden/${file}`, text);
}
