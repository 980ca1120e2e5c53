import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createWorkspaceState } from "../../src/adapters/filesSnapshot";
import { createWorkspace, type Workspace } from "../tools/support";

describe("a look at a workspace without git", () => {
  let workspace: Workspace;
  const folders = (count: number) => {
    for (let i = 0; i < count; i += 1) mkdirSync(path.join(workspace.root, `d${i}`));
  };
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("sees all files, or tells that it did not", async () => {
    folders(500);
    workspace.write("d1/a.txt", "x");
    assert.deepEqual([...((await createWorkspaceState(workspace.root, null, 30_000).take())?.keys() ?? [])], ["d1/a.txt"]);
    assert.equal(await createWorkspaceState(workspace.root, null, 1).take(), null, "too slow");
  });

  it("gives up on too many folders as on too many files", async () => {
    folders(5_001);
    assert.equal(await createWorkspaceState(workspace.root, null, 30_000).take(), null);
  });
});
