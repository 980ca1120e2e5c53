import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Frame } from "playwright-core";
import { cli, NODE } from "../support/cli";
import { openStage, type Stage } from "./support/stage";

const READY = 60_000;

describe("a session in the real editor", () => {
  let stage: Stage;
  let page: Frame;

  before(async function () {
    this.timeout(300_000);
    stage = await openStage();
    await stage.bench.openView("Turnpike");
    page = await stage.bench.webview(".composer");
  });
  after(async () => stage?.close());

  const button = (name: string | RegExp) => page.getByRole("button", { name });

  /** Allows whatever is asked until the run has ended. */
  async function allowUntilEnd(): Promise<void> {
    const ended = page.locator(".outcome");
    const allow = button("Allow");
    for (;;) {
      await ended.or(allow).first().waitFor({ timeout: READY });
      if (await ended.isVisible()) return;
      await allow.click();
      await allow.waitFor({ state: "hidden", timeout: 5_000 }).catch(() => {});
    }
  }

  it("shows its item in the status bar, and a composer that says what a run can cost at most", async function () {
    this.timeout(90_000);
    assert.match(await stage.bench.statusText("Turnpike"), /Turnpike/);
    await page.locator(".bound", { hasText: "$0.50" }).waitFor({ timeout: READY });
    assert.equal(await button("Run").isDisabled(), true);
    await stage.shot("idle");
  });

  it("asks before a command, with the exact command line, and before an edit, with a real diff", async () => {
    await page.getByRole("textbox", { name: "Task" }).fill("Fix the failing test");
    await button("Run").click();
    await page.locator(".question pre", { hasText: "npm test" }).waitFor({ timeout: READY });
    await stage.shot("approve-command");
    await button("Allow").click();

    await page.locator(".question", { hasText: "src/money.js" }).waitFor({ timeout: READY });
    await button("View diff").click();
    await stage.bench.page.locator(".diff-editor, .monaco-diff-editor").first().waitFor({ timeout: READY });
    await stage.shot("approve-edit");
    const before = readFileSync(path.join(stage.folder, "src/money.js"), "utf8");
    assert.match(before, /Math\.round\(cents \* rate\)/, "nothing is written before it is allowed");
    await button("Allow").click();
  });

  it("runs to the end, one row per step, spending demo money that is marked as such", async function () {
    this.timeout(180_000);
    await allowUntilEnd();
    assert.match(await page.locator(".outcome").innerText(), /Done/);
    assert.ok((await page.locator("li.step").count()) >= 8);
    assert.match(await page.locator(".head").innerText(), /demo/i);
    assert.match(await stage.bench.statusText("demo"), /\d+\/\d+.*\$0\.0\d+\/\$0\.50|\$0\.0\d+\/\$0\.50.*\d+\/\d+/);
    const tests = spawnSync(NODE, ["--test"], { cwd: stage.folder, encoding: "utf8" });
    assert.equal(tests.status, 0, "the sample's tests pass now");
    await stage.shot("done");
  });

  it("opens a row with what was sent and said, and past edits as diffs", async () => {
    const edited = page.locator("li.step", { hasText: "src/money.js" }).filter({ hasText: "+" }).first();
    await edited.getByRole("button").first().click();
    await edited.getByText(/\[budget\] turn \d+ of \d+/).waitFor();
    await stage.bench.closeEditors();
    await edited.getByRole("button", { name: /diff/i }).first().click();
    await stage.bench.page.locator(".monaco-diff-editor").first().waitFor({ timeout: READY });
    await stage.shot("step-open");
    await stage.bench.closeEditors();
  });

  it("finds the run again after the window is reloaded", async function () {
    this.timeout(120_000);
    await stage.bench.reload();
    await stage.bench.openView("Turnpike");
    page = await stage.bench.webview(".outcome");
    assert.match(await page.locator(".outcome").innerText(), /Done/);
    assert.ok((await page.locator("li.step").count()) >= 8);
  });

  it("goes on with a follow-up under what is left, counting on from where it stood", async function () {
    this.timeout(180_000);
    const stepsBefore = await page.locator("li.step").count();
    await page.getByRole("textbox", { name: "Follow-up message" }).fill("Add a regression test for the rounding bug");
    await page.getByRole("combobox", { name: "Approval" }).selectOption("autoAll");
    await button("Send").click();
    await page.locator(".outcome").waitFor({ state: "hidden", timeout: READY });
    await page.locator(".outcome").waitFor({ timeout: READY });
    assert.match(await page.locator(".outcome").innerText(), /Done/);
    assert.ok((await page.locator("li.step").count()) > stepsBefore);
    const tests = spawnSync(NODE, ["--test"], { cwd: stage.folder, encoding: "utf8" });
    assert.equal(tests.status, 0);
  });

  it("lists the runs in the history and opens one with all its steps", async function () {
    this.timeout(120_000);
    await stage.bench.runCommand("Turnpike: Open History");
    const history = await stage.bench.webview("table.runs");
    assert.ok((await history.locator("tr.run").count()) >= 1);
    assert.match(await history.locator("table.runs").innerText(), /Fix the failing test/);
    await stage.shot("history");
    await history.locator("tr.run button").last().click();
    await history.locator("li.step").first().waitFor({ timeout: READY });
    assert.ok((await history.locator("li.step").count()) >= 8);
    await stage.shot("history-run");
  });

  it("shares its store with the command line, and keeps demo money apart", async () => {
    const { stdout, code } = await cli(["history", "--store", stage.store, "--json"]);
    assert.equal(code, 0);
    const runs = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.ok(runs.length >= 1 && runs.every((run) => run.demo === true && run.usd > 0));
  });

  it("tells its log how runs ended", () => {
    assert.match(stage.log(), /run .* ended: done/);
  });

  for (const theme of ["light", "highContrast", "dark"] as const) {
    it(`fits 240 pixels in the ${theme} theme without a horizontal scroll bar`, async function () {
      this.timeout(60_000);
      await stage.bench.setTheme(theme);
      await stage.bench.setSideBarWidth(240);
      page = await stage.bench.webview(".composer, .controls");
      const wider = await page.evaluate<number>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assert.ok(wider <= 0, `${wider} pixels too wide`);
      await stage.shot(`narrow-${theme}`);
      await stage.bench.setSideBarWidth(380);
      await stage.shot(`wide-${theme}`);
    });
  }
});
