import assert from "node:assert/strict";
import { chmodSync, chownSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { createWorkspaceFiles } from "../../src/adapters/files";
import { createGuard } from "../../src/adapters/filesGuard";
import { createWorkspace, type Workspace } from "../tools/support";

const SOMEBODY = 12_345;

/** Only the superuser can make files of other owners. */
const mayChown = process.getuid?.() === 0;

describe("files of other owners", () => {
  let workspace: Workspace;
  const store = async (text: string) =>
    createWorkspaceFiles(await createGuard(workspace.root)).store("a.txt", text, { encoding: "utf8", bom: false });
  const own = (uid: number, mode: number) => {
    const file = path.join(workspace.root, "a.txt");
    workspace.write("a.txt", "a longer text than the new one");
    chownSync(file, uid, uid);
    chmodSync(file, mode);
  };
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("stay theirs, in mode too", async () => {
    if (!mayChown) return;
    own(SOMEBODY, 0o4750);
    assert.deepEqual(await store("new"), { kind: "stored", path: "a.txt" });
    const { uid, gid, mode } = statSync(path.join(workspace.root, "a.txt"));
    assert.deepEqual([uid, gid, mode & 0o7777], [SOMEBODY, SOMEBODY, 0o4750]);
    assert.equal(workspace.text("a.txt"), "new");
  });

  it("are overwritten as they are by one who may not give files away", async () => {
    if (!mayChown) return;
    own(SOMEBODY, 0o666);
    for (const folder of [workspace.root, path.dirname(workspace.root)]) chmodSync(folder, 0o777);
    const { ino } = statSync(path.join(workspace.root, "a.txt"));
    process.seteuid?.(SOMEBODY + 1);
    try {
      assert.deepEqual(await store("new"), { kind: "stored", path: "a.txt" });
    } finally {
      process.seteuid?.(0);
    }
    const now = statSync(path.join(workspace.root, "a.txt"));
    assert.deepEqual([now.uid, now.mode & 0o777, now.ino], [SOMEBODY, 0o666, ino]);
    assert.equal(workspace.text("a.txt"), "new");
    assert.deepEqual(readdirSync(workspace.root), ["a.txt"]);
  });
});
