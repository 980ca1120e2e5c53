import assert from "node:assert/strict";
import { parseFromHistory } from "../../src/protocol/guards";
import type { HistoryModel } from "../../src/protocol/history";
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

  it("keeps the keyboard on the way into a run and back", async () => {
    const open = await pages.open(FIXTURES.history(), { width: 900 });
    await open.page.getByRole("button", { name: "Why is the build slow?" }).first().press("Enter");
    const run = historyOf("historyRun");
    if (run.shown.kind !== "run") throw new Error("the fixture shows a run");
    await open.send({ kind: "model", model: { ...run, shown: { ...run.shown, run: { ...run.shown.run, runId: "run-2" } } } });
    await open.page.locator("h1:focus", { hasText: run.shown.run.title }).waitFor();
    await open.page.getByRole("button", { name: "Back to all runs" }).press("Enter");
    await open.send({ kind: "model", model: historyOf("history") });
    await open.page.locator("#run-run-2:focus").waitFor();
    await open.close();
  });

  it("says what went wrong beside what it showed before, and how many runs it does not show", async () => {
    const open = await pages.open(FIXTURES.history(), { width: 900 });
    const list = historyOf("history");
    if (list.shown.kind !== "list") throw new Error("the fixture is a list");
    const shown = { ...list.shown, cut: "newest 500 of 812" };
    await open.send({ kind: "model", model: { ...list, shown, trouble: "The history could not be read: the disk is gone" } });
    await open.page.getByText("the disk is gone").waitFor();
    await open.page.getByText("newest 500 of 812").waitFor();
    assert.equal(await open.page.locator("tr.run").count(), 24);
    await open.close();
  });

  it("names the agent of an imported run, and offers no way into it", async () => {
    const open = await pages.open(FIXTURES.history(), { width: 900 });
    const list = historyOf("history");
    if (list.shown.kind !== "list") throw new Error("the fixture is a list");
    const rows = list.shown.rows.map((row, index) => (index === 2 ? { ...row, source: "Claude Code" } : row));
    await open.send({ kind: "model", model: { ...list, shown: { ...list.shown, rows } } });
    const imported = open.page.locator("tr.imported");
    await imported.getByText("· Claude Code").waitFor();
    await imported.getByText("Why is the build slow?").click();
    assert.equal(await imported.getByRole("button").count(), 0);
    assert.deepEqual(
      (await open.posted()).filter(({ kind }) => kind === "open"),
      [],
    );
    await open.close();
  });

  function historyOf(name: "history" | "historyRun"): HistoryModel {
    const { model } = FIXTURES[name]();
    if (!("shown" in model)) throw new Error(`${name} is no history`);
    return model;
  }
});
