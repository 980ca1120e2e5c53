import assert from "node:assert/strict";
import { createWorkspace, type Workspace } from "./support";

describe("changes by commands", () => {
  let workspace: Workspace;
  const run = async (command: string) => (await workspace.call("run_command", { command })).changes ?? [];
  const brief = async (command: string) =>
    (await run(command)).map(({ path, added, removed }) => `${path} +${added} -${removed}`);
  const finish = async () => (await workspace.call("finish", { summary: "s" })).ok;
  beforeEach(async () => {
    workspace = await createWorkspace({ asksForChange: true });
    workspace.write("a.txt", "one\ntwo\nthree\n");
    workspace.write("sub/b.txt", "b\n");
    workspace.write(".gitignore", "ignored/\n");
  });
  afterEach(() => workspace.dispose());

  for (const kind of ["in a git repository", "without git"]) {
    describe(kind, () => {
      beforeEach(() => {
        if (kind === "without git") return;
        workspace.git("init", "-q");
        workspace.git("add", "-A");
        workspace.git("commit", "-qm", "start");
      });

      it("are reported with their lines and both texts", async () => {
        const changes = await run("sed -i s/two/2/ a.txt; rm sub/b.txt; printf 'x\\ny\\n' > 'new file.txt'");
        const sorted = [...changes].sort((a, b) => (a.path < b.path ? -1 : 1));
        assert.deepEqual(
          sorted.map(({ path, added, removed }) => [path, added, removed]),
          [
            ["a.txt", 1, 1],
            ["new file.txt", 2, 0],
            ["sub/b.txt", 0, 1],
          ],
        );
        const texts = sorted.map(({ before, after }) =>
          [before, after].map((key) => (key === null ? null : workspace.saved.get(key))),
        );
        assert.deepEqual(texts, [
          ["one\ntwo\nthree\n", "one\n2\nthree\n"],
          [null, "x\ny\n"],
          ["b\n", null],
        ]);
        assert.equal(await finish(), true);
      });

      it("are told from what tools changed before, and from the last command's", async () => {
        assert.deepEqual(await brief("touch marker"), ["marker +0 -0"]);
        await workspace.call("edit_file", { path: "a.txt", edits: [{ old: "one", new: "1" }] });
        assert.deepEqual(await brief("true; true"), []);
        assert.deepEqual(await brief("echo four >> a.txt"), ["a.txt +1 -0"]);
        assert.deepEqual(await brief("echo five >> a.txt"), ["a.txt +1 -0"]);
      });

      it("do not count when they are ignored, or leave every text as it was", async () => {
        assert.deepEqual(await brief("mkdir -p ignored; echo x > ignored/x; touch a.txt; cp a.txt c; rm c"), []);
        assert.equal(await finish(), false);
      });

      it("do not count once they are undone", async () => {
        await run("sed -i s/two/2/ a.txt");
        await run("sed -i s/2/two/ a.txt");
        assert.equal(await finish(), false);
      });
    });
  }

  it("tell what was changed before the run from what changed in it", async () => {
    workspace.git("init", "-q");
    workspace.git("add", "-A");
    workspace.git("commit", "-qm", "start");
    workspace.write("a.txt", "mine\n");
    assert.deepEqual(await brief("true; true"), []);
    assert.equal(await finish(), false);
    assert.deepEqual(await brief("echo more >> a.txt"), ["a.txt +1 -0"]);
  });

  it("count when they are committed", async () => {
    workspace.git("init", "-q");
    workspace.git("add", "-A");
    workspace.git("commit", "-qm", "start");
    await run("echo x >> a.txt; git -c user.name=T -c user.email=t@t commit -qam change");
    assert.equal(await finish(), true);
  });

  it("are seen in a workspace that is a folder of a repository, and in one without a commit", async () => {
    const inner = await createWorkspace();
    try {
      inner.git("init", "-q", "..");
      inner.write("ä b.txt", "1\n");
      const changed = async (command: string) =>
        (await inner.call("run_command", { command })).changes?.map(
          ({ path, added, removed }) => `${path} +${added} -${removed}`,
        );
      assert.deepEqual(await changed("echo 2 >> 'ä b.txt'; echo x > ../outside/x; echo n > n"), ["n +1 -0", "ä b.txt +1 -0"]);
    } finally {
      await inner.dispose();
    }
  });
});
