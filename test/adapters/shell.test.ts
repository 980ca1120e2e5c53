import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import os from "node:os";
import { createShell } from "../../src/adapters/shell";

describe("shell", () => {
  const options = () => ({ timeoutMs: 10_000, signal: new AbortController().signal, onOutput: () => {} });

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
});
