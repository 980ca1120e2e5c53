import assert from "node:assert/strict";
import { createWorkspace, type Workspace } from "./support";

describe("finish", () => {
  let workspace: Workspace;
  const open = async (asksForChange: boolean) => {
    workspace = await createWorkspace({ asksForChange });
    workspace.write("a.txt", "one");
  };
  const finish = (args: object = {}) => workspace.call("finish", { summary: "all done", ...args });
  afterEach(() => workspace.dispose());

  it("ends the run with its summary", async () => {
    await open(false);
    assert.deepEqual(await finish(), { ok: true, text: "finished", finished: { summary: "all done", infeasible: false } });
  });

  it("says no, once and with the reason, when a change was asked for and there is none", async () => {
    await open(true);
    const first = await finish();
    assert.equal(first.ok, false);
    assert.equal(first.finished, undefined);
    assert.match(first.text, /asks for a change, but no file has changed/);
    assert.equal((await finish()).finished?.summary, "all done");
  });

  it("says yes after an edit, but not after one that was undone", async () => {
    await open(true);
    await workspace.call("edit_file", { path: "a.txt", edits: [{ old: "one", new: "two" }] });
    await workspace.call("edit_file", { path: "a.txt", edits: [{ old: "two", new: "one" }] });
    assert.equal((await finish()).ok, false);
    await workspace.dispose();
    await open(true);
    await workspace.call("write_file", { path: "b.txt", content: "" });
    assert.equal((await finish()).ok, true);
  });

  it("does not ask for a change when the task cannot be done", async () => {
    await open(true);
    assert.deepEqual((await finish({ infeasible: true })).finished, { summary: "all done", infeasible: true });
  });
});
