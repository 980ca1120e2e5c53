import assert from "node:assert/strict";
import { finishNudge } from "../../../src/core/policy/earlyFinish";
import { checks, edits, reads, turnRecords } from "../../support/turns";

/** Turns after which the nudge is given, of all the beginnings of a run. */
function saidAfter(...calls: Parameters<typeof turnRecords>): number[] {
  const turns = turnRecords(...calls);
  return turns.map((turn) => turn.turn).filter((turn) => finishNudge(turns.slice(0, turn)) !== null);
}

const edit = edits("src/a.ts", "a0", "a1");
const look = reads("src/a.ts");

describe("the nudge to finish", () => {
  it("comes when checks passed after the last edit and three turns brought no other, and again six turns later", () => {
    assert.deepEqual(saidAfter(edit, checks(0), look, look, look, look, look, look, look, look, look), [4, 10]);
    assert.match(
      finishNudge(turnRecords(edit, checks(0), look, look)) ?? "",
      /^\[hint\] Checks passed after the last edit, 3 turns ago\./,
    );
  });

  it("comes when the checks pass at last, however long after the edit", () => {
    assert.deepEqual(saidAfter(edit, look, look, look, look, checks(0)), [6]);
    assert.deepEqual(saidAfter([edit, checks(0)], look, look, look), [4]);
  });

  it("does not come without an edit, without a check after it, or while one fails", () => {
    assert.deepEqual(saidAfter(checks(0), look, look, look, look), []);
    assert.deepEqual(saidAfter(checks(0), edit, look, look, look, look), []);
    assert.deepEqual(saidAfter([checks(0), edit], look, look, look, look), []);
    assert.deepEqual(saidAfter(edit, checks(0), look, checks(1), look), []);
  });

  it("says nothing of work that was done before the user's last message", () => {
    const turns = turnRecords(edit, checks(0), look, look);
    assert.notEqual(finishNudge(turns, 1), null);
    assert.equal(finishNudge(turns, 3), null);
  });

  it("starts anew with each edit, but not with a scratch file", () => {
    assert.deepEqual(saidAfter(edit, checks(0), look, edit, look, look, look), []);
    assert.deepEqual(saidAfter(edit, checks(0), look, edits("tmp/try.ts", null, "t1")), [4]);
  });
});
