import assert from "node:assert/strict";
import { createWorkspace, type Workspace } from "./support";

describe("update_plan and ask_for_turns", () => {
  let workspace: Workspace;
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  const plan = (items: unknown) => workspace.call("update_plan", { items });

  it("keep the whole plan as it was sent last, in few words", async () => {
    const result = await plan([{ text: "  look  ", done: true }, { text: "mend" }]);
    assert.deepEqual(result, {
      ...{ ok: true, text: "1 of 2 done" },
      plan: [
        { text: "look", done: true },
        { text: "mend", done: false },
      ],
    });
    assert.deepEqual((await plan([])).plan, []);
  });

  it("understand a plan of plain texts, and one sent as JSON text", async () => {
    const expected = [{ text: "look", done: false }];
    assert.deepEqual((await plan(["look"])).plan, expected);
    assert.deepEqual((await plan('[{"text":"look","done":"false"}]')).plan, expected);
  });

  it("turn away a plan that is none, is too long, or has an item without words", async () => {
    for (const [items, complaint] of [
      [undefined, /`items` is missing/],
      ["look first", /`items` must be a list/],
      [[{ text: " " }], /`items\.0\.text` must not be empty/],
      [Array.from({ length: 13 }, () => "x"), /at most 12 items/],
    ] as const) {
      const result = await workspace.call("update_plan", items === undefined ? {} : { items });
      assert.equal(result.ok, false);
      assert.match(result.text, complaint);
    }
  });

  it("put a wish for turns before the user as it was said, and promise nothing", async () => {
    const result = await workspace.call("ask_for_turns", { turns: 9, reason: "two files are left" });
    assert.deepEqual(result.wish, { turns: 9, reason: "two files are left" });
    assert.match(result.text, /shows when it is reached/);
    assert.equal((await workspace.call("ask_for_turns", { turns: 9 })).ok, false);
    assert.equal((await workspace.call("ask_for_turns", { reason: "more", turns: 5_000 })).wish?.turns, 1_000);
  });
});
