import assert from "node:assert/strict";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { createWorkspace, type Workspace } from "./support";

describe("write_file", () => {
  let workspace: Workspace;
  const write = (name: string, content: string) => workspace.call("write_file", { path: name, content });
  const read = (name: string, range: object = {}) => workspace.call("read_file", { path: name, ...range });
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
    await read("a.bat");
    const result = await write("a.bat", "new\nlines\n");
    assert.equal(result.text, "wrote a.bat (+1 -1 lines)");
    assert.equal(workspace.text("a.bat"), "\ufeffnew\r\nlines\r\n");
    assert.equal(statSync(path.join(workspace.root, "a.bat")).mode & 0o777, 0o755);
  });

  it("overwrites no file that was not read, or that has changed since", async () => {
    workspace.write("a.txt", "precious");
    assert.equal((await write("a.txt", "x")).text, "a.txt exists and you have not read it. Read it first, or use edit_file.");
    await read("a.txt");
    workspace.write("a.txt", "precious, and more");
    assert.equal((await write("a.txt", "x")).text, "a.txt has changed since you read it. Read it again, or use edit_file.");
    assert.equal(workspace.text("a.txt"), "precious, and more");
    await read("a.txt");
    assert.equal((await write("a.txt", "x")).ok, true);
  });

  it("knows what tools wrote as if it had been read, but a command's work not", async () => {
    await write("new.txt", "one\n");
    assert.equal((await write("new.txt", "two\n")).ok, true);
    await workspace.call("edit_file", { path: "new.txt", edits: [{ old: "two", new: "three" }] });
    assert.equal((await write("new.txt", "four\n")).ok, true);
    await workspace.call("run_command", { command: "echo five > new.txt" });
    assert.match((await write("new.txt", "six\n")).text, /has changed since you read it/);
    workspace.write("part.txt", "one\ntwo\n");
    await workspace.call("edit_file", { path: "part.txt", edits: [{ old: "two", new: "2" }] });
    assert.match((await write("part.txt", "x")).text, /you have not read it/, "an edit shows no more than its place");
  });

  it("takes a part of a long file, or an empty one, for enough to know it", async () => {
    workspace.write("long.txt", "line\n".repeat(100_000));
    await read("long.txt", { from: 5, to: 6 });
    assert.equal((await write("long.txt", "short\n")).ok, true);
    workspace.write("empty.txt", "\n");
    assert.equal((await write("empty.txt", "x")).ok, true);
  });

  it("leaves alone what has unsaved changes in the editor", async () => {
    await write("a.txt", "one");
    workspace.unsaved.push(path.join(workspace.root, "a.txt"));
    assert.match((await write("a.txt", "two")).text, /^a\.txt has unsaved changes in the editor/);
    assert.equal(workspace.text("a.txt"), "one");
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
