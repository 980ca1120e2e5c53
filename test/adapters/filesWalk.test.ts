import assert from "node:assert/strict";
import { createGlob, expandBraces, walk } from "../../src/adapters/filesWalk";
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
