import assert from "node:assert/strict";
import { until } from "../../scripts/host/processes.mjs";
import { openStage, type Stage } from "./support/stage";

const READY = 60_000;

describe("a landing in the real editor", () => {
  let stage: Stage;

  before(async function () {
    this.timeout(120_000);
    const settings = { "turnpike.policy": "fixed", "turnpike.maxTurns": 3, "turnpike.approval": "autoAll" };
    stage = await openStage({ settings });
  });
  after(async () => stage?.close());

  it("comes at a limit of three turns with a hand-off note, and the run goes on when it is extended", async function () {
    this.timeout(180_000);
    await stage.bench.openView("Turnpike");
    const page = await stage.bench.webview(".composer");
    await page.getByRole("textbox", { name: "Task" }).fill("Fix the failing test, slowly");
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".outcome .note").waitFor({ timeout: READY });
    assert.match(await page.locator(".outcome").innerText(), /Stopped at the limit of 3 turns[\s\S]*Next step/);
    assert.equal(await page.locator("li.step").count(), 3);
    const item = stage.bench.statusItem("3/3");
    assert.ok(await until(async () => /error/.test((await item.getAttribute("class")) ?? ""), READY), "the item is red");
    await stage.shot("landed");
    await page.getByRole("button", { name: "Extend…" }).click();
    await page.getByLabel("turns more").fill("20");
    await page.getByRole("button", { name: "Extend and go on" }).click();
    await page.locator("li.step", { hasText: "Continue" }).or(page.locator("#step-5")).first().waitFor({ timeout: READY });
    await page.locator(".outcome").waitFor({ timeout: READY });
    assert.ok((await page.locator("li.step").count()) > 4);
  });
});
