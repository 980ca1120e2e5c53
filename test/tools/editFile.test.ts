import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readdirSync, readlinkSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createWorkspace, type Workspace } from "./support";

describe("edit_file", () => {
  let workspace: Workspace;
  const edit = (name: string, ...edits: (readonly [string, string])[]) =>
    workspace.call("edit_file", { path: name, edits: edits.map(([old, now]) => ({ old, new: now })) });
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("makes several replacements at once and records what changed", async () => {
    workspace.write("src/a.ts", "one\ntwo\nthree\nfour\n");
    const result = await edit("src/a.ts", ["two", "2\n2b"], ["four\n", ""]);
    assert.equal(workspace.text("src/a.ts"), "one\n2\n2b\nthree\n");
    assert.equal(result.text, "edited src/a.ts (2 edits, +2 -2 lines)");
    const [change] = result.changes ?? [];
    assert.deepEqual(
      { ...change, before: null, after: null },
      { path: "src/a.ts", added: 2, removed: 2, before: null, after: null },
    );
    assert.equal(workspace.saved.get(change?.before ?? ""), "one\ntwo\nthree\nfour\n");
    assert.equal(workspace.saved.get(change?.after ?? ""), "one\n2\n2b\nthree\n");
  });

  it("applies edits in order, each to the result of the one before", async () => {
    workspace.write("a.txt", "red");
    await edit("a.txt", ["red", "green"], ["green", "blue"]);
    assert.equal(workspace.text("a.txt"), "blue");
  });

  it("makes all of the replacements or none", async () => {
    workspace.write("a.txt", "one\ntwo\n");
    const result = await edit("a.txt", ["one", "1"], ["missing", "x"]);
    assert.equal(result.ok, false);
    assert.match(result.text, /^Edit 2 of 2: `old` was not found in a\.txt\./);
    assert.match(result.text, /No edit was made\.$/);
    assert.equal(workspace.text("a.txt"), "one\ntwo\n");
  });

  it("shows the change before it is approved, and writes nothing until then", async () => {
    workspace.write("a.txt", "one");
    const prepared = await workspace.prepare("edit_file", { path: "a.txt", edits: [{ old: "one", new: "two" }] });
    assert.ok("edit" in prepared);
    assert.deepEqual(prepared.edit, { path: "a.txt", before: "one", after: "two" });
    assert.equal(prepared.access, "edit");
    assert.equal(workspace.text("a.txt"), "one");
  });

  it("does not write over what someone typed while it waited for approval", async () => {
    workspace.write("a.txt", "one");
    const prepared = await workspace.prepare("edit_file", { path: "a.txt", edits: [{ old: "one", new: "two" }] });
    assert.ok("run" in prepared);
    workspace.write("a.txt", "one, and more");
    const signal = new AbortController().signal;
    const result = await prepared.run({ turn: 1, callId: "c", signal, timeLeftMs: null, onOutput: () => {} });
    assert.deepEqual(result, { ok: false, text: "a.txt was changed by someone else just now. Read it again, then edit." });
    assert.equal(workspace.text("a.txt"), "one, and more");
  });

  it("shows the nearest lines when the text is not there", async () => {
    const lines = Array.from({ length: 200 }, (_, i) => `const value${i} = compute(${i});`);
    lines[120] = "export function total(items: Item[]): number {";
    lines[121] = "  return items.reduce((sum, item) => sum + item.price, 0);";
    workspace.write("a.ts", lines.join("\n"));
    const result = await edit("a.ts", [
      "export function total(items: Item[]) {\n  return items.reduce((s, item) => s + item.price, 0);",
      "x",
    ]);
    assert.equal(result.text, `\`old\` was not found in a.ts. The nearest is lines 121-122:\n${lines[120]}\n${lines[121]}`);
  });

  it("says so when only white space differs, and shows how the file has it", async () => {
    workspace.write("a.py", "def f():\n\tif x:\n\t\treturn 1\n");
    const result = await edit("a.py", ["if x:\n    return 1", "pass"]);
    assert.equal(
      result.text,
      "`old` was not found in a.py. It differs only in white space from lines 2-3:\n\tif x:\n\t\treturn 1",
    );
  });

  it("says so when nothing is like it, and keeps the answer short however long the text", async () => {
    workspace.write("a.txt", "completely other words\n");
    assert.match((await edit("a.txt", ["zzz qqq 12345", "x"])).text, /Nothing in it is like that: read the file again\.$/);
    const long = Array.from({ length: 500 }, (_, i) => `line ${i} ${"y".repeat(100)}`);
    workspace.write("b.txt", long.join("\n"));
    const result = await edit("b.txt", [long.join("\n").replace("line 250", "LINE 250"), "x"]);
    assert.match(result.text, /The nearest is lines 1-500:/);
    assert.ok(result.text.length < 2_000, `${result.text.length} characters`);
  });

  it("finds the nearest lines of a large file within a second", async () => {
    workspace.write(
      "big.ts",
      Array.from({ length: 40_000 }, (_, i) => `  const entry${i} = lookup("key-${i * 7}", ${i});`).join("\n"),
    );
    const startedAt = performance.now();
    const result = await edit("big.ts", ['const entry31234 = lookup("key-218638", 31235);', "x"]);
    assert.match(result.text, /The nearest is line 31235:/);
    assert.ok(performance.now() - startedAt < 1_000, `${performance.now() - startedAt} ms`);
  });

  it("names the lines when the text is there more than once", async () => {
    workspace.write("a.txt", "x = 1\ny\nx = 1\ny\nx = 1; x = 1\n");
    const result = await edit("a.txt", ["x = 1", "x = 2"]);
    assert.equal(result.text, "`old` is in a.txt 4 times, at lines 1, 3, 5. Add lines around it, or set `all`.");
    workspace.write("b.txt", "dup\n".repeat(1_000));
    assert.match((await edit("b.txt", ["dup", "x"])).text, /1000 times, at lines 1, 2, .*20, …\. Add/);
  });

  it("replaces every occurrence when asked to", async () => {
    workspace.write("a.cs", "x = 1;\r\ny(x);\r\nxx\r\n");
    const edits = [
      { old: "x", new: "long", all: true },
      { old: "y(", new: "z(", all: true },
    ];
    const result = await workspace.call("edit_file", { path: "a.cs", edits });
    assert.equal(result.text, "edited a.cs (5 places, +3 -3 lines)");
    assert.equal(workspace.text("a.cs"), "long = 1;\r\nz(long);\r\nlonglong\r\n");
    const none = await workspace.call("edit_file", { path: "a.cs", edits: [{ old: "q", new: "r", all: true }] });
    assert.match(none.text, /`old` was not found/);
  });

  it("takes a single edit without a list, and the names other agents give", async () => {
    const ways = [
      { edits: { old: "1", new: "2" } },
      { old: "1", new: "2" },
      { old_string: "1", new_string: "2", replace_all: false },
      { edits: [{ old_str: "1", new_str: "2" }] },
    ];
    for (const way of ways) {
      workspace.write("a.txt", "1");
      const result = await workspace.call("edit_file", { path: "a.txt", ...way });
      assert.equal(workspace.text("a.txt"), "2", `${JSON.stringify(way)}: ${result.text}`);
    }
  });

  it("leaves alone what has unsaved changes in the editor, before approval and after", async () => {
    workspace.write("src/a.txt", "one");
    symlinkSync(workspace.root, path.join(workspace.outside, "way"));
    const prepared = await workspace.prepare("edit_file", { path: "src/a.txt", edits: [{ old: "one", new: "two" }] });
    workspace.unsaved.push("/elsewhere/a.txt", path.join(workspace.outside, "way/src/a.txt"));
    assert.match((await edit("src/a.txt", ["one", "two"])).text, /^src\/a\.txt has unsaved changes in the editor: /);
    assert.ok("run" in prepared);
    const signal = new AbortController().signal;
    const result = await prepared.run({ turn: 1, callId: "c", signal, timeLeftMs: null, onOutput: () => {} });
    assert.match(result.text, /^src\/a\.txt has unsaved changes/);
    assert.equal(workspace.text("src/a.txt"), "one");
  });

  it("tells of files from which code runs, by any way of writing their path", async () => {
    for (const name of [".vscode/tasks.json", "app/.VSCode/settings.json", ".husky/pre-commit", ".envrc", "a.code-workspace"]) {
      workspace.write(name, "one");
      for (const given of [name, `./x/../${name}`]) {
        const prepared = await workspace.prepare("edit_file", { path: given, edits: [{ old: "one", new: "two" }] });
        assert.equal("runsCode" in prepared && prepared.runsCode, true, given);
      }
    }
    const prepared = await workspace.prepare("write_file", { path: "src/vscode/settings.json", content: "x" });
    assert.equal("runsCode" in prepared && prepared.runsCode, false);
    const made = await workspace.prepare("write_file", { path: ".vscode/launch.json", content: "x" });
    assert.equal("runsCode" in made && made.runsCode, true);
  });

  it("turns away edits that say nothing", async () => {
    workspace.write("a.txt", "one");
    assert.match((await edit("a.txt", ["", "x"])).text, /`old` is empty/);
    assert.match((await edit("a.txt", ["one", "one"])).text, /the same/);
    assert.match((await edit("none.txt", ["one", "two"])).text, /There is no none\.txt\. Make a new file with write_file/);
  });

  it("keeps the line ends of Windows, also in what is new, and a byte order mark", async () => {
    workspace.write("a.cs", "\ufeffusing A;\r\nusing B;\r\n\r\nclass C { }\r\n");
    const result = await edit("a.cs", ["using B;\n\nclass C", "using B;\nusing D;\n\nclass E"]);
    assert.equal(result.ok, true, result.text);
    assert.equal(workspace.text("a.cs"), "\ufeffusing A;\r\nusing B;\r\nusing D;\r\n\r\nclass E { }\r\n");
  });

  it("leaves mixed line ends alone where nothing is replaced", async () => {
    workspace.write("mixed.txt", "a\r\nb\nc\r\nd\ne\rf\r\n");
    await edit("mixed.txt", ["c\nd", "C\nD"]);
    assert.equal(workspace.text("mixed.txt"), "a\r\nb\nC\r\nD\ne\rf\r\n");
  });

  it("keeps UTF-16 and old one-byte encodings, and refuses what they cannot hold", async () => {
    const little = Buffer.from("\ufeffalt 漢\r\nzwei", "utf16le");
    workspace.write("le.txt", little);
    workspace.write("be.txt", Buffer.from(little).swap16());
    workspace.write("latin1.txt", Buffer.from("größe!\n", "latin1"));
    const now = Buffer.from("\ufeffneu 漢\r\nzwei", "utf16le");
    for (const name of ["le.txt", "be.txt"]) assert.equal((await edit(name, ["alt", "neu"])).ok, true);
    assert.deepEqual(workspace.bytes("le.txt"), now);
    assert.deepEqual(workspace.bytes("be.txt"), Buffer.from(now).swap16());
    assert.equal((await edit("latin1.txt", ["größe", "Maß"])).ok, true);
    assert.deepEqual(workspace.bytes("latin1.txt"), Buffer.from("Maß!\n", "latin1"));
    assert.match((await edit("latin1.txt", ["Maß", "漢"])).text, /its encoding \(one byte per character\) lacks a character/);
  });

  it("does not edit binaries, folders or what belongs to git", async () => {
    workspace.write("a.bin", Buffer.from([0, 1, 2]));
    workspace.write(".git/config", "[core]\n");
    mkdirSync(path.join(workspace.root, "src"));
    assert.match((await edit("a.bin", ["a", "b"])).text, /cannot be edited as text/);
    assert.match((await edit("src", ["a", "b"])).text, /src is a folder/);
    assert.match((await edit(".git/config", ["[core]", "[alias]"])).text, /belongs to git/);
    assert.match(
      (await workspace.call("write_file", { path: ".git/hooks/pre-commit", content: "#!/bin/sh" })).text,
      /belongs to git/,
    );
  });

  it("keeps the mode of a file and leaves no other file behind", async () => {
    workspace.write("run.sh", "#!/bin/sh\necho 1\n");
    chmodSync(path.join(workspace.root, "run.sh"), 0o754);
    await edit("run.sh", ["echo 1", "echo 2"]);
    assert.equal(statSync(path.join(workspace.root, "run.sh")).mode & 0o777, 0o754);
    assert.deepEqual(readdirSync(workspace.root), ["run.sh"]);
  });

  it("writes through a link that stays inside and leaves the link in place", async () => {
    workspace.write("real.txt", "one");
    symlinkSync("real.txt", path.join(workspace.root, "link.txt"));
    const result = await edit("link.txt", ["one", "two"]);
    assert.equal(result.changes?.[0]?.path, "real.txt");
    assert.equal(workspace.text("real.txt"), "two");
    assert.equal(readlinkSync(path.join(workspace.root, "link.txt")), "real.txt");
  });

  it("changes nothing outside the workspace through a link", async () => {
    const secret = path.join(workspace.outside, "a.txt");
    writeFileSync(secret, "one");
    symlinkSync(secret, path.join(workspace.root, "link.txt"));
    symlinkSync(workspace.outside, path.join(workspace.root, "folder"));
    assert.match((await edit("link.txt", ["one", "two"])).text, /outside the workspace/);
    for (const name of ["link.txt", "folder/a.txt", "folder/new.txt", "folder/deep/new.txt", "../outside/new.txt"]) {
      assert.match((await workspace.call("write_file", { path: name, content: "x" })).text, /outside the workspace/, name);
    }
    symlinkSync(path.join(workspace.outside, "planted.txt"), path.join(workspace.root, "dangling"));
    assert.match((await workspace.call("write_file", { path: "dangling", content: "x" })).text, /link to nowhere/);
    assert.deepEqual(readdirSync(workspace.outside), ["a.txt"]);
  });

  it("notices a folder swapped for a link between approval and writing", async () => {
    workspace.write("src/a.txt", "one");
    const prepared = await workspace.prepare("write_file", { path: "src/b.txt", content: "planted" });
    assert.ok("run" in prepared);
    renameSync(path.join(workspace.root, "src"), path.join(workspace.root, "old"));
    symlinkSync(workspace.outside, path.join(workspace.root, "src"));
    const signal = new AbortController().signal;
    const result = await prepared.run({ turn: 1, callId: "c", signal, timeLeftMs: null, onOutput: () => {} });
    assert.equal(result.ok, false);
    assert.match(result.text, /outside the workspace/);
    assert.deepEqual(readdirSync(workspace.outside), []);
  });
});
