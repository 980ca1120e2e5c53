import "./stub/install";

import assert from "node:assert/strict";
import { DiffPreview } from "../../src/host/diffPreview";
import { DIFF_SCHEME } from "../../src/host/manifest";
import { editor, newEditor } from "./stub/install";
import { TabInputTextDiff } from "./stub/things";
import { Uri } from "./stub/uri";

const stored = new Map([["k1", "old\n"]]);
const store = async () => ({ loadText: async (key: string) => stored.get(key) ?? null });

function shown(): readonly [Uri, Uri, string] {
  const call = editor().executed.findLast(({ command }) => command === "vscode.diff");
  const [before, after, title] = call?.args ?? [];
  assert.ok(before instanceof Uri && after instanceof Uri && typeof title === "string");
  return [before, after, title];
}

describe("DiffPreview", () => {
  beforeEach(newEditor);

  it("shows a proposed edit in a diff editor, and closes it when it was answered", async () => {
    const diffs = new DiffPreview(store);
    await diffs.showProposal("c1", { path: "src/a.ts", before: "one\n", after: "two\n" });
    const [before, after, title] = shown();
    assert.equal(title, "a.ts (proposed)");
    assert.deepEqual([before.scheme, before.path], [DIFF_SCHEME, "/src/a.ts"]);
    assert.equal(await diffs.provideTextDocumentContent(uri(before)), "one\n");
    assert.equal(await diffs.provideTextDocumentContent(uri(after)), "two\n");
    const other = { input: new TabInputTextDiff(null, Uri.file("/x")) };
    editor().tabs.push({ input: new TabInputTextDiff(before, after) }, other);
    await diffs.closeProposal("c1");
    assert.deepEqual(editor().tabs, [other]);
    assert.match(await diffs.provideTextDocumentContent(uri(after)), /was answered/);
  });

  it("shows a new file against nothing", async () => {
    const diffs = new DiffPreview(store);
    await diffs.showProposal("c1", { path: "new.ts", before: null, after: "hello\n" });
    assert.equal(await diffs.provideTextDocumentContent(uri(shown()[0])), "");
  });

  it("shows an edit of the past from the store, and says when its text was not kept", async () => {
    const diffs = new DiffPreview(store);
    await diffs.showChange({ path: "a b.ts", added: 1, removed: 1, before: "k1", after: "gone" }, 3);
    const [before, after, title] = shown();
    assert.equal(title, "a b.ts (step 3)");
    assert.equal(await diffs.provideTextDocumentContent(uri(before)), "old\n");
    assert.match(await diffs.provideTextDocumentContent(uri(after)), /not kept/);
  });

  it("gives nothing for an address that is not its own", async () => {
    const strange = ["", "{", "7", '{"kind":"stored"}', '{"kind":"proposed","callId":"c1","side":"middle"}'];
    for (const query of strange) {
      const address = Uri.from({ scheme: DIFF_SCHEME, path: "/a", query });
      assert.equal(await new DiffPreview(store).provideTextDocumentContent(uri(address)), "");
    }
  });
});

/** The stub's address as the product's type of one. */
function uri(address: Uri): Parameters<DiffPreview["provideTextDocumentContent"]>[0] {
  return Object(address);
}
