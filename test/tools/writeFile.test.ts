import assert from "node:assert/strict";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { createWorkspace, type Workspace } from "./support";

describe("write_file", () => {
  let workspace: Workspace;
  const write = (name: string, content: string) => workspace.call("write_file", { path: name, content });
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("makes a new file and the folders it needs", async () => {
    const result = await write("src/deep/new/größe 漢.ts", "a\nb\n");
    assert.equal(result.text, "created src/deep/new/größe 漢.ts (+2 -0 lines)");
    assert.equal(workspace.text("src/deep/new/größe 漢.ts"), "a\nb\n");
    const [change] = result.changes ?? [];
    assert.equal(change?.before, null);
    assert.equal(workspace.saved.get(change?.after ?? ""), "a\nb\n");
  });

  it("puts a new text in a file, keeping mode, line ends and byte order mark", async () => {
    workspace.write("a.bat", "\ufeffold\r\nlines\r\n");
    chmodSync(path.join(workspace.root, "a.bat"), 0o755);
    const result = await write("a.bat", "new\nlines\n");
    assert.equal(result.text, "wrote a.bat (+1 -1 lines)");
    assert.equal(workspace.text("a.bat"), "\ufeffnew\r\nlines\r\n");
    assert.equal(statSync(path.join(workspace.root, "a.bat")).mode & 0o777, 0o755);
  });

  it("says so when nothing would change, and writes nothing", async () => {
    workspace.write("a.txt", "same");
    const before = statSync(path.join(workspace.root, "a.txt")).mtimeMs;
    assert.deepEqual(await write("a.txt", "same"), { ok: true, text: "a.txt already has this content" });
    assert.equal(statSync(path.join(workspace.root, "a.txt")).mtimeMs, before);
  });

  it("shows the change before it is approved", async () => {
    const prepared = await workspace.prepare("write_file", { path: "./x/../new.txt", content: "x" });
    assert.ok("edit" in prepared);
    assert.deepEqual(prepared.edit, { path: "new.txt", before: null, after: "x" });
    assert.equal(prepared.subject, "new.txt");
  });

  it("does not overwrite binaries or folders, nor make a file under a file", async () => {
    workspace.write("logo.gif", Buffer.from("GIF89a\0\0"));
    workspace.write("file", "x");
    mkdirSync(path.join(workspace.root, "src"));
    assert.match((await write("logo.gif", "x")).text, /GIF image, 8 bytes\): it is not overwritten/);
    assert.match((await write("src", "x")).text, /src is a folder/);
    assert.match((await write("file/under.txt", "x")).text, /part of the path is a file/);
    assert.match((await write(".", "x")).text, /is a folder/);
  });
});
