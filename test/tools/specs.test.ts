import assert from "node:assert/strict";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { createWorkspace, type Workspace } from "./support";

const MAX_TOKENS = 680;

describe("tool specs", () => {
  let workspace: Workspace;
  before(async () => {
    workspace = await createWorkspace();
  });
  after(() => workspace.dispose());

  it(`take at most ${MAX_TOKENS} tokens of each request`, () => {
    const sent = workspace.tools.map((tool) => ({ type: "function", function: tool.spec }));
    const tokens = encode(JSON.stringify(sent)).length;
    assert.ok(tokens <= MAX_TOKENS, `${tokens} tokens`);
  });

  it("come in a fixed order, so that the prefix stays cached", () => {
    assert.deepEqual(
      workspace.tools.map((tool) => tool.spec.name),
      [
        "read_file",
        "edit_file",
        "write_file",
        "list_files",
        "search_text",
        "run_command",
        "read_output",
        "update_plan",
        "ask_for_turns",
        "finish",
      ],
    );
  });

  it("turn away arguments of the wrong shape with words on what to send", async () => {
    const wrong: readonly (readonly [string, unknown, RegExp])[] = [
      ["read_file", {}, /`path` is missing/],
      ["read_file", null, /`arguments` is wrong/],
      ["read_file", { path: "a", from: -2 }, /`from` must be a whole number from 1/],
      ["read_file", { path: "a", start_line: 1 }, /^`start_line` is unknown; known: path, from, to\. Send the call again\.$/],
      ["write_file", { file: "a", content: "x" }, /`path` is missing.*`file` is unknown; known: path, content/],
      ["run_command", { command: "ls", cwd: "src" }, /`cwd` is unknown; known: command, timeoutSeconds/],
      ["run_command", { command: "ls", timeoutSeconds: 0 }, /`timeoutSeconds` must be a whole number from 1/],
      ["edit_file", { path: "a", edits: [{ old: "x", new: "y", line: 3 }] }, /`edits.0.line` is unknown; known: old, new, all/],
      ["read_file", { path: "a", from: 5, to: 3 }, /`to` \(3\) is before `from` \(5\)/],
      ["edit_file", { path: "a", edits: "nonsense" }, /`edits` must be a list/],
      ["edit_file", { path: "a", edits: [{ old: "x" }] }, /`edits.0.new` is missing/],
      ["edit_file", { path: "a", edits: [] }, /`edits` is empty/],
      ["edit_file", { path: "a" }, /`edits` is missing/],
      ["write_file", { path: "", content: "x" }, /`path` must not be empty/],
      ["search_text", { pattern: 5 }, /`pattern` must be a string/],
      ["run_command", { command: "  " }, /`command` must not be empty/],
      ["finish", { infeasible: true }, /`summary` is missing/],
    ];
    for (const [tool, args, words] of wrong) {
      const prepared = await workspace.prepare(tool, args);
      assert.ok("complaint" in prepared, `${tool} took ${JSON.stringify(args)}`);
      assert.match(prepared.complaint, words);
    }
  });

  it("take numbers and flags sent as text, null for what is left out, and a list sent as JSON text", async () => {
    workspace.write("a.txt", "one\ntwo\nthree\n");
    assert.equal((await workspace.call("read_file", { path: "a.txt", from: "2", to: null })).text, "two\nthree");
    assert.equal((await workspace.call("search_text", { pattern: "TWO", ignoreCase: "true" })).text, "a.txt:2: two");
    const edits = JSON.stringify([{ old: "two", new: "2" }]);
    assert.equal((await workspace.call("edit_file", { path: "a.txt", edits })).ok, true);
    assert.equal(workspace.text("a.txt"), "one\n2\nthree\n");
  });
});
