import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createWorkspaceFiles } from "../../src/adapters/files";
import { createGuard } from "../../src/adapters/filesGuard";
import type { WorkspaceFiles } from "../../src/tools/ports";
import { createWorkspace, type Workspace } from "../tools/support";

const NEVER = new AbortController().signal;

describe("workspace files", () => {
  let workspace: Workspace;
  let files: WorkspaceFiles;
  const scanned = async (name: string) => {
    const pieces: string[] = [];
    const { kind } = await files.scan(name, (piece) => pieces.push(piece) > 0, NEVER);
    return { kind, text: pieces.join("") };
  };
  beforeEach(async () => {
    workspace = await createWorkspace();
    files = createWorkspaceFiles(await createGuard(workspace.root));
  });
  afterEach(() => workspace.dispose());

  it("are read in the very text in which they are edited, also where they turn out late not to be UTF-8", async () => {
    const late = Buffer.concat([Buffer.from("größe\n".repeat(60_000)), Buffer.from([0xff]), Buffer.from("\nend\n")]);
    for (const content of [late, Buffer.from("größe\n".repeat(60_000)), Buffer.from("größe", "latin1"), Buffer.alloc(0)]) {
      workspace.write("a.txt", content);
      const loaded = await files.load("a.txt");
      assert.equal(loaded.kind, "text");
      assert.equal((await scanned("a.txt")).text, loaded.text);
    }
  });

  it("are listed nearest first when there are too many, and in order", async () => {
    mkdirSync(path.join(workspace.root, "a/deep"), { recursive: true });
    for (let i = 0; i < 20_001; i += 1) writeFileSync(path.join(workspace.root, "a/deep", `f${i}`), "");
    for (const name of ["a-b/x", "b/y", "c.txt"]) workspace.write(name, "");
    const listing = await files.list(".", 9, NEVER);
    assert.equal(listing.kind, "listing");
    assert.equal(listing.more, true);
    const { entries } = listing;
    assert.equal(entries.length, 20_000);
    assert.deepEqual(
      [...entries.slice(0, 3), ...entries.slice(-5)],
      ["a/", "a/deep/", "a/deep/f0", "a-b/", "a-b/x", "b/", "b/y", "c.txt"],
    );
  });
});
