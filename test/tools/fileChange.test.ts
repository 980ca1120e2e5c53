import assert from "node:assert/strict";
import { recordChange } from "../../src/tools/fileChange";

describe("the record of a change", () => {
  it("says of a text that was not kept that there was one, and tells it from no file", async () => {
    const keep = async (text: string) => (text.length > 5 ? null : `key of ${text}`);
    const grown = await recordChange("a.txt", "1\n2\n3\n", "1\n2\n3\n4\n", keep);
    assert.deepEqual(grown, { path: "a.txt", added: 1, removed: 0, before: null, after: null, unkept: true });
    const made = await recordChange("a.txt", null, "1\n", keep);
    assert.deepEqual(made, { path: "a.txt", added: 1, removed: 0, before: null, after: "key of 1\n" });
    const lost = await recordChange("a.txt", "1\n", null, () => Promise.reject(new Error("the store is gone")));
    assert.deepEqual(lost, { path: "a.txt", added: 0, removed: 1, before: null, after: null, unkept: true });
  });
});
