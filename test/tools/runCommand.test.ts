import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endLine, onlyReads } from "../../src/tools/runCommand";
import { createWorkspace, type Workspace } from "./support";

describe("run_command", () => {
  let workspace: Workspace;
  const run = (command: string, more: object = {}) => workspace.call("run_command", { command, ...more });
  const isAlive = (pid: number) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  /** Dead processes stay listed until their parent, or init, has buried them. */
  const isGone = async (pid: number) => {
    for (let i = 0; i < 100 && isAlive(pid); i += 1) await sleep(20);
    return !isAlive(pid);
  };
  const pidIn = async (name: string): Promise<number> => {
    for (let i = 0; i < 100 && !existsSync(path.join(workspace.root, name)); i += 1) await sleep(20);
    await sleep(50);
    return Number(workspace.text(name));
  };
  beforeEach(async () => {
    workspace = await createWorkspace();
  });
  afterEach(() => workspace.dispose());

  it("gives output, exit code and duration, and runs in the workspace", async () => {
    const result = await run("pwd; exit 3");
    assert.match(result.text, new RegExp(`^${workspace.root}\n\\[exit 3 after \\d+(\\.\\d)? s\\]$`));
    assert.equal(result.exitCode, 3);
    assert.equal(result.ok, false);
    assert.match((await run("true")).text, /^\[exit 0 after 0(\.\d)? s\]$/);
  });

  it("tells the model for which shell and system to write", () => {
    const { description } = workspace.tools.find(({ spec }) => spec.name === "run_command")?.spec ?? {};
    assert.match(description ?? "", /^Run a command in (?:bash|sh) on (?:Linux|macOS), from the workspace root/);
  });

  it("keeps standard output and error in the order they came", async () => {
    const result = await run("for i in 1 2 3 4 5; do echo out$i; echo err$i >&2; done");
    const expected = [1, 2, 3, 4, 5].flatMap((i) => [`out${i}`, `err${i}`]).join("\n");
    assert.ok(result.text.startsWith(`${expected}\n[exit 0`), result.text);
  });

  it("ends at the time limit together with its whole process tree", async () => {
    const startedAt = performance.now();
    const result = await run("(sleep 300 & echo $! > grandchild.pid; wait) & (setsid sleep 301 & echo $! > stray.pid); wait", {
      timeoutSeconds: 1,
    });
    assert.match(result.text, /^\[killed after 1(\.\d)? s: time limit\]$/);
    assert.equal(result.exitCode, null);
    assert.ok(performance.now() - startedAt < 4_000);
    assert.ok(await isGone(await pidIn("grandchild.pid")), "the grandchild lives");
    assert.ok(await isGone(await pidIn("stray.pid")), "the child with a session of its own lives");
  });

  it("ends at once when the run is stopped, even if it ignores signals", async () => {
    const stop = new AbortController();
    const running = workspace.call(
      "run_command",
      { command: "trap '' TERM INT; echo $$ > me.pid; while :; do sleep 1; done" },
      { signal: stop.signal },
    );
    const pid = await pidIn("me.pid");
    const startedAt = performance.now();
    stop.abort();
    const result = await running;
    assert.ok(performance.now() - startedAt < 1_000);
    assert.match(result.text, /^\[killed after \d+(\.\d)? s: cancelled\]$/);
    assert.ok(await isGone(pid));
  });

  it("never takes longer than the time left to the run", async () => {
    const startedAt = performance.now();
    const result = await workspace.call("run_command", { command: "sleep 60", timeoutSeconds: 50 }, { timeLeftMs: 300 });
    assert.match(result.text, /time limit/);
    assert.ok(performance.now() - startedAt < 3_000);
    assert.equal(
      (await workspace.call("run_command", { command: "echo x" }, { timeLeftMs: 0 })).text,
      "not started: the run is ending",
    );
  });

  it("does not hang on a background process that keeps the output open, and ends it with the run", async () => {
    const startedAt = performance.now();
    const result = await run("sleep 300 & echo $! > server.pid; echo started");
    assert.ok(performance.now() - startedAt < 2_000);
    assert.match(result.text, /^started\n\[exit 0 after .* s; background processes go on\]$/);
    const pid = await pidIn("server.pid");
    assert.equal(isAlive(pid), true);
    await workspace.dispose();
    assert.ok(await isGone(pid));
  });

  it("has no input to wait for", async () => {
    assert.match((await run("cat; read x; echo done")).text, /^done\n\[exit 0/);
  });

  it("survives a flood of 50 MB, keeping beginning and end and saying how much is gone", async () => {
    const result = await run("echo first; yes | head -c 50000000; echo; echo last");
    assert.ok(result.text.length < 9 * 1024 * 1024);
    assert.match(result.text, /^first\ny\n/);
    assert.match(result.text, /last\n\[exit 0 after/);
    const left = Number(/\n\[(\d+) characters left out here\]\n/.exec(result.text)?.[1]);
    assert.ok(left > 41_000_000 && left < 42_000_000, String(left));
  });

  it("shows output while it comes, in bounded pieces", async () => {
    const shown: string[] = [];
    await workspace.call("run_command", { command: "echo one; sleep 0.3; echo two" }, { onOutput: (text) => shown.push(text) });
    assert.deepEqual(shown, ["one\n", "two\n"]);
    shown.length = 0;
    await workspace.call("run_command", { command: "yes | head -c 20000000" }, { onOutput: (text) => shown.push(text) });
    assert.ok(Math.max(...shown.map((text) => text.length)) <= 16 * 1024);
  });

  it("takes colours and overwritten progress lines out of what the model reads", async () => {
    const result = await run(String.raw`printf '\033[31mred\033[0m \033]0;title\007plain\n10%%\r50%%\r100%%\nwindows\r\n'`);
    assert.match(result.text, /^red plain\n100%\nwindows\n\[exit 0/);
  });

  it("keeps secrets and the editor's own variables from commands", async () => {
    process.env.TEST_PROVIDER_API_KEY = "abc";
    process.env.VSCODE_TEST_THING = "1";
    try {
      const { text } = await run("env");
      assert.doesNotMatch(text, /TEST_PROVIDER_API_KEY|VSCODE_TEST_THING/);
      assert.match(text, /^PATH=/m);
    } finally {
      delete process.env.TEST_PROVIDER_API_KEY;
      delete process.env.VSCODE_TEST_THING;
    }
  });

  it("tells how a test run went", async () => {
    workspace.write("node_modules/.bin/mocha", "#!/bin/sh\necho '  3 passing'; echo '  2 failing'; exit 2\n");
    const result = await run("chmod +x node_modules/.bin/mocha; node_modules/.bin/mocha");
    assert.deepEqual(result.check, {
      command: "chmod +x node_modules/.bin/mocha; node_modules/.bin/mocha",
      passed: false,
      failures: 2,
      passes: 3,
    });
    assert.equal((await run("ls")).check, null);
  });

  it("says what the shell says about a command that does not exist or dies of a signal", async () => {
    assert.match((await run("no-such-program-x")).text, /not found\n\[exit 127/);
    assert.match((await run("kill -SEGV $$")).text, /\[died of SIGSEGV after/);
  });

  it("names the end of a command in one line", () => {
    const line = (end: Parameters<typeof endLine>[0]["end"], ms: number, leftRunning = false) =>
      endLine({ end, ms, leftRunning });
    assert.equal(line({ kind: "exited", exitCode: 1 }, 1_920), "[exit 1 after 1.9 s]");
    assert.equal(line({ kind: "killed", why: "timeLimit" }, 120_004), "[killed after 120 s: time limit]");
    assert.equal(line({ kind: "killed", why: "cancelled" }, 3_000), "[killed after 3 s: cancelled]");
    assert.equal(line({ kind: "notStarted", reason: "spawn ENOENT" }, 1), "[not started: spawn ENOENT]");
  });

  it("looks for changed files only after commands that may change some", () => {
    for (const command of ["ls -la src", "cat a.txt", "git status", "git log --oneline -5", "grep -rn 'x y' src"])
      assert.ok(onlyReads(command), command);
    for (const command of [
      "ls > out",
      "cat a | tee b",
      "git checkout .",
      "npm test",
      "echo $(rm x)",
      "echo `rm x`",
      "ls; rm x",
      "git diff --output=x",
      "lsx",
    ]) {
      assert.ok(!onlyReads(command), command);
    }
  });
});
