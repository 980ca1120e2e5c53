import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { lstat } from "node:fs/promises";
import path from "node:path";
import type { Snapshot, WorkspaceState } from "../tools/ports";
import { decode, sniff } from "./filesText";
import { walk } from "./filesWalk";

/** A look that takes longer is not worth its time. */
const MAX_MS = 1_500;
const MAX_STATUS_BYTES = 8 * 1024 * 1024;
const MAX_TEXT_BYTES = 1024 * 1024;
const MAX_DIRTY = 5_000;
/** Files and folders. */
const MAX_WALKED = 5_000;
const HEAD = " HEAD";

/**
 * What has changed in a workspace: by git where it is a repository and `git` is at hand (uncommitted files and the last
 * commit), else by size and time of all its files, ignored ones apart.
 * @param git absolute path of git; `null` = none
 */
export function createWorkspaceState(root: string, git: string | null, maxMs = MAX_MS): WorkspaceState {
  let prefix: Promise<string | null> | null = null;
  const runGit = (args: readonly string[], maxBytes: number) =>
    git === null ? Promise.resolve(null) : gitOutput(git, root, args, maxBytes, maxMs);
  /** Where the workspace is in its repository, with a trailing slash; `null` = in none. Asked once. */
  const prefixInRepository = () => {
    prefix ??= runGit(["rev-parse", "--show-prefix"], MAX_TEXT_BYTES).then(
      (answer) => answer?.toString("utf8").trimEnd() ?? null,
    );
    return prefix;
  };
  return {
    async take() {
      const inRepository = await prefixInRepository();
      if (inRepository === null) return walkedSnapshot(root, maxMs);
      const args = ["status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--no-renames", "--", "."];
      const status = await runGit(args, MAX_STATUS_BYTES);
      return status && gitSnapshot(root, inRepository, status.toString("utf8"));
    },
    async unnamedText(relative) {
      if ((await prefixInRepository()) === null) return null;
      const tree = await runGit(["ls-tree", "--name-only", "HEAD", "--", relative], MAX_TEXT_BYTES);
      if (tree === null || tree.length === 0) return null;
      const bytes = await runGit(["cat-file", "--filters", `HEAD:./${relative}`], MAX_TEXT_BYTES);
      const sniffed = bytes && sniff(bytes, true);
      return sniffed?.kind === "text" ? decode(bytes ?? Buffer.alloc(0), sniffed.form)?.text : undefined;
    },
  };
}

/** `null` = failed, too slow or too much. Settings of the repository that would run programs are turned off. */
function gitOutput(
  git: string,
  cwd: string,
  args: readonly string[],
  maxBuffer: number,
  timeout: number,
): Promise<Buffer | null> {
  const safe = ["-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "--no-optional-locks"];
  const options = { cwd, encoding: "buffer", maxBuffer, timeout, windowsHide: true } as const;
  return new Promise((resolve) => {
    execFile(git, [...safe, ...args], options, (error, stdout) => resolve(error ? null : stdout));
  });
}

/** Field number, from 0, at which the path of each kind of porcelain v2 record starts. */
const PATH_FIELD: { readonly [kind: string]: number } = { "1": 8, u: 10, "?": 1 };

async function gitSnapshot(root: string, prefix: string, status: string): Promise<Snapshot | null> {
  const records = status.split("\0");
  const commit = records.find((record) => record.startsWith("# branch.oid "))?.slice("# branch.oid ".length) ?? "";
  const dirty = records.flatMap((record) => {
    const field = PATH_FIELD[record.slice(0, record.indexOf(" "))];
    return field === undefined ? [] : [record.split(" ").slice(field).join(" ")];
  });
  if (dirty.length > MAX_DIRTY) return null;
  const relative = dirty.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  const stamps = await Promise.all(relative.map(async (file) => [file, await stampOf(root, file)] as const));
  return new Map([[HEAD, commit], ...stamps]);
}

async function walkedSnapshot(root: string, maxMs: number): Promise<Snapshot | null> {
  const files: string[] = [];
  let count = 0;
  const tooLong = AbortSignal.timeout(maxMs);
  for await (const { relative, kind } of walk(root, ".", Number.POSITIVE_INFINITY, tooLong)) {
    if (kind !== "folder") files.push(relative);
    count += 1;
    if (count > MAX_WALKED) return null;
  }
  if (tooLong.aborted) return null;
  return new Map(await Promise.all(files.map(async (file) => [file, await stampOf(root, file)] as const)));
}

async function stampOf(root: string, relative: string): Promise<string> {
  try {
    const { size, mtimeMs, ino } = await lstat(path.join(root, relative));
    return `${size}:${mtimeMs}:${ino}`;
  } catch {
    return "gone";
  }
}
