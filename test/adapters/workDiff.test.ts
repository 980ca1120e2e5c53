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

  it("shows a new file whose first lines were taken out again, and an old one that grew before it went", async () => {
    const made = await diff({ path: "n.txt", after: "a0", removed: 0 }, { path: "n.txt", before: "a0", after: "a1" });
    assert.match(made, /^\+2$/m);
    const gone = await diff({ path: "a.txt", before: "a0", after: "a1" }, { path: "a.txt", before: "a1", added: 0 });
    assert.match(gone, /^-two$/m);
  });

  it("takes no text that was not kept for a file that was not there", async () => {
    const text = await diff({ path: "big.txt", after: "a1", removed: 0, unkept: true });
    assert.equal(text, "big.txt: changed, +1 -0 (not shown)");
  });

  it("names what it cannot show: texts that were not kept, and those there is no room for", async () => {
    assert.equal(await diff({ path: "b.bin", added: 3, removed: 2 }), "b.bin: changed, +3 -2 (not shown)");
    assert.equal(await diff({ path: "gone.txt", before: "lost", after: "a1" }), "gone.txt: changed, +1 -1 (not shown)");
    const text = await diff({ path: "h.txt", after: "huge", added: 400, removed: 0 }, { path: "n.txt", after: "n1", removed: 0 });
    assert.match(text, /^h\.txt: changed, \+400 -0 \(not shown\)\n/);
    assert.match(text, /^\+new$/m);
  });
});
