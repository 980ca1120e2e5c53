import assert from "node:assert/strict";
import { createGlob, createWalkTest, expandBraces, walk, walkLevels } from "../../src/adapters/filesWalk";
import { createWorkspace, type Workspace } from "../tools/support";

describe("walk", () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("finds the files git would", async () => {
    workspace.git("init", "-q");
    workspace.write(
      ".gitignore",
      "# comment\n*.log\n!important.log\n/build\ndocs/*.pdf\n**/tmp/\nfoo/**/bar\n\\#odd\ntrail \\ \n[a-c].txt\n",
    );
    workspace.write("pkg/.gitignore", "!*.log\nlocal\n");
    const names = [
      ...[
        "a.log",
        "important.log",
        "build/x",
        "pkg/build/y",
        "docs/a.pdf",
        "docs/sub/b.pdf",
        "x/tmp/t",
        "tmp.txt",
        "foo/bar",
        "foo/q/w/bar",
      ],
      ...[
        "#odd",
        "a.txt",
        "d.txt",
        "pkg/z.log",
        "pkg/local",
        "pkg/sub/local",
        "Größe 漢.md",
        "UPPER.LOG",
        "b/c.txt",
        "deep/1/2/3/4/f",
      ],
    ];
    for (const name of names) workspace.write(name, "");
    const found: string[] = [];
    for await (const entry of walk(workspace.root, ".", 99, new AbortController().signal))
      if (entry.kind === "file") found.push(entry.relative);
    const byGit = workspace
      .git("ls-files", "-z", "--others", "--exclude-standard")
      .split("\0")
      .filter((name) => name !== "");
    assert.deepEqual([...found].sort(), byGit.sort());
  });

  it("can be asked about a path, and be taken level by level, with the same answers", async () => {
    workspace.write(".gitignore", "*.log\ndist/\n!keep.log\n");
    workspace.write("a/.gitignore", "!*.log\n*.tmp\n");
    workspace.write("a/b/.gitignore", "!x.tmp\n*.log\n");
    const names = [
      "x.log",
      "keep.log",
      "a/x.log",
      "a/x.tmp",
      "a/b/x.tmp",
      "a/b/y.tmp",
      "a/b/x.log",
      "a/dist/x.js",
      "a/b/dist/x.js",
    ];
    for (const name of [...names, "a/node_modules/x.js", "a/b/.git/x", "dist/a/x.js"]) workspace.write(name, "");
    for (const start of [".", "a", "a/b", "dist", "a/dist", "dist/a"]) {
      const seen = (entries: readonly string[]) => [...entries].sort();
      const walked: string[] = [];
      const levels: string[] = [];
      for await (const { relative, kind } of walk(workspace.root, start, 99, new AbortController().signal))
        if (kind === "file") walked.push(relative);
      for await (const { relative, kind } of walkLevels(workspace.root, start, 99, new AbortController().signal))
        if (kind === "file") levels.push(relative);
      const test = await createWalkTest(workspace.root, start);
      const all = workspace.files().filter((name) => start === "." || name.startsWith(`${start}/`));
      const answers = await Promise.all(all.map((name) => test.shows(name)));
      assert.deepEqual(seen(levels), seen(walked), start);
      assert.deepEqual(seen(all.filter((_, index) => answers[index])), seen(walked), start);
    }
  });

  it("stops when asked to", async () => {
    for (let i = 0; i < 20; i += 1) workspace.write(`f${i}`, "");
    const stop = new AbortController();
    let count = 0;
    for await (const _ of walk(workspace.root, ".", 9, stop.signal)) {
      count += 1;
      if (count === 5) stop.abort();
    }
    assert.equal(count, 5);
  });
});

describe("globs", () => {
  it("mean what they mean in .gitignore, with braces", () => {
    const cases: readonly (readonly [glob: string, path: string, meant: boolean])[] = [
      ["*.ts", "a.ts", true],
      ["*.ts", "src/deep/a.ts", true],
      ["/*.ts", "src/a.ts", false],
      ["src/**", "src/x/y.js", true],
      ["src/**/*.js", "lib/src/y.js", false],
      ["**/test/*.js", "a/test/b.js", true],
      ["*.{js,ts}", "a.ts", true],
      ["*.{js,ts}", "a.css", false],
      ["{src,test}/**/*.{c,h{h,pp}}", "test/a/b.hpp", true],
      ["!*.ts", "a.ts", false],
      ["!*.ts", "a.js", true],
    ];
    for (const [glob, path, meant] of cases) assert.equal(createGlob(glob)(path), meant, `${glob} ${path}`);
  });

  it("with braces without end stay bounded", () => {
    assert.ok(expandBraces("{a,b}".repeat(30)).length <= 256);
    assert.deepEqual(expandBraces("a{b"), ["a{b"]);
  });
});
