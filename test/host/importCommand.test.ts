import "./stub/install";

import assert from "node:assert/strict";
import { COMMANDS } from "../../src/host/manifest";
import { closeWindow, openEditor, settled, type TestWindow } from "./stub/testWindow";

const CLAUDE = { agent: "claude-code", path: "/home/me/.claude/projects", files: 12, bytes: 3_400_000 } as const;
const CODEX = { agent: "codex", path: "/home/me/.codex/sessions", files: 0, bytes: 0 } as const;

describe("the command that imports history", () => {
  let window: TestWindow;

  beforeEach(async () => {
    window = await openEditor();
    window.engine.histories = [CLAUDE, CODEX];
  });
  afterEach(() => closeWindow(window));

  const perform = async () => {
    await window.editor.commands.get(COMMANDS.importHistory)?.();
    await settled();
  };
  interface Shown {
    readonly label: string;
    readonly description?: string;
    readonly picked?: boolean;
  }
  const offered = () => {
    const [items] = window.editor.asked.find(({ how }) => how === "quickPick")?.args ?? [];
    return items as readonly Shown[];
  };

  it("offers what is found, with how much there is, and a folder or files besides", async () => {
    window.editor.answers.push(undefined);
    await perform();
    assert.deepEqual(
      offered().map(({ label, description, picked }) => [label, description, picked]),
      [
        ["Claude Code", "12 files, 3.40 MB", true],
        ["From a folder…", undefined, undefined],
        ["From files…", undefined, undefined],
      ],
    );
    assert.deepEqual(window.engine.imports, []);
  });

  it("imports what was picked, says what came of it, and opens the history if that is wished", async () => {
    window.editor.answers.push([{ place: CLAUDE }], "Open History");
    await perform();
    assert.deepEqual(
      window.engine.imports.map(({ places }) => places),
      [[CLAUDE]],
    );
    const { how, args } = window.editor.asked.at(-1) ?? assert.fail("nothing was said");
    assert.deepEqual([how, args[0]], ["information", "2 runs added, 0 replaced, 1 unchanged, of 3 files."]);
    assert.ok(window.editor.executed.some(({ command }) => command === COMMANDS.openHistory));
  });

  it("asks for a folder or files, whose agent is told by their look", async () => {
    const uris = [{ fsPath: "/data/runs" }];
    window.editor.answers.push([{ more: "folder" }], uris, undefined);
    await perform();
    assert.deepEqual(window.engine.imports[0]?.places, [{ agent: null, path: "/data/runs" }]);
    const [options] = window.editor.asked.find(({ how }) => how === "openDialog")?.args ?? [];
    const { canSelectFolders, canSelectFiles } = options as {
      readonly canSelectFolders: boolean;
      readonly canSelectFiles: boolean;
    };
    assert.deepEqual([canSelectFolders, canSelectFiles], [true, false]);
  });

  it("does nothing when the dialog is closed", async () => {
    window.editor.answers.push([{ more: "files" }], undefined);
    await perform();
    assert.deepEqual(window.engine.imports, []);
  });

  it("shows progress in whole hundredths and stops at the user's word", async () => {
    window.engine.onImport = ({ onProgress }) => {
      const part = { files: 0, filesInAll: 2, bytesInAll: 1_000, runs: 0 };
      for (const bytes of [1, 5, 500, 504]) onProgress?.({ ...part, bytes });
      window.editor.cancelled.fire();
    };
    window.editor.answers.push([{ place: CLAUDE }], undefined);
    await perform();
    assert.deepEqual(window.editor.progress, [{ message: "0 of 2 files, 500 B of 1.00 kB", increment: 50 }]);
    assert.match(String(window.editor.asked.at(-1)?.args[0]), /^Stopped: 2 runs added/);
  });

  it("shows what was imported before it failed", async () => {
    await window.editor.commands.get(COMMANDS.openHistory)?.();
    window.editor.panels.at(-1)?.webview.say({ kind: "ready" });
    await settled();
    const { listed } = window.engine.store;
    window.engine.onImport = () => {
      throw new Error("the disk is full");
    };
    window.editor.answers.push([{ place: CLAUDE }], undefined);
    await perform();
    for (let tries = 0; tries < 20 && window.engine.store.listed === listed; tries += 1) await settled();
    assert.ok(window.engine.store.listed > listed);
    assert.match(String(window.editor.asked.at(-1)?.args[0]), /the disk is full/);
  });

  it("puts what could not be used into the log", async () => {
    window.engine.importTroubles = { unknownKinds: { odd: 2 }, broken: [{ path: "/x.traj", why: "it is not JSON" }] };
    window.editor.answers.push([{ place: CLAUDE }], "Show Log");
    await perform();
    assert.equal(window.editor.asked.at(-1)?.how, "warning");
    assert.deepEqual(
      window.editor.logged.filter((line) => line.includes("import:")),
      ["[warn] import: 2 lines of unknown kinds passed over: odd 2", "[warn] import: /x.traj was not read: it is not JSON"],
    );
    assert.ok(window.editor.executed.some(({ command }) => command === COMMANDS.showLog));
  });
});
