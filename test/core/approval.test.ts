import assert from "node:assert/strict";
import { decideApproval, refusalText } from "../../src/core/approval";

describe("approval", () => {
  it("lets a mode for edits edit, but for files from which code runs", () => {
    assert.equal(decideApproval("autoEdit", "edit"), "allow");
    assert.equal(decideApproval("autoEdit", "edit", true), "ask");
    assert.equal(decideApproval("edits", "edit"), "allow");
    assert.equal(decideApproval("edits", "edit", true), "refuse");
  });

  it("makes no difference of them where commands are free, or nothing is", () => {
    for (const mode of ["all", "autoAll"] as const) assert.equal(decideApproval(mode, "edit", true), "allow");
    assert.equal(decideApproval("ask", "edit", true), "ask");
    assert.equal(decideApproval("readOnly", "edit", true), "refuse");
  });

  it("says why it refuses", () => {
    assert.match(refusalText("edits", "edit", true), /code may run because of this file/);
    assert.match(refusalText("edits", "command"), /may not run commands/);
    assert.match(refusalText("readOnly", "edit", true), /may only read/);
  });
});
