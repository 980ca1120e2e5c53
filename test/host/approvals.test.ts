import assert from "node:assert/strict";
import { Approvals, type Pending } from "../../src/host/approvals";

const request = { callId: "c1", tool: "run_command", access: "command", subject: "npm test" } as const;
const never = () => new AbortController().signal;

describe("Approvals", () => {
  it("hands the user's answer to the run that waits for it", async () => {
    const approvals = new Approvals();
    const answer = approvals.approve(request, never());
    assert.deepEqual(approvals.pending, { kind: "approval", request });
    assert.equal(approvals.answerApproval("c1", true), true);
    assert.deepEqual(await answer, { allowed: true });
    assert.equal(approvals.pending, null);
  });

  it("takes no answer meant for another question", async () => {
    const approvals = new Approvals();
    const answer = approvals.approve(request, never());
    assert.equal(approvals.answerApproval("c0", true), false);
    assert.equal(approvals.answerExtension("extend"), false);
    approvals.answerApproval("c1", false);
    assert.deepEqual(await answer, { allowed: false });
    assert.equal(approvals.answerApproval("c1", true), false);
  });

  it("closes a question when its run is stopped, and lets go of the signal", async () => {
    const approvals = new Approvals();
    const stop = new AbortController();
    const seen: (Pending | null)[] = [];
    approvals.onChange((pending) => seen.push(pending));
    const answer = approvals.approve(request, stop.signal);
    stop.abort();
    assert.equal((await answer).allowed, false);
    assert.deepEqual(seen, [{ kind: "approval", request }, null]);
  });

  it("asks nothing of a run that is stopped already", async () => {
    const approvals = new Approvals();
    assert.equal((await approvals.approve(request, AbortSignal.abort())).allowed, false);
    assert.deepEqual(await approvals.extend({ limit: 4, chunk: 2 }, AbortSignal.abort()), { kind: "stop" });
    assert.equal(approvals.pending, null);
  });

  it("asks about an extension, and answers for the user when the window goes", async () => {
    const approvals = new Approvals();
    const first = approvals.extend({ limit: 4, chunk: 2 }, never());
    assert.deepEqual(approvals.pending, { kind: "extension", limit: 4, chunk: 2 });
    approvals.answerExtension("land");
    assert.deepEqual(await first, { kind: "land" });
    const second = approvals.extend({ limit: 6, chunk: 2 }, never());
    approvals.dispose();
    assert.deepEqual(await second, { kind: "stop" });
  });
});
