import assert from "node:assert/strict";
import type { SearchFound } from "../../src/tools/ports";
import { searchTextTool } from "../../src/tools/searchText";
import { createWorkspace, type Workspace } from "./support";

describe("search_text", () => {
  let workspace: Workspace;
  const search = async (args: object) => (await workspace.call("search_text", args)).text;
  beforeEach(async () => {
    workspace = await createWorkspace();
    workspace.write("src/a.ts", "export function total() {}\nconst x = total();\n");
    workspace.write("src/b.js", "TOTAL\r\nno\r\n");
    workspace.write("notes.md", "total of Größe 漢字\n");
  });
  afterEach(() => workspace.dispose());

  it("answers path, line and text, sorted", async () => {
    assert.equal(
      await search({ pattern: "total" }),
      "notes.md:1: total of Größe 漢字\nsrc/a.ts:1: export function total() {}\nsrc/a.ts:2: const x = total();",
    );
    assert.equal(await search({ pattern: "nowhere" }), "no match");
  });

  it("narrows by folder, file and glob, and ignores case when asked", async () => {
    assert.equal(await search({ pattern: "^total$", ignoreCase: true }), "src/b.js:1: TOTAL");
    assert.equal(await search({ pattern: "total", glob: "*.md" }), "notes.md:1: total of Größe 漢字");
    assert.equal(
      await search({ pattern: "const|TOTAL", glob: "*.{js,ts}", path: "src" }),
      "src/a.ts:2: const x = total();\nsrc/b.js:1: TOTAL",
    );
    assert.equal(await search({ pattern: "total", path: "notes.md" }), "notes.md:1: total of Größe 漢字");
    assert.equal(await search({ pattern: "total", glob: "!*.ts" }), "notes.md:1: total of Größe 漢字");
  });

  it("takes what is no regular expression as plain text, and says so", async () => {
    assert.equal(
      await search({ pattern: "total(" }),
      "src/a.ts:1: export function total() {}\nsrc/a.ts:2: const x = total();\n[not a valid regular expression: searched as plain text]",
    );
  });

  it("shows the first hundred lines and tells how many there are", async () => {
    workspace.write("many.txt", "needle\n".repeat(250));
    const lines = (await search({ pattern: "needle" })).split("\n");
    assert.equal(lines.length, 101);
    assert.equal(lines.at(-1), "[100 of 250 matching lines; narrow by path, glob or pattern]");
  });

  it("cuts long lines around the match", async () => {
    workspace.write("long.txt", `${"a".repeat(600)}needle${"b".repeat(300)}\n`);
    const text = await search({ pattern: "needle" });
    assert.match(text, /^long\.txt:1: …a{100}needleb{194}…$/);
  });

  it("searches nothing outside the workspace", async () => {
    assert.match(await search({ pattern: "root", path: "/etc" }), /outside the workspace/);
    assert.match(await search({ pattern: "x", path: "none" }), /There is no none/);
  });

  it("does not call it no match when the time was up, and names what was given up", async () => {
    const found = { kind: "found", hits: [], total: 0, end: "timeLimit", asPlainText: false, skipped: 0, slow: [] } as const;
    const answer = async (some: Partial<SearchFound>) => {
      const prepared = await searchTextTool({ search: async () => ({ ...found, ...some }) }).prepare({ pattern: "x" });
      assert.ok("run" in prepared);
      return (await prepared.run({ turn: 1, callId: "c", signal: new AbortController().signal, timeLeftMs: null, onOutput() {} }))
        .text;
    };
    const hits = [{ path: "a", line: 1, text: "x" }];
    assert.equal(await answer({}), "nothing found before the time limit; narrow the path");
    assert.equal(await answer({ hits, total: 1 }), "a:1: x\n[stopped at the time limit; narrow the path]");
    assert.equal(
      await answer({ hits, total: 2, end: "enough" }),
      "a:1: x\n[1 of 2 or more matching lines; narrow by path, glob or pattern]",
    );
    assert.equal(
      await answer({ end: "whole", slow: ["a", "b"] }),
      "no match\n[the pattern takes too long on a, b: not searched to the end]",
    );
  });
});
