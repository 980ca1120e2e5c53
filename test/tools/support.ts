import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createWorkspaceFiles } from "../../src/adapters/files";
import { createGuard } from "../../src/adapters/filesGuard";
import { createWorkspaceState } from "../../src/adapters/filesSnapshot";
import { createUnsavedTest } from "../../src/adapters/filesUnsaved";
import { createMemoryOutputs } from "../../src/adapters/outputs";
import { createTextSearch } from "../../src/adapters/ripgrep";
import { createShell } from "../../src/adapters/shell";
import { findProgram } from "../../src/adapters/shellPrograms";
import type { PreparedCall, Tool, ToolContext, ToolResult } from "../../src/core/ports";
import type { ReadableOutputs } from "../../src/tools/ports";
import { createTools } from "../../src/tools/registry";

/** A real folder with real tools on it, and a folder beside it that no tool may touch. */
export interface Workspace {
  readonly root: string;
  readonly outside: string;
  readonly tools: readonly Tool[];
  /** Absolute paths of the files with unsaved changes in an editor. */
  readonly unsaved: string[];
  readonly outputs: ReadableOutputs;
  /** Texts kept for diffs, by key. */
  readonly saved: ReadonlyMap<string, string>;
  write(name: string, content: string | Buffer): void;
  bytes(name: string): Buffer;
  text(name: string): string;
  /** All files there are, ignored ones too. */
  files(): readonly string[];
  git(...args: string[]): string;
  prepare(tool: string, args: unknown): Promise<PreparedCall | { readonly complaint: string }>;
  /** Prepares and runs; a complaint counts as a failed result, as in the loop. */
  call(tool: string, args: unknown, context?: Partial<ToolContext>): Promise<ToolResult>;
  dispose(): Promise<void>;
}

export async function createWorkspace(options: { readonly asksForChange?: boolean } = {}): Promise<Workspace> {
  const home = realpathSync(mkdtempSync(path.join(os.tmpdir(), "turnpike-tools-")));
  const [root, outside] = [path.join(home, "work"), path.join(home, "outside")];
  for (const folder of [root, outside]) mkdirSync(folder);
  const guard = await createGuard(root);
  const unsaved: string[] = [];
  const outputs = createMemoryOutputs();
  const saved = new Map<string, string>();
  const shell = createShell({ cwd: root, env: process.env });
  const tools = createTools({
    files: createWorkspaceFiles(guard),
    state: createWorkspaceState(root, await findProgram("git", root)),
    shell,
    search: createTextSearch(guard, []),
    outputs,
    isUnsaved: createUnsavedTest(guard, () => unsaved),
    saveText: async (text) => {
      const key = `k${saved.size}`;
      saved.set(key, text);
      return key;
    },
    mayAskForTurns: true,
    asksForChange: options.asksForChange ?? false,
  });
  let turn = 0;
  const prepare: Workspace["prepare"] = async (name, args) => {
    const tool = tools.find((candidate) => candidate.spec.name === name);
    assert.ok(tool, `no tool ${name}`);
    return tool.prepare(args);
  };
  return {
    ...{ root, outside, tools, unsaved, outputs, saved, prepare },
    write(name, content) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), content);
    },
    bytes: (name) => readFileSync(path.join(root, name)),
    text: (name) => readFileSync(path.join(root, name), "utf8"),
    files: () =>
      readdirSync(root, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/")),
    git: (...args) =>
      execFileSync("git", ["-c", "user.name=T", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", ...args], {
        cwd: root,
        encoding: "utf8",
      }),
    async call(name, args, context = {}) {
      turn += 1;
      const prepared = await prepare(name, args);
      if ("complaint" in prepared) return { ok: false, text: prepared.complaint };
      const signal = new AbortController().signal;
      return prepared.run({ turn, callId: `c${turn}`, signal, timeLeftMs: null, onOutput: () => {}, ...context });
    },
    async dispose() {
      await shell.dispose();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
