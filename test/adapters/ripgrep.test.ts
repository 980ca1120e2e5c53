import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installRoot } from "../../scripts/host/paths.mjs";
import { createGuard } from "../../src/adapters/filesGuard";
import { createTextSearch, findRipgrep, type SearchOptions } from "../../src/adapters/ripgrep";
import { ripgrepCandidates } from "../../src/host/ripgrep";
import type { SearchFound, SearchQuery } from "../../src/tools/ports";
import { createWorkspace, type Workspace } from "../tools/support";

const QUERY: SearchQuery = { pattern: "needle", ignoreCase: false, path: ".", glob: null, limit: 1_000 };
const NEVER = new AbortController().signal;

describe("text search", () => {
  let workspace: Workspace;
  let ripgrep: string;
  const search = async (
    query: Partial<SearchQuery>,
    candidates: readonly string[] = [],
    options: SearchOptions = {},
  ): Promise<SearchFound> => {
    const guard = await createGuard(workspace.root);
    const found = await createTextSearch(guard, candidates, options).search({ ...QUERY, ...query }, NEVER);
    assert.equal(found.kind, "found", JSON.stringify(found));
    return found;
  };
  /** A program that takes itself for ripgrep, and does as it is told. */
  const fakeRipgrep = (script: string): string => {
    const fake = path.join(workspace.outside, "rg");
    writeFileSync(fake, `#!/bin/sh\n[ "$1" = --version ] && echo ripgrep 15 && exit 0\n${script}\n`);
    chmodSync(fake, 0o755);
    return fake;
  };
  const lines = ({ hits }: SearchFound) => hits.map((hit) => `${hit.path}:${hit.line}:${hit.text}`);

  before(async () => {
    const found = await findRipgrep(ripgrepsAround(), __TEST_ROOT__, process.env);
    assert.ok(found, "there is no ripgrep to compare with: node scripts/host/setup.mjs installs one");
    ripgrep = found;
  });
  beforeEach(async () => {
    workspace = await createWorkspace();
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

  it("finds the same with ripgrep as in JavaScript", async () => {
    workspace.write("sub/.gitignore", "*.tmp\n!dist/\n");
    workspace.write("sub/deep/.gitignore", "!x.tmp\n*.css\n");
    for (const name of [
      "a.log",
      "a.tmp",
      "dist/bundle.js",
      "deep/a.log",
      "deep/built/y.ts",
      "deep/x.tmp",
      "deep/a.css",
      "deep/q.txt",
    ])
      workspace.write(`sub/${name}`, "needle in a folder\n");
    const queries: readonly Partial<SearchQuery>[] = [
      {},
      { ignoreCase: true },
      { pattern: "^needle$" },
      { pattern: "Größe|NEEDLE" },
      { pattern: "needle\\s+\\w+" },
      { path: "sub" },
      { path: "sub/deep" },
      { path: "sub/deep", glob: "*.{txt,css,log}" },
      { path: "sub/dist" },
      { path: "sub/deep/built" },
      { path: "built" },
      { path: "a.log" },
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
      assert.deepEqual(await search(query, [ripgrep]), here, JSON.stringify(query));
      assert.ok(here.total >= here.hits.length);
    }
  });

  it("counts past what it shows, and stops counting some time", async () => {
    workspace.write("many.txt", "needle\n".repeat(30_000));
    for (const candidates of [[], [ripgrep]]) {
      const found = await search({ limit: 3, glob: "many.txt" }, candidates);
      assert.equal(found.hits.length, 3);
      assert.equal(found.total, 10_000);
      assert.equal(found.end, "enough");
    }
  });

  it("gives up a file on which a pattern runs away, names it, and keeps the rest", async () => {
    workspace.write("evil.txt", `aaa\n${"a".repeat(60)}!\n`);
    workspace.write("good.txt", "aaa\n");
    const startedAt = performance.now();
    const found = await search({ pattern: "^(a+)+$" });
    assert.deepEqual(lines(found), ["evil.txt:1:aaa", "good.txt:1:aaa"]);
    assert.deepEqual([found.slow, found.end], [["evil.txt"], "whole"]);
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it("does not go on for ever with a pattern that runs away everywhere", async () => {
    for (let i = 0; i < 9; i += 1) workspace.write(`evil${i}.txt`, `${"a".repeat(60)}!\n`);
    const found = await search({ pattern: "^(a+)+$" });
    assert.deepEqual([found.slow.length, found.end], [5, "timeLimit"]);
  });

  it("takes little memory for many matches in one file", async () => {
    workspace.write("many.txt", "a\n".repeat(8_000_000));
    const before = process.memoryUsage().rss;
    const found = await search({ pattern: "a", glob: "many.txt" });
    assert.deepEqual([found.total, found.end], [10_000, "enough"]);
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024, `${process.memoryUsage().rss - before}`);
  });

  it("looks around with ripgrep too, which knows more letters than JavaScript", async () => {
    const query = { pattern: "(?<=Größe )\\w" };
    assert.deepEqual(lines(await search(query, [ripgrep])), ["sub/größe 漢.md:1:  needle in Größe 漢字 🙂"]);
    assert.deepEqual(lines(await search(query)), []);
  });

  it("leaves out with ripgrep what a .gitignore above the folder does", async () => {
    workspace.write("sub/built/bundle.js", "needle\n");
    workspace.write("sub/x.log", "needle\n");
    const found = await search({ path: "sub" }, [ripgrep], { javaScriptMs: 0 });
    assert.deepEqual([...new Set(found.hits.map((hit) => hit.path))], ["sub/crlf.txt", "sub/deep/utf16.txt", "sub/größe 漢.md"]);
  });

  it("says when it ran out of time, by either way", async () => {
    const slow = fakeRipgrep("exec sleep 30");
    const found = await search({}, [slow], { ripgrepMs: 100 });
    assert.deepEqual([found.total, found.end], [0, "timeLimit"]);
    for (let i = 0; i < 300; i += 1) workspace.write(`d${i}/x`, "");
    assert.equal((await search({ pattern: "nowhere" }, [], { javaScriptMs: 1 })).end, "timeLimit");
  });

  it("leaves out texts too large for JavaScript, and says how many", async () => {
    workspace.write("large.txt", `needle\n${"x".repeat(99)}\n`.repeat(180_000));
    const found = await search({ glob: "large.txt" });
    assert.deepEqual([found.total, found.skipped], [0, 1]);
  });

  it("goes on in JavaScript when ripgrep is missing, broken, not ripgrep, or dies on the way", async () => {
    const usual = await search({});
    for (const candidates of [["/no/rg"], ["/bin/true"], ["no-such-rg"]]) assert.deepEqual(await search({}, candidates), usual);
    const hit = String.raw`printf 'a.ts\0001:1:needle one\n'`;
    for (const script of ["exit 2", "exit 101", `${hit}; exit 101`, "kill -9 $$", `${hit}; kill -SEGV $$`])
      assert.deepEqual(await search({}, [fakeRipgrep(script)]), usual, script);
  });

  it("never runs a program out of the workspace because it is called rg", async () => {
    const planted = path.join(workspace.root, "rg");
    writeFileSync(planted, "#!/bin/sh\necho ripgrep 15\n");
    chmodSync(planted, 0o755);
    const way = path.join(workspace.outside, "way");
    symlinkSync(workspace.root, way);
    symlinkSync(planted, path.join(workspace.outside, "rg"));
    const env = { PATH: [workspace.root, way, workspace.outside, ".", ""].join(path.delimiter) };
    assert.equal(await findRipgrep(["rg", "./rg"], workspace.root, env), null);
  });
});

/** Wherever one may be on a machine for development: named, or in the editor installed for the tests. */
function ripgrepsAround(): readonly string[] {
  const hosts = installRoot();
  const editors = existsSync(hosts)
    ? readdirSync(hosts).map((name) => path.join(hosts, name, "node_modules/code-server/lib/vscode"))
    : [];
  return [process.env.TURNPIKE_TEST_RIPGREP ?? "", ...editors.flatMap((root) => ripgrepCandidates(root, null))].filter(
    (name) => name !== "",
  );
}

declare const __TEST_ROOT__: string;
