import assert from "node:assert/strict";
import { actionOfWord } from "../../src/core/recordedAction";

describe("the action a tool's name stands for", () => {
  const words: { readonly [action: string]: readonly string[] } = {
    read: ["read", "open", "goto", "scroll_down", "read-file-range", "read-test-file", "Read", "view_file", "cat"],
    search: ["search", "find_file", "search_dir", "ls", "list-directory", "view-directory", "Grep", "search-keyword(failed)"],
    edit: ["edit", "write", "edit-source", "apply-patch", "Write", "insert-source", "MultiEdit", "create"],
    check: ["test", "run-test-suite", "pytest", "./mvnw", "/usr/bin/javac", "compile-build", "run-repro-script", "syntax-check"],
    command: ["bash", "run", "git-status-log", "check-version", "python", "python3", "bash-command(failed)", "exec_command"],
    plan: ["todo_write", "sequentialthinking", "TodoWrite", "update_plan"],
    finish: ["submit", "task_done", "exit_cost", "finish"],
    none: ["", "none", "DISCUSSION"],
    other: ["create-test-script", "edit-test-or-repro", "'%(value)s'", "pyreverse"],
  };
  for (const [action, names] of Object.entries(words)) {
    it(`is ${action} for ${names.join(", ")}`, () => {
      for (const name of names) assert.equal(actionOfWord(name, 10), action, name);
    });
  }

  it("is told by the length of the answer for an editor that shows and changes", () => {
    assert.equal(actionOfWord("str_replace_based_edit_tool", 80), "read");
    assert.equal(actionOfWord("str_replace_based_edit_tool", 900), "edit");
    assert.equal(actionOfWord("str_replace_based_edit_tool", null), "other");
    assert.equal(actionOfWord("bash+str_replace_based_edit_t", 900), "edit");
  });
});
