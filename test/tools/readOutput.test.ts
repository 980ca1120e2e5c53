import assert from "node:assert/strict";
import { createWorkspace, type Workspace } from "./support";

describe("read_output", () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("gives a range of an earlier output and tells how to read on", async () => {
    const id = workspace.outputs.save("call", "1\n2\n3\n4\n5");
    const result = await workspace.call("read_output", { id, from: 2, to: 4 });
    assert.equal(result.text, "2\n3\n4");
    assert.equal(result.readOn?.(3), `read_output {"id":"${id}","from":4,"to":4}`);
    assert.equal((await workspace.call("read_output", { id, from: 4 })).text, "4\n5");
  });

  it("says so when there is no such output or no such line", async () => {
    const id = workspace.outputs.save("call", "1\n2");
    assert.deepEqual(await workspace.call("read_output", { id: "o99" }), {
      ok: false,
      text: "There is no output o99 any more. Run the call again.",
    });
    assert.deepEqual(await workspace.call("read_output", { id, from: 3 }), { ok: false, text: `${id} has 2 lines.` });
  });

  it("reads any part of a command's output, one endless line included", async () => {
    const { text } = await workspace.call("run_command", { command: "head -c 20000 /dev/zero | tr '\\0' x; echo; echo end" });
    const id = workspace.outputs.save("call", text);
    assert.equal((await workspace.call("read_output", { id, from: 3, to: 3 })).text, "x".repeat(2_000));
    assert.equal((await workspace.call("read_output", { id, from: 11, to: 11 })).text, "end");
  });
});
