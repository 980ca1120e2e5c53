import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { openStage, type Stage } from "./support/stage";

describe("a workspace that is not trusted, in the real editor", () => {
  let stage: Stage;

  before(async function () {
    this.timeout(120_000);
    stage = await openStage({ workspaceTrust: true, settings: { "turnpike.approval": "autoAll" } });
  });
  after(async () => stage?.close());

  it("is only read, whatever the approval mode says", async function () {
    this.timeout(120_000);
    await stage.bench.statusItem("Restricted Mode").waitFor({ timeout: 20_000 });
    await stage.bench.openView("Turnpike");
    const page = await stage.bench.webview(".composer");
    const file = path.join(stage.folder, "src/money.js");
    const before = readFileSync(file, "utf8");
    await page.getByRole("combobox", { name: "Approval" }).filter({ hasText: "Read only" }).waitFor({ timeout: 20_000 });
    await page.getByRole("textbox", { name: "Task" }).fill("Fix the failing test");
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".outcome").waitFor({ timeout: 60_000 });
    await stage.shot("untrusted");
    assert.equal(readFileSync(file, "utf8"), before);
    const refused = page.locator("li.step").filter({ has: page.locator(".call.failed") });
    await refused.first().getByRole("button").first().click();
    await page.locator(".result", { hasText: "this run may only read" }).first().waitFor();
  });
});
