import assert from "node:assert/strict";
import { readdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createGuard, type Guard, type Located } from "../../src/adapters/filesGuard";
import { isInside, plainWindowsPath, wrongForm } from "../../src/adapters/filesPaths";
import { createWorkspace, type Workspace } from "../tools/support";

describe("paths on Windows", () => {
  it("are compared without regard to case, slashes or the literal prefix", () => {
    const inside = ["C:\\Work\\a.txt", "c:/work/sub/b", "\\\\?\\C:\\WORK\\a", "C:\\work", "C:\\work\\..foo"];
    const outside = ["C:\\workshop\\a", "D:\\work\\a", "C:\\", "\\\\server\\work\\a", "\\\\?\\D:\\work", "C:\\work\\..\\x"];
    for (const target of inside) assert.equal(isInside("c:\\work", target, "win32"), true, target);
    for (const target of outside) assert.equal(isInside("c:\\work", target, "win32"), false, target);
    assert.equal(isInside("\\\\?\\UNC\\server\\share", "\\\\SERVER\\share\\a", "win32"), true);
  });

  it("lose the prefix that means to take them literally", () => {
    assert.equal(plainWindowsPath("\\\\?\\C:\\a\\b", "win32"), "C:\\a\\b");
    assert.equal(plainWindowsPath("//?/UNC/server/share", "win32"), "\\\\server\\share");
    assert.equal(plainWindowsPath("src/a.ts", "win32"), "src\\a.ts");
    assert.equal(plainWindowsPath("src\\a", "linux"), "src\\a");
  });

  it("may not be devices, streams, drive-relative, or names Windows would change", () => {
    const wrong = [
      "\\\\.\\PhysicalDrive0",
      "\\\\?\\GLOBALROOT\\x",
      "NUL",
      "src/con.txt",
      "COM1",
      "a.txt:stream",
      "C:a.txt",
      "dir./x",
      "name ",
    ];
    for (const given of wrong) assert.notEqual(wrongForm(given, "C:\\work", "win32"), null, given);
    for (const given of ["src/a.ts", "C:\\work\\a", "..\\x", ".", "console.ts", "com10"])
      assert.equal(wrongForm(given, "C:\\work", "win32"), null, given);
  });
});

describe("paths to other machines, on Windows", () => {
  const remote = ["\\\\evil\\share\\x", "//evil/share/x", "/\\evil/share", "\\\\?\\UNC\\evil\\share\\x", "//?/unc/evil/share"];

  it("are turned away before they are looked at", () => {
    for (const given of remote) assert.match(wrongForm(given, "C:\\work", "win32") ?? "", /outside the workspace/, given);
    for (const given of [...remote, "\\\\srv\\other\\x", "\\\\srv\\share\\work\\..\\x", "..\\x"])
      assert.match(wrongForm(given, "\\\\srv\\share\\work", "win32") ?? "", /outside the workspace/, given);
  });

  it("are fine where the workspace is there", () => {
    for (const given of ["src\\a", "\\\\SRV\\share\\work\\a", "//srv/share/work/sub/../a", "\\\\?\\UNC\\srv\\share\\work", "."])
      assert.equal(wrongForm(given, "\\\\srv\\share\\work", "win32"), null, given);
  });
});

describe("paths elsewhere", () => {
  it("are compared by the letter", () => {
    for (const target of ["/work", "/work/a", "/work/..a"]) assert.equal(isInside("/work", target, "linux"), true, target);
    for (const target of ["/Work/a", "/works", "/", "/work/../x"])
      assert.equal(isInside("/work", target, "linux"), false, target);
    assert.equal(isInside("/", "/etc", "linux"), true);
  });

  it("may have any name but one with a NUL", () => {
    for (const given of ["NUL", "a:b", "name ", "C:x"]) assert.equal(wrongForm(given, "/work", "linux"), null, given);
    assert.notEqual(wrongForm("a\0b", "/work", "darwin"), null);
  });
});

describe("guard", () => {
  let workspace: Workspace;
  let guard: Guard;
  const located = async (name: string): Promise<Located> => {
    const place = await guard.locate(name);
    assert.equal(place.kind, "located");
    return place;
  };
  /** Puts a link to the outside in place of a folder of the workspace. */
  const swap = (name: string) => {
    renameSync(path.join(workspace.root, name), path.join(workspace.root, `${name}-before`));
    symlinkSync(workspace.outside, path.join(workspace.root, name));
  };
  beforeEach(async () => {
    workspace = await createWorkspace();
    guard = await createGuard(workspace.root);
    workspace.write("src/a.txt", "mine");
    writeFileSync(path.join(workspace.outside, "a.txt"), "secret");
  });
  afterEach(() => workspace.dispose());

  it("opens what it located, and nothing that was put in its place since", async () => {
    const place = await located("src/a.txt");
    const handle = await guard.open(place);
    assert.equal(await handle.readFile("utf8"), "mine");
    await handle.close();
    swap("src");
    await assert.rejects(guard.open(place), /replaced just now/);
  });

  it("makes folders inside the workspace only", async () => {
    const place = await located("src/deep/new/b.txt");
    swap("src");
    await assert.rejects(guard.holdFolderOf(place));
    assert.deepEqual(readdirSync(workspace.outside), ["a.txt"]);
  });

  it("notices that a folder it holds was replaced, and does not follow", async () => {
    const folder = await guard.holdFolderOf(await located("src/b.txt"));
    assert.equal(await folder.holds(), true);
    swap("src");
    assert.equal(await folder.holds(), false);
    if (process.platform === "linux") {
      writeFileSync(path.join(folder.path, "b.txt"), "x");
      assert.deepEqual(readdirSync(path.join(workspace.root, "src-before")), ["a.txt", "b.txt"]);
    }
    await folder.close();
    assert.deepEqual(readdirSync(workspace.outside), ["a.txt"]);
  });

  it("takes a workspace, and paths in it, that are given through a link", async () => {
    const link = path.join(workspace.outside, "way");
    symlinkSync(workspace.root, link);
    guard = await createGuard(link);
    assert.equal(guard.root, workspace.root);
    assert.equal((await located(path.join(link, "src/a.txt"))).relative, "src/a.txt");
    assert.equal((await located("./src//../src/")).relative, "src");
    assert.equal((await located(".")).relative, ".");
  });

  it("rejects a workspace that is not there", async () => {
    await assert.rejects(createGuard(path.join(workspace.outside, "none")));
  });
});
