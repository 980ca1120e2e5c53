import assert from "node:assert/strict";
import { workDiff } from "../../src/adapters/workDiff";
import type { FileChange } from "../../src/core/agentEvent";
import type { RunState } from "../../src/core/runState";
import { callRecord, turnRecords } from "../support/turns";

const texts = new Map([
  ["a0", "one\ntwo\nthree\n"],
  ["a1", "one\n2\nthree\n"],
  ["a2", "one\n2\n3\n"],
  ["n1", "new\n"],
  ["huge", `${"x".repeat(79)}\n`.repeat(400)],
]);
const load = async (key: string) => texts.get(key) ?? null;

function diff(...changes: (Partial<FileChange> & { readonly path: string })[]): Promise<string> {
  const whole = changes.map((change) => ({ added: 1, removed: 1, before: null, after: null, ...change }));
  const turns = turnRecords(...whole.map((change) => callRecord({ changes: [change] })));
  return workDiff({ turns } as unknown as RunState, load);
}

describe("the diff of a run's work", () => {
  it("goes from the first text of each file to its last", async () => {
    const text = await diff({ path: "a.txt", before: "a0", after: "a1" }, { path: "a.txt", before: "a1", after: "a2" });
    assert.match(text, /^--- a\/a\.txt/m);
    assert.match(text, / one\n-two\n-three\n\+2\n\+3\n/);
  });

  it("shows new files and those taken away, and leaves out what is as it was", async () => {
    assert.match(await diff({ path: "n.txt", after: "n1", removed: 0 }), /^\+new$/m);
    assert.match(await diff({ path: "n.txt", before: "n1", added: 0 }), /^-new$/m);
    assert.equal(await diff({ path: "a.txt", before: "a0", after: "a1" }, { path: "a.txt", before: "a1", after: "a0" }), "");
  });

  it("names what it cannot show: texts that were not kept, and those there is no room for", async () => {
    assert.equal(await diff({ path: "b.bin", added: 3, removed: 2 }), "b.bin: changed, +3 -2 (not shown)");
    assert.equal(await diff({ path: "gone.txt", before: "lost", after: "a1" }), "gone.txt: changed, +1 -1 (not shown)");
    const text = await diff({ path: "h.txt", after: "huge", added: 400, removed: 0 }, { path: "n.txt", after: "n1", removed: 0 });
    assert.match(text, /^h\.txt: changed, \+400 -0 \(not shown\)\n/);
    assert.match(text, /^\+new$/m);
  });
});
