import assert from "node:assert/strict";
import { parseFromHistory } from "../../src/protocol/guards";
import { FIXTURES } from "./fixtures";
import { openPages, type Pages } from "./pages";

describe("the history in a browser", () => {
  let pages: Pages;
  before(async () => {
    pages = await openPages();
  });
  after(() => pages.close());

  it("opens a run once, by mouse and by keyboard", async () => {
    const open = await pages.open(FIXTURES.history(), { width: 900 });
    await open.page.getByRole("button", { name: "Why is the build slow?" }).first().click();
    await open.page.getByRole("button", { name: "Why is the build slow?" }).first().press("Enter");
    await open.page.getByText("interrupted").first().click();
    const asked = (await open.posted()).filter(({ kind }) => kind === "open").map(({ runId }) => runId);
    assert.deepEqual(asked, ["run-2", "run-2", "run-3"]);
    await open.close();
  });

  it("shows an opened run with its steps, goes back and goes on", async () => {
    const open = await pages.open(FIXTURES.historyRun(), { width: 900 });
    await open.page.getByRole("button", { name: /^step 33/ }).click();
    await open.page.getByRole("button", { name: "Diff of src/module3.ts" }).click();
    await open.page.getByRole("button", { name: "Continue in the sidebar" }).click();
    await open.page.getByRole("button", { name: "Back to all runs" }).click();
    const kinds = (await open.posted()).map((message) => parseFromHistory(message)?.kind);
    assert.deepEqual(kinds, ["ready", "detail", "openDiff", "continueRun", "back"]);
    await open.close();
  });
});
