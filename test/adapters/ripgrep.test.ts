import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createGuard } from "../../src/adapters/filesGuard";
import { createTextSearch, findRipgrep } from "../../src/adapters/ripgrep";
import { ripgrepCandidates } from "../../src/host/ripgrep";
import type { SearchFound, SearchQuery } from "../../src/tools/ports";
import { createWorkspace, type Workspace } from "../tools/support";

const QUERY: SearchQuery = { pattern: "needle", ignoreCase: false, path: ".", glob: null, limit: 1_000 };
const NEVER = new AbortController().signal;

describe("text search", () => {
  let workspace: Workspace;
  let ripgrep: string | null;
  const search = async (query: Partial<SearchQuery>, candidates: readonly string[] = []): Promise<SearchFound> => {
    const found = await createTextSearch(await createGuard(workspace.root), candidates).search({ ...QUERY, ...query }, NEVER);
    assert.equal(found.kind, "found", JSON.stringify(found));
    return found;
  };
  const lines = ({ hits }: SearchFound) => hits.map((hit) => `${hit.path}:${hit.line}:${hit.text}`);

  beforeEach(async () => {
    workspace = await createWorkspace();
    ripgrep ??= await findRipgrep(ripgrepsAround(), workspace.root, process.env);
    workspace.write(".gitignore", "*.log\nbuilt/\n");
    workspace.write("a.ts", "needle one\nno\nthe needle two needle\n");
    workspace.write("sub/crlf.txt", "x\r\nneedle\r\n\r\nNEEDLE\r\n");
    workspace.write("sub/größe 漢.md", "  needle in Größe 漢字 🙂\n");
    workspace.write("sub/deep/utf16.txt", Buffer.from("\ufeffzero\nneedle\n", "utf16le"));
    workspace.write("long.js", `${"漢".repeat(200)}needle${"b".repeat(200)}\n${"c".repeat(2_000)}needle\n`);
    workspace.write(".hidden/x.yml", "needle: 1\n");
    workspace.write("b.bin", Buffer.concat([Buffer.from([0, 1, 2]), Buffer.from("needle\n")]));
    for (const ignored of ["a.log", "built/x.ts", "node_modules/p.js", ".git/description"]) workspace.write(ignored, "needle\n");
    symlinkSync(path.join(workspace.outside, "o.txt"), path.join(workspace.root, "link.txt"));
    writeFileSync(path.join(workspace.outside, "o.txt"), "needle\n");
  });
  afterEach(() => workspace.dispose());

  it("finds in JavaScript what grep finds in the files that git would show", async () => {
    workspace.git("init", "-q");
    workspace.git("add", "-A");
    const byGrep = execFileSync(
      "git",
      ["-c", "core.quotePath=false", "grep", "-nIE", "needle|one$", "--", ".", ":!node_modules"],
      {
        cwd: workspace.root,
        encoding: "utf8",
      },
    );
    const wanted = byGrep
      .trimEnd()
      .split("\n")
      .map((line) => line.replace(/\r$/, ""))
      .filter((line) => !line.startsWith("long.js") && !line.startsWith("link.txt"));
    const found = lines(await search({ pattern: "needle|one$" })).filter(
      (line) => !line.startsWith("long.js") && !line.includes("utf16"),
    );
    assert.deepEqual(found.sort(), wanted.sort());
  });

  it("finds the same with ripgrep, where there is one, as in JavaScript", async () => {
    const queries: readonly Partial<SearchQuery>[] = [
      {},
      { ignoreCase: true },
      { pattern: "^needle$" },
      { pattern: "Größe|NEEDLE" },
      { pattern: "needle\\s+\\w+" },
      { path: "sub" },
      { path: "built" },
      { path: "sub/crlf.txt", ignoreCase: true },
      { glob: "*.ts" },
      { glob: "*.{ts,md}" },
      { glob: "*.log" },
      { glob: "sub/**" },
      { glob: "!*.ts" },
      { pattern: "needle(" },
      { pattern: "(?i)needle" },
      { pattern: "(?<=the )needle" },
      { limit: 2 },
    ];
    for (const query of queries) {
      const here = await search(query);
      if (ripgrep !== null) assert.deepEqual(await search(query, [ripgrep]), here, JSON.stringify(query));
      assert.ok(here.total >= here.hits.length);
    }
  });

  it("counts past what it shows, and stops counting some time", async () => {
    workspace.write("many.txt", "needle\n".repeat(30_000));
    for (const candidates of [[], ...(ripgrep === null ? [] : [[ripgrep]])]) {
      const found = await search({ limit: 3, glob: "many.txt" }, candidates);
      assert.equal(found.hits.length, 3);
      assert.equal(found.total, 10_000);
      assert.equal(found.more, true);
    }
  });

  it("gives up on a pattern that runs away", async () => {
    workspace.write("evil.txt", `${"a".repeat(60)}!\n`);
    const startedAt = performance.now();
    const found = await createTextSearch(await createGuard(workspace.root), []).search({ ...QUERY, pattern: "(a+)+$" }, NEVER);
    assert.equal(found.kind, "refused");
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it("leaves out texts too large for JavaScript, and says how many", async () => {
    workspace.write("large.txt", `needle\n${"x".repeat(99)}\n`.repeat(180_000));
    const found = await search({ glob: "large.txt" });
    assert.deepEqual([found.total, found.skipped], [0, 1]);
  });

  it("goes on in JavaScript when ripgrep is missing, broken or not ripgrep", async () => {
    const fake = path.join(workspace.outside, "rg");
    writeFileSync(fake, "#!/bin/sh\necho ripgrep 15; [ $1 = --version ] || exit 2\n");
    chmodSync(fake, 0o755);
    const usual = await search({});
    for (const candidates of [["/no/rg"], ["/bin/true"], ["no-such-rg"], [fake]])
      assert.deepEqual(await search({}, candidates), usual);
  });

  it("never runs a program out of the workspace because it is called rg", async () => {
    const planted = path.join(workspace.root, "rg");
    writeFileSync(planted, "#!/bin/sh\necho ripgrep 15\n");
    chmodSync(planted, 0o755);
    const env = { PATH: [workspace.root, ".", ""].join(path.delimiter) };
    assert.equal(await findRipgrep(["rg", "./rg"], workspace.root, env), null);
  });
});

/** Wherever one may be on a machine for development: named, on the PATH, or in an editor installed for the tests. */
function ripgrepsAround(): readonly string[] {
  const hosts = path.join(__TEST_ROOT__, "tools/editor-host/node_modules");
  const editors = existsSync(hosts)
    ? readdirSync(hosts).map((name) => path.join(hosts, name, "node_modules/code-server/lib/vscode"))
    : [];
  return [process.env.TURNPIKE_TEST_RIPGREP ?? "", ...editors.flatMap((root) => ripgrepCandidates(root, null))].filter(
    (name) => name !== "",
  );
}

declare const __TEST_ROOT__: string;
