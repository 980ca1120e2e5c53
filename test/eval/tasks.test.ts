import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { agentEnv } from "../../scripts/eval/environment";
import { lacks, loadTasks } from "../../scripts/eval/tasks";
import { NODE, workspace } from "../support/cli";
import { writeTask } from "./harness";

const plain = { files: { "a.txt": "a\n" }, hidden: { "check.mjs": "" }, prompt: "Do it." };

function folderWith(...names: readonly string[]): string {
  const dir = workspace({});
  for (const name of names) writeTask(dir, name, plain);
  return dir;
}

describe("tasks on disk", () => {
  it("are read by name, all or those that are asked for", () => {
    const dir = folderWith("b", "a");
    mkdirSync(path.join(dir, "not-a-task"));
    const names = (only: readonly string[] | null) => loadTasks(dir, only).map((task) => task.name);
    assert.deepEqual(names(null), ["a", "b"]);
    assert.deepEqual(names(["b"]), ["b"]);
    assert.throws(() => names(["c"]), /no task "c"; there are a, b/);
  });

  it("have a digest that follows what the agent is given and what is checked, and not the solution", () => {
    const dir = folderWith("a");
    const digest = () => loadTasks(dir, null)[0]?.digest;
    const before = digest();
    mkdirSync(path.join(dir, "a/solution"));
    writeFileSync(path.join(dir, "a/solution/a.txt"), "b\n");
    assert.equal(digest(), before);
    const seen = [before];
    for (const [file, text] of [
      ["prompt.md", "Do it well."],
      ["files/a.txt", "c\n"],
      ["hidden/check.mjs", "1;"],
    ] as const) {
      writeFileSync(path.join(dir, "a", file), text);
      seen.push(digest());
    }
    assert.equal(new Set(seen).size, 4);
  });

  it("are refused with the file and what is wrong with it", () => {
    const json = (change: object) =>
      JSON.stringify({ name: "a", language: "x", needs: [], check: "true", timeoutSeconds: 5, ...change });
    for (const [file, text, message] of [
      ["task.json", "{", /a\/task\.json: /],
      ["task.json", json({ name: "b" }), /its name is "b", but its folder is not/],
      ["task.json", json({ timeoutSeconds: "5" }), /task\.json: timeoutSeconds: /],
      ["task.json", json({ needs: ["node >= 22"] }), /needs\.0: is a program, or program>=version/],
      ["task.json", json({ chek: "x" }), /task\.json: chek: /],
      ["prompt.md", " \n", /prompt\.md is missing or empty/],
    ] as const) {
      const dir = folderWith("a");
      writeFileSync(path.join(dir, "a", file), text);
      assert.throws(() => loadTasks(dir, null), message);
    }
    const dir = folderWith("a");
    rmSync(path.join(dir, "a/hidden"), { recursive: true });
    assert.throws(() => loadTasks(dir, null), /the folder hidden\/ is missing/);
    assert.throws(() => loadTasks(workspace({}), null), /no folder in .* holds a task\.json/);
    assert.throws(() => loadTasks("/no/such/place", null), /no folder \/no\/such\/place/);
  });

  it("say which of their programs this machine lacks, by version too", () => {
    const [task] = loadTasks(folderWith("a"), null);
    assert.ok(task);
    const lacking = (...needs: readonly string[]) => lacks({ ...task, needs }, agentEnv(process.env, NODE));
    assert.deepEqual(lacking("node", "node>=1", "git>=1.2", "sh"), []);
    assert.deepEqual(lacking("no-such-program-anywhere"), ["no-such-program-anywhere is not there"]);
    assert.deepEqual(lacking(`node>=${process.versions.node}`), []);
    assert.match(lacking("node>=999.1").join(), /^node is \d+\.\d+\.\d+, 999\.1 is needed$/);
  });
});
