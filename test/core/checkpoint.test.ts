import assert from "node:assert/strict";
import { bestCheckpoint } from "../../src/core/checkpoint";
import type { RunState } from "../../src/core/runState";
import { checks, edits, turnRecords } from "../support/turns";

const best = (...calls: Parameters<typeof turnRecords>) =>
  bestCheckpoint({ turns: turnRecords(...calls) } as unknown as RunState);
const text = (key: string) => ({ kind: "text", key }) as const;

describe("the best checkpoint", () => {
  it("is the newest state with the fewest failures, if the last is worse, with what each file held then", () => {
    const found = best(
      [edits("a.ts", "a0", "a1"), checks(3)],
      [edits("a.ts", "a1", "a2"), checks(1)],
      [edits("a.ts", "a2", "a3"), edits("new.ts", null, "n1"), checks(4)],
    );
    assert.deepEqual(found, {
      ...{ turn: 2, command: "npm test", failures: 1, failuresNow: 4 },
      files: [
        { path: "a.ts", holds: text("a3"), held: text("a2") },
        { path: "new.ts", holds: text("n1"), held: { kind: "absent" } },
      ],
    });
  });

  it("is the state that was checked, without what the same turn changed after that", () => {
    const found = best([edits("a.ts", "a0", "a1"), checks(0), edits("a.ts", "a1", "a2")], checks(2));
    assert.deepEqual(found, {
      ...{ turn: 1, command: "npm test", failures: 0, failuresNow: 2 },
      files: [{ path: "a.ts", holds: text("a2"), held: text("a1") }],
    });
  });

  it("is none where the last state is as good as any, or holds the same files", () => {
    assert.equal(best([edits("a.ts", "a0", "a1"), checks(3)], [edits("a.ts", "a1", "a2"), checks(3)]), null);
    assert.equal(best([edits("a.ts", "a0", "a1"), checks(0)], checks(2)), null);
    assert.equal(best(edits("a.ts", "a0", "a1")), null);
    assert.equal(best([edits("a.ts", "a0", "a1"), checks(1)], edits("a.ts", "a1", "a2")), null);
  });

  it("compares the same command only", () => {
    assert.equal(best([edits("a.ts", "a0", "a1"), checks(0, "npm test one")], [edits("a.ts", "a1", "a2"), checks(5)]), null);
  });

  it("says of a text that was not kept that it cannot be set back", () => {
    const large = { ...edits("a.ts", "a1", null) };
    const changes = [{ path: "a.ts", added: 5, removed: 5, before: null, after: null }];
    const found = best([edits("a.ts", "a0", "a1"), checks(0)], [{ ...large, changes }, checks(2)]);
    assert.deepEqual(found?.files, [{ path: "a.ts", holds: null, held: null }]);
  });

  it("takes no file for a new one because its text was too large to keep when lines were added", () => {
    const grown = { path: "a.ts", added: 5, removed: 0, before: null, after: null, unkept: true } as const;
    const shrunk = { path: "a.ts", added: 0, removed: 900, before: null, after: "a2", unkept: true } as const;
    const edit = edits("a.ts", "a1", "a2");
    const found = best(
      [edits("b.ts", "b0", "b1"), checks(0)],
      [{ ...edit, changes: [grown] }, { ...edit, changes: [shrunk] }, checks(2)],
    );
    assert.deepEqual(found?.files, [{ path: "a.ts", holds: text("a2"), held: null }]);
  });
});
