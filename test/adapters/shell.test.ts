import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { createShell } from "../../src/adapters/shell";
import { cmdArguments, startedWithin } from "../../src/adapters/shellWindows";

declare const __TEST_ROOT__: string;

describe("shell", () => {
  const options = () => ({ timeoutMs: 10_000, signal: new AbortController().signal, onOutput: () => {} });
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-shell-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const pidIn = (name: string) => Number(readFileSync(path.join(folder, name), "utf8"));
  /** Dead processes stay listed until their parent, or init, has buried them. */
  const isGone = async (pid: number) => {
    for (let i = 0; i < 100 && isAlive(pid); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    return !isAlive(pid);
  };

  it("answers with a value when a command cannot even be started", async () => {
    const nowhere = createShell({ cwd: "/no/such/folder", env: process.env });
    const { end, output } = await nowhere.run("echo x", options());
    assert.equal(end.kind, "notStarted");
    assert.equal(output, "");
    const here = createShell({ cwd: os.tmpdir(), env: process.env });
    assert.equal((await here.run("echo a\0b", options())).end.kind, "notStarted");
    assert.equal((await here.run(`: ${"x".repeat(4_000_000)}`, options())).end.kind, "notStarted");
  });

  it("starts nothing once the run is stopped", async () => {
    const shell = createShell({ cwd: os.tmpdir(), env: process.env });
    const result = await shell.run("echo x", { ...options(), signal: AbortSignal.abort() });
    assert.deepEqual(result.end, { kind: "killed", why: "cancelled" });
    assert.equal(result.output, "");
  });

  it("lets a background process write on without breaking it", async () => {
    const shell = createShell({ cwd: os.tmpdir(), env: process.env });
    const marker = `${os.tmpdir()}/turnpike-shell-${process.pid}`;
    const result = await shell.run(
      `(for i in 1 2 3 4; do sleep 0.3; echo line || exit 1; done; echo whole > ${marker}) & echo up`,
      options(),
    );
    assert.equal(result.leftRunning, true);
    for (let i = 0; i < 200 && !existsSync(marker); i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(existsSync(marker));
    rmSync(marker);
    await shell.dispose();
  });

  it("takes the shell it is given", async () => {
    const shell = createShell({ cwd: os.tmpdir(), env: process.env, shellPath: "/bin/sh" });
    assert.equal((await shell.run("echo $0", options())).output, "/bin/sh");
  });

  it("runs many commands at once, each with its own output", async () => {
    const shell = createShell({ cwd: os.tmpdir(), env: process.env });
    const results = await Promise.all([1, 2, 3, 4, 5, 6].map((i) => shell.run(`sleep 0.0${i}; echo ${i}`, options())));
    assert.deepEqual(
      results.map((result) => result.output),
      ["1", "2", "3", "4", "5", "6"],
    );
  });

  it("gives millions of empty lines back at once", async () => {
    const shell = createShell({ cwd: folder, env: process.env });
    const { output, ms } = await shell.run("echo start; head -c 30000000 /dev/zero | tr '\\0' '\\n'", options());
    assert.match(output.slice(0, 10), /^start\n/);
    assert.match(output, /\n\[\d+ characters left out here\]$/);
    assert.ok(ms < 5_000, `${ms} ms`);
  });

  it("keeps beginning and end of an endless line, and of an endless progress bar its last state", async () => {
    const shell = createShell({ cwd: folder, env: process.env });
    const { output } = await shell.run("echo start; head -c 20000000 /dev/zero | tr '\\0' x; echo; echo end", options());
    assert.ok(output.length > 8_000_000, String(output.length));
    assert.ok(output.startsWith("start\nxxx") && output.endsWith("xxx\nend"));
    const bar = await shell.run(
      String.raw`echo start; yes "$(printf '50%%\r')" | tr -d '\n' | head -c 20000000; echo 100%; echo end`,
      options(),
    );
    assert.equal(bar.output, "start\n100%\nend");
  });

  it("tells of a process that has cut all ties, and ends it with the run", async () => {
    if (process.platform !== "linux") return;
    const shell = createShell({ cwd: folder, env: process.env });
    const { leftRunning } = await shell.run("(setsid sleep 300 >/dev/null 2>&1 & echo $! > daemon.pid)", options());
    assert.equal(leftRunning, true);
    assert.equal(isAlive(pidIn("daemon.pid")), true);
    await shell.dispose();
    assert.ok(await isGone(pidIn("daemon.pid")));
  });

  it("watches over the end of this process only while one of a command may live", async () => {
    const before = process.listenerCount("exit");
    const shell = createShell({ cwd: folder, env: process.env });
    await shell.run("sleep 0.4 & echo $! > child.pid", options());
    assert.equal(process.listenerCount("exit"), before + 1);
    assert.ok(await isGone(pidIn("child.pid")));
    await shell.run("true", options());
    assert.equal(process.listenerCount("exit"), before);
  });

  it("leaves nothing running when its process exits in the middle of a command", async () => {
    const script = path.join(folder, "child.cjs");
    const entryPoints = [path.join(__TEST_ROOT__, "test/adapters/shellChild.ts")];
    await build({ entryPoints, outfile: script, bundle: true, platform: "node", format: "cjs", logLevel: "warning" });
    const command =
      "(sleep 300 & echo $! > inner.pid; wait) & setsid sleep 301 & echo $! > stray.pid; sleep 0.2; echo ready; wait";
    const { status } = spawnSync(process.execPath, [script, command], { cwd: folder, stdio: "inherit" });
    assert.equal(status, 7);
    assert.ok(await isGone(pidIn("inner.pid")), "the grandchild lives");
    if (process.platform === "linux") assert.ok(await isGone(pidIn("stray.pid")), "the child with a session of its own lives");
  });
});

describe("commands on Windows", () => {
  it("print in UTF-8", () => {
    assert.deepEqual(cmdArguments('echo "a b"'), ["/d", "/s", "/c", '"chcp 65001>nul&echo "a b""']);
  });

  it("have left those behind that were started while they ran", () => {
    assert.deepEqual(startedWithin("12 1000\r\n13 1500\r\n14 2001\r\n\r\n", 1_000, 2_000), [12, 13]);
    assert.deepEqual(startedWithin("no such thing", 0, 1), []);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
