import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runCheck } from "../../scripts/eval/check";
import { loadTasks, type Task } from "../../scripts/eval/tasks";
import { changedFiles, copyForCheck, prepareWorkspace } from "../../scripts/eval/workspaces";
import { workspace } from "../support/cli";
import { writeTask } from "./harness";

function makeTask(): Task {
  const dir = workspace({});
  writeTask(dir, "t", {
    files: { "a.txt": "a\n", "src/b.txt": "b\n", ".gitignore": "*.tmp\n" },
    hidden: { "test/check.txt": "hidden\n", "src/b.txt": "as it should be\n" },
    prompt: "Do it.",
  });
  const [task] = loadTasks(dir, null);
  return task ?? assert.fail();
}

describe("workspaces of tries", () => {
  it("are repositories with one commit and without what is hidden", async () => {
    const { folder } = await prepareWorkspace(makeTask(), workspace({}));
    const log = spawnSync("git", ["log", "--format=%s"], { cwd: folder, encoding: "utf8" });
    assert.equal(log.stdout, "Start\n");
    assert.equal(spawnSync("git", ["status", "--porcelain"], { cwd: folder, encoding: "utf8" }).stdout, "");
    assert.equal(existsSync(path.join(folder, "test/check.txt")), false);
  });

  it("tell what was changed, whatever was done to their own repository", async () => {
    const space = await prepareWorkspace(makeTask(), workspace({}));
    assert.deepEqual(await changedFiles(space), []);
    writeFileSync(path.join(space.folder, "junk.tmp"), "x");
    assert.deepEqual(await changedFiles(space), []);
    writeFileSync(path.join(space.folder, "a.txt"), "changed\n");
    const git = (...args: readonly string[]) =>
      spawnSync("git", ["-c", "user.name=x", "-c", "user.email=x@x", ...args], { cwd: space.folder });
    assert.equal(git("commit", "--all", "--message=mine").status, 0);
    assert.deepEqual(await changedFiles(space), ["a.txt"]);
    rmSync(path.join(space.folder, ".git"), { recursive: true });
    rmSync(path.join(space.folder, "src"), { recursive: true });
    writeFileSync(path.join(space.folder, "neu ä.txt"), "");
    assert.deepEqual(await changedFiles(space), ["a.txt", "neu ä.txt", "src/b.txt"]);
    writeFileSync(path.join(space.folder, "a.txt"), "a\n");
    assert.deepEqual(await changedFiles(space), ["neu ä.txt", "src/b.txt"]);
  });

  it("get the hidden files in place of what stands there, never through a link", async () => {
    const task = makeTask();
    const { folder } = await prepareWorkspace(task, workspace({}));
    const elsewhere = workspace({ "check.txt": "mine\n" });
    symlinkSync(elsewhere, path.join(folder, "test"));
    rmSync(path.join(folder, "src/b.txt"));
    mkdirSync(path.join(folder, "src/b.txt"));
    const checked = path.join(workspace({}), "c");
    copyForCheck(folder, checked, task, ["hidden"]);
    const read = (file: string) => readFileSync(path.join(checked, file), "utf8");
    assert.deepEqual([read("test/check.txt"), read("src/b.txt"), read("a.txt")], ["hidden\n", "as it should be\n", "a\n"]);
    assert.equal(readFileSync(path.join(elsewhere, "check.txt"), "utf8"), "mine\n");
    assert.equal(existsSync(path.join(checked, ".git")), false);
  });

  it("can be looked at whatever was left in them, or if they are gone", async () => {
    const task = makeTask();
    const space = await prepareWorkspace(task, workspace({}));
    symlinkSync("/no/such/place", path.join(space.folder, "dangling"));
    assert.equal(spawnSync("mkfifo", [path.join(space.folder, "pipe")]).status, 0);
    assert.deepEqual(await changedFiles(space), ["dangling"]);
    const checked = path.join(workspace({}), "c");
    copyForCheck(space.folder, checked, task, ["hidden"]);
    assert.deepEqual(readdirSync(checked).sort(), [".gitignore", "a.txt", "dangling", "src", "test"]);
    rmSync(space.folder, { recursive: true });
    assert.deepEqual(await changedFiles(space), [".gitignore", "a.txt", "src/b.txt"]);
    copyForCheck(space.folder, path.join(workspace({}), "d"), task, ["hidden"]);
  });
});

describe("a check", () => {
  const check = (command: string, change: Partial<Task> = {}, stopped?: AbortSignal) =>
    runCheck({ ...makeTask(), check: command, ...change }, workspace({}), process.env, stopped);

  it("passes by 0, fails by anything else, and is broken when it did not run", async () => {
    assert.equal((await check("echo fine")).kind, "passed");
    const failed = await check("echo why; echo because >&2; exit 3");
    assert.deepEqual(failed.kind === "failed" && [failed.exitCode, failed.tail], [3, "why\nbecause\n"]);
    const missing = await check("no-such-program-anywhere");
    assert.match(missing.kind === "broken" ? missing.why : "", /cannot run \(exit code 127\)/);
  });

  it("fails when it takes too long, with all that it started ended", async () => {
    const alive = path.join(workspace({}), "alive");
    const slow = await check(`(while :; do date > '${alive}'; sleep 0.1; done) & sleep 60`, { timeoutSeconds: 1 });
    assert.deepEqual(slow.kind === "failed" && slow.exitCode, null);
    rmSync(alive, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(existsSync(alive), false);
  });

  it("does not wait for what it left running", async () => {
    const left = await check("sleep 30 & echo started");
    assert.deepEqual(left.kind === "passed" && left.tail, "started\n");
    assert.ok(left.kind === "passed" && left.seconds < 10);
  });

  it("says nothing of the agent when it is interrupted", async () => {
    const stopped = AbortSignal.timeout(100);
    assert.equal((await check("sleep 30", {}, stopped)).kind, "broken");
  });
});
