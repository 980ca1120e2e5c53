import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, symlinkSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { createWorkspace, type Workspace } from "./support";

describe("read_file", () => {
  let workspace: Workspace;
  const read = (args: object) => workspace.call("read_file", args);
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("gives the text as it is, without numbers or frame", async () => {
    workspace.write("src/a.ts", "const a = 1;\n\n\tindented\n");
    assert.deepEqual((await read({ path: "src/a.ts" })).text, "const a = 1;\n\n\tindented");
  });

  it("gives a range of lines, counted from 1, both ends included", async () => {
    workspace.write("a.txt", "1\n2\n3\n4\n5");
    assert.equal((await read({ path: "a.txt", from: 2, to: 4 })).text, "2\n3\n4");
    assert.equal((await read({ path: "a.txt", from: 4 })).text, "4\n5");
    assert.equal((await read({ path: "a.txt", to: 1 })).text, "1");
    assert.equal((await read({ path: "a.txt", from: 5, to: 99 })).text, "5");
  });

  it("takes 0 and -1 for the beginning or the end, out of other tools' habit", async () => {
    workspace.write("a.txt", "1\n2\n3");
    assert.equal((await read({ path: "a.txt", from: 0, to: 2 })).text, "1\n2");
    assert.equal((await read({ path: "a.txt", from: 2, to: -1 })).text, "2\n3");
    assert.equal((await read({ path: "a.txt", from: "-1", to: "0" })).text, "1\n2\n3");
  });

  it("says that it does not show what was typed in an editor and not saved", async () => {
    workspace.write("a.txt", "one");
    workspace.unsaved.push(path.join(workspace.root, "a.txt"));
    assert.equal((await read({ path: "a.txt" })).text, "one\n[unsaved changes in the editor are not in this text]");
    assert.equal(
      (await read({ path: "a.txt" })).text,
      "unchanged since turn 1\n[unsaved changes in the editor are not in this text]",
    );
  });

  it("says how long a file is when the range lies past its end, and that an empty one is empty", async () => {
    workspace.write("a.txt", "1\n2\n");
    workspace.write("empty.txt", "");
    assert.deepEqual(await read({ path: "a.txt", from: 3 }), { ok: false, text: "a.txt has 2 lines." });
    assert.deepEqual(await read({ path: "empty.txt" }), { ok: true, text: "empty.txt is empty" });
  });

  it("shows the line ends of Windows as plain ones, and no byte order mark", async () => {
    workspace.write("crlf.txt", "\ufeffeins\r\nzwei\r\n");
    assert.equal((await read({ path: "crlf.txt" })).text, "eins\nzwei");
  });

  it("reads UTF-16 of both orders, UTF-8 beyond ASCII, and old one-byte encodings", async () => {
    const words = "größe 漢字 🙂\nzwei";
    const little = Buffer.from(`\ufeff${words}`, "utf16le");
    workspace.write("le.txt", little);
    workspace.write("be.txt", Buffer.from(little).swap16());
    workspace.write("utf8.txt", words);
    workspace.write("latin1.txt", Buffer.from("größe", "latin1"));
    for (const name of ["le.txt", "be.txt", "utf8.txt"]) assert.equal((await read({ path: name })).text, words, name);
    assert.equal((await read({ path: "latin1.txt" })).text, "größe");
  });

  it("tells what a binary is and how large, and sends none of it", async () => {
    workspace.write("logo.png", Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(3000)]));
    workspace.write("data.bin", Buffer.from([1, 2, 0, 3]));
    assert.match((await read({ path: "logo.png" })).text, /^logo\.png is a binary file \(PNG image, 2\.9 KB\)/);
    assert.match((await read({ path: "data.bin" })).text, /^data\.bin is a binary file \(unknown type, 4 bytes\)/);
  });

  it("points to the tool that fits when the path is a folder or is not there", async () => {
    mkdirSync(path.join(workspace.root, "src"));
    assert.match((await read({ path: "src" })).text, /src is a folder\. Use list_files/);
    assert.match((await read({ path: "src/none.ts" })).text, /There is no src\/none\.ts/);
  });

  it("answers a second reading of the same text with where it was", async () => {
    workspace.write("a.txt", "one\ntwo");
    await read({ path: "a.txt" });
    assert.equal((await read({ path: "./a.txt" })).text, "unchanged since turn 1");
    assert.equal((await read({ path: "a.txt", from: 2 })).text, "two", "another range is another text");
    workspace.write("a.txt", "one\nTWO");
    assert.equal((await read({ path: "a.txt" })).text, "one\nTWO");
    assert.equal((await read({ path: "a.txt" })).text, "unchanged since turn 4");
  });

  it("gives a text again when it was cut the first time", async () => {
    workspace.write("a.txt", "one\ntwo");
    const first = await read({ path: "a.txt" });
    assert.equal(first.readOn?.(2), 'read_file {"path":"a.txt","from":2}');
    assert.equal((await read({ path: "a.txt" })).text, "one\ntwo");
  });

  it("tells how to read on, counted from the file's beginning", async () => {
    workspace.write("a.txt", "x\n".repeat(100));
    const result = await read({ path: "a.txt", from: 41, to: 90 });
    assert.equal(result.readOn?.(11), 'read_file {"path":"a.txt","from":51,"to":90}');
  });

  it("breaks very long lines into pieces that can be asked for one by one", async () => {
    const long = Array.from({ length: 10_000 }, (_, i) => String(i % 10)).join("");
    workspace.write("min.js", `first\n${long}\nlast`);
    const whole = (await read({ path: "min.js" })).text.split("\n");
    assert.deepEqual(
      whole.slice(0, 7).map((line) => line.length),
      [5, 2000, 2000, 2000, 2000, 2000, 4],
    );
    assert.match(whole[7] ?? "", /^\[lines over 2000 characters/);
    assert.match((await read({ path: "min.js", from: 3, to: 3 })).text, /^0123/);
  });

  it("stops for size at a line end and says where to go on", async () => {
    workspace.write("large.log", `${"x".repeat(99)}\n`.repeat(60_000));
    const { text } = await read({ path: "large.log" });
    const [, last, next] = /\n\[stopped for size after line (\d+); read on from (\d+)\]$/.exec(text) ?? [];
    assert.ok(text.length < 5 * 1024 * 1024);
    assert.equal(Number(next), Number(last) + 1);
    assert.equal(text.split("\n").length - 1, Number(last));
  });

  it("reads a range at the end of a file of 1 GB in bounded time and memory", async () => {
    const file = openSync(path.join(workspace.root, "huge.log"), "w");
    writeSync(file, "line\n".repeat(2_000));
    ftruncateSync(file, 1024 ** 3);
    writeSync(file, "\nlast but one\nlast\n", 1024 ** 3);
    closeSync(file);
    const holeLines = Math.ceil((1024 ** 3 - 10_000) / 2_000);
    const startedAt = performance.now();
    const before = process.memoryUsage().rss;
    const result = await read({ path: "huge.log", from: 2_000 + holeLines + 1 });
    assert.equal(result.text, "last but one\nlast");
    assert.ok(performance.now() - startedAt < 15_000, "took too long");
    assert.ok(process.memoryUsage().rss - before < 200 * 1024 * 1024, "took too much memory");
    assert.equal((await read({ path: "huge.log", from: 1, to: 1 })).text, "line");
  });

  it("ends early when the run is stopped", async () => {
    const file = openSync(path.join(workspace.root, "huge.log"), "w");
    writeSync(file, "line\n".repeat(2_000));
    ftruncateSync(file, 1024 ** 3);
    closeSync(file);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const startedAt = performance.now();
    const result = await workspace.call("read_file", { path: "huge.log", from: 10_000_000 }, { signal: stop.signal });
    assert.deepEqual(result, { ok: false, text: "cancelled" });
    assert.ok(performance.now() - startedAt < 1_500);
  });

  it("reads nothing outside the workspace, by no way of writing the path", async () => {
    writeFileSync(path.join(workspace.outside, "secret.txt"), "secret");
    symlinkSync(path.join(workspace.outside, "secret.txt"), path.join(workspace.root, "file-link"));
    symlinkSync(workspace.outside, path.join(workspace.root, "folder-link"));
    symlinkSync("folder-link", path.join(workspace.root, "link-to-link"));
    const ways = [
      ...["../outside/secret.txt", path.join(workspace.outside, "secret.txt"), "file-link", "folder-link/secret.txt"],
      ...["link-to-link/secret.txt", "folder-link/../../outside/secret.txt", "/etc/passwd", "../work2/x", ".."],
      ...["folder-link/not-there.txt"],
    ];
    for (const way of ways) {
      const result = await read({ path: way });
      assert.equal(result.ok, false, way);
      assert.match(result.text, /outside the workspace/, way);
      assert.doesNotMatch(result.text, /^secret/);
    }
  });

  it("follows links that stay inside", async () => {
    workspace.write("real/a.txt", "inside");
    symlinkSync("real", path.join(workspace.root, "link"));
    assert.equal((await read({ path: "link/a.txt" })).text, "inside");
    assert.equal((await read({ path: path.join(workspace.root, "real/a.txt") })).text, "unchanged since turn 1");
  });

  it("refuses pipes and devices instead of waiting for them, links to nowhere, and names that are no names", async () => {
    execFileSync("mkfifo", [path.join(workspace.root, "pipe")]);
    symlinkSync("nothing", path.join(workspace.root, "dangling"));
    assert.match((await read({ path: "pipe" })).text, /pipe: is no plain file/);
    assert.match((await read({ path: "dangling" })).text, /dangling: is a link to nowhere/);
    assert.match((await read({ path: "a\0b" })).text, /NUL/);
    assert.match((await read({ path: "x".repeat(5_000) })).text, /too long/);
  });
});
