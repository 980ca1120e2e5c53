import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { createWorkspace, type Workspace } from "./support";

describe("list_files", () => {
  let workspace: Workspace;
  const list = async (args: object = {}) => (await workspace.call("list_files", args)).text;
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("shows two levels of the workspace, sorted, folders with a slash", async () => {
    for (const name of ["b.txt", "src/z.ts", "src/core/deep/x.ts", ".github/ci.yml", "a.txt"]) workspace.write(name, "");
    assert.equal(await list(), ".github/\n.github/ci.yml\na.txt\nb.txt\nsrc/\nsrc/core/\nsrc/z.ts");
    assert.equal(await list({ depth: 1 }), ".github/\na.txt\nb.txt\nsrc/");
    assert.equal(await list({ path: "src", depth: 3 }), "src/core/\nsrc/core/deep/\nsrc/core/deep/x.ts\nsrc/z.ts");
  });

  it("leaves out what git ignores, git itself and installed packages", async () => {
    workspace.write(".gitignore", "*.log\n/dist/\n!keep.log\n");
    workspace.write("sub/.gitignore", "*.tmp\n!shout.log\n");
    for (const name of ["a.log", "keep.log", "dist/x.js", "sub/dist/y.js", "sub/b.tmp", "sub/shout.log", "c.tmp"])
      workspace.write(name, "");
    for (const name of [".git/config", "node_modules/p/index.js", "sub/node_modules/q.js"]) workspace.write(name, "");
    const expected = [".gitignore", "c.tmp", "keep.log", "sub/", "sub/.gitignore", "sub/dist/", "sub/dist/y.js", "sub/shout.log"];
    assert.deepEqual((await list({ depth: 9 })).split("\n"), expected);
  });

  it("shows an ignored folder when it is asked for by name", async () => {
    workspace.write(".gitignore", "dist/\n");
    workspace.write("dist/x.js", "");
    workspace.write("node_modules/p/index.js", "");
    assert.equal(await list({ path: "dist" }), "dist/x.js");
    assert.equal(await list({ path: "node_modules/p" }), "node_modules/p/index.js");
  });

  it("names links without following them", async () => {
    workspace.write("src/a.ts", "");
    symlinkSync("..", path.join(workspace.root, "src/up"));
    symlinkSync(workspace.outside, path.join(workspace.root, "out"));
    assert.equal(await list({ depth: 9 }), "out\nsrc/\nsrc/a.ts\nsrc/up");
    assert.match(await list({ path: "out" }), /outside the workspace/);
  });

  it("leaves out deep entries first when there are many, and says how many", async () => {
    for (let i = 0; i < 30; i += 1) for (let j = 0; j < 30; j += 1) workspace.write(`d${i}/f${j}`, "");
    const lines = (await list()).split("\n");
    assert.equal(lines.length, 501);
    assert.equal(lines.filter((line) => /^d\d+\/$/.test(line)).length, 30);
    assert.match(lines.at(-1) ?? "", /^\[430 deeper entries left out/);
  });

  it("tells a file, an empty folder and a missing one apart", async () => {
    workspace.write("a.txt", "x");
    assert.equal(await list({ path: "a.txt" }), "a.txt is a file. Use read_file.");
    assert.equal(await list({ path: "none" }), "There is no folder none.");
    workspace.write("e/.gitignore", "*\n");
    assert.match(await list({ path: "e" }), /e has no files/);
  });
});
