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

  it("moves the limit of the replay lab by keyboard and pointer, and asks for what is chosen there", async () => {
    const open = await pages.open(FIXTURES.whatIf(), { width: 900 });
    const slider = open.page.getByRole("slider", { name: "Limit in turns" });
    assert.equal(await slider.getAttribute("aria-valuenow"), "34");
    const use = open.page.getByRole("button", { name: "Use this limit" });
    assert.equal(await use.isDisabled(), true, "it is the present one");
    await slider.press("ArrowRight");
    const next = Number(await slider.getAttribute("aria-valuenow"));
    assert.ok(next > 34);
    assert.match(
      (await slider.getAttribute("aria-valuetext")) ?? "",
      new RegExp(`^${next} turns, enough for \\d+ % of the runs: saves`),
    );
    await use.click();
    const box = await slider.boundingBox();
    assert.ok(box);
    await open.page.mouse.move(box.x + box.width * 0.5, box.y + 60);
    await open.page.mouse.down();
    await open.page.mouse.move(box.x + box.width * 0.95, box.y + 60, { steps: 4 });
    await open.page.mouse.up();
    assert.ok(Number(await slider.getAttribute("aria-valuenow")) > next);
    await slider.press("Home");
    await open.page.getByRole("combobox", { name: "Policy" }).selectOption("evidence");
    await open.page.getByRole("combobox", { name: "Runs" }).selectOption("model:gpt-5");
    await open.page.getByRole("button", { name: "Open recorded runs…" }).click();
    await open.page.getByRole("button", { name: "History" }).click();
    const posted = (await open.posted()).map((message) => parseFromHistory(message));
    assert.deepEqual(posted, [
      { kind: "ready" },
      { kind: "useLimit", policy: "fixed", limit: next },
      { kind: "labPolicy", policy: "evidence" },
      { kind: "labPick", pick: "model:gpt-5" },
      { kind: "labOpen" },
      { kind: "back" },
    ]);
    assert.deepEqual(open.complaints, []);
    await open.close();
  });

  it("draws no line for what is not known, and has the curve as a table", async () => {
    const open = await pages.open(FIXTURES.whatIfUnverdicted(), { width: 700 });
    assert.equal(await open.page.locator("path.line").count(), 2);
    await open.page.getByText("All limits as a table").click();
    assert.deepEqual(await open.page.locator(".lab-table th").allTextContents(), ["Limit", "Saved", "Cut"]);
    assert.ok((await open.page.locator(".lab-table tbody tr").count()) > 20);
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
