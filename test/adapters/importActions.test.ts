import assert from "node:assert/strict";
import { actionOfCommand, actionOfTool } from "../../src/adapters/importActions";

describe("what a shell command is for", () => {
  const cases: { readonly [command: string]: string } = {
    "npm test": "check",
    "cd /work && npm run test -- --grep x": "check",
    "FOO=1 python -m pytest -q tests/test_x.py 2>&1 | tail -5": "check",
    "timeout 60 cargo test": "check",
    "npx tsc --noEmit": "check",
    "uv run pytest": "check",
    "sed -n '1,80p' src/x.py": "read",
    "sed -i 's/a/b/' src/x.py": "edit",
    "cat src/x.py": "read",
    "cat > src/x.py <<'EOF'\nimport pytest\npytest.main()\nEOF": "edit",
    "python - <<'EOF'\nopen('x').write('cat')\nEOF": "command",
    "echo hi > /dev/null": "command",
    "echo x >> notes.txt": "edit",
    "rg -n total src | head": "search",
    "find . -name '*.ts'": "search",
    "git diff HEAD~1": "read",
    "git commit -am x": "command",
    "git apply fix.patch": "edit",
    "/usr/bin/grep -rn foo .": "search",
    "apply_patch <<'EOF'\n*** Begin Patch\nEOF": "edit",
    "cd /work": "command",
    "npm install left-pad": "command",
  };
  for (const [command, action] of Object.entries(cases)) {
    it(`${JSON.stringify(command)}: ${action}`, () => assert.equal(actionOfCommand(command), action));
  }
});

describe("what a tool is for", () => {
  const cases: readonly (readonly [name: string, input: unknown, action: string])[] = [
    ["Bash", { command: "make check" }, "check"],
    ["shell", { command: ["bash", "-lc", "cat x"] }, "read"],
    ["shell", { command: ["ls", "-la"] }, "search"],
    ["exec_command", { cmd: "pytest" }, "check"],
    ["Read", {}, "read"],
    ["MultiEdit", {}, "edit"],
    ["Write", {}, "edit"],
    ["Grep", {}, "search"],
    ["TodoWrite", {}, "plan"],
    ["update_plan", {}, "plan"],
    ["Task", { prompt: "x" }, "other"],
    ["task_tracker", { command: "plan" }, "plan"],
    ["str_replace_editor", { command: "view" }, "read"],
    ["file_editor", { command: "create" }, "edit"],
    ["apply_patch", { input: "*** Begin Patch" }, "edit"],
    ["write_stdin", { chars: "y" }, "command"],
    ["mcp__github__get_issue", {}, "other"],
    ["finish", {}, "finish"],
  ];
  for (const [name, input, action] of cases) {
    it(`${name} ${JSON.stringify(input)}: ${action}`, () => assert.equal(actionOfTool(name, input), action));
  }
});
