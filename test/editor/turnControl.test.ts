import assert from "node:assert/strict";
import path from "node:path";
import type { Frame } from "playwright-core";
import { cli } from "../support/cli";
import { type Provider, startProvider } from "../support/provider";
import { call, calls, say } from "../support/providerReply";
import { openStage, type Stage } from "./support/stage";

declare const __TEST_ROOT__: string;

const READY = 60_000;
const MODEL = "gemini-3-pro-preview";
const NOTE = `## Changed
src/extra.js holds the step.

## Verified
node --test: one test fails.

## Open
The rounding of half a cent.

## Next step
Round half up in src/money.js.

## Commands to check
node --test`;

const plan = (...done: boolean[]) => {
  const items = ["Find the failing test", "Mend the rounding", "Run the tests"];
  return call("update_plan", { items: items.map((text, index) => ({ text, done: done[index] ?? false })) });
};
const write = (step: number) => call("write_file", { path: "src/extra.js", content: `export const step = ${step};\n` });
const look = call("read_file", { path: "src/tax.js" });

/** Six turns of work, then the same read over and over; a note when told to land; an end when it goes on. */
const SCRIPT = [
  plan(),
  call("read_file", { path: "src/money.js" }),
  write(1),
  call("run_command", { command: "node --test" }),
  write(2),
  plan(true),
  look,
  calls([
    { name: "read_file", arguments: { path: "src/tax.js" } },
    { name: "ask_for_turns", arguments: { turns: 15, reason: "Two callers still round on their own." } },
  ]),
  look,
];

describe("turn control in the real editor", () => {
  let stage: Stage;
  let server: Provider;
  let page: Frame;
  const button = (name: string | RegExp) => page.getByRole("button", { name });

  before(async function () {
    this.timeout(300_000);
    server = await startProvider((request, index) => {
      if (request.toolChoice === "none") return say(NOTE);
      return SCRIPT[index] ?? call("finish", { summary: "The step is in place." });
    });
    stage = await openStage({
      settings: {
        ...{ "turnpike.baseUrl": server.url, "turnpike.model": MODEL, "turnpike.approval": "autoAll" },
        ...{ "turnpike.baseTurns": 8, "turnpike.hardTurns": 20, "turnpike.maxUsd": 0.5 },
      },
    });
    const runs = path.join(__TEST_ROOT__, "test/fixtures/recorded/mini_gemini3pro_swebench_verified.jsonl.gz");
    const imported = await cli(["import", "recorded", runs, "--store", stage.store]);
    assert.equal(imported.code, 0, imported.stderr);
    await stage.bench.openView("Turnpike");
    page = await stage.bench.webview(".composer");
  });
  after(async () => {
    await stage?.close();
    await server?.close();
  });

  it("says before the start what a run is likely to take, by the runs that were imported", async function () {
    this.timeout(90_000);
    await stage.bench.reload();
    await stage.bench.openView("Turnpike");
    page = await stage.bench.webview(".composer");
    await page
      .getByText(/Likely \d+ turns/)
      .first()
      .waitFor({ timeout: READY });
    await stage.shot("control-start");
  });

  it("extends the base limit on evidence by itself, with its reasons among the steps", async function () {
    this.timeout(120_000);
    await page.getByRole("textbox", { name: "Task" }).fill("Round half a cent up");
    await button("Run").click();
    await page
      .getByText(/8 → 10/)
      .first()
      .waitFor({ timeout: READY });
    assert.match(await page.locator("body").innerText(), /src\/extra\.js changed in turn 5/);
  });

  it("asks at the next limit, for a run that repeats itself, with the evidence, the price, the chance and the agent's words", async function () {
    this.timeout(120_000);
    const question = page.locator(".question");
    await question.waitFor({ timeout: READY });
    const text = await question.innerText();
    assert.match(text, /Extend by 2 turns\?/);
    assert.match(text, /read src\/tax\.js gave the same result 3 times/);
    assert.match(text, /none since the last grant/);
    assert.match(text, /\$0\.0\d+/);
    assert.match(text, /\d+ %/);
    assert.match(text, /15 turns[\s\S]*Two callers still round on their own\./);
    await stage.shot("control-question");
    await stage.bench.setTheme("light");
    await stage.bench.setSideBarWidth(240);
    page = await stage.bench.webview(".question");
    await stage.shot("control-question-narrow-light");
    await stage.bench.setTheme("dark");
    await stage.bench.setSideBarWidth(380);
  });

  it("shows the agent's plan with what is done of it", async () => {
    assert.match(await page.locator("body").innerText(), /1 ?(?:\/|of) ?3/);
    assert.match(await page.locator("body").innerText(), /Mend the rounding/);
  });

  it("lands with a hand-off note in its parts", async function () {
    this.timeout(120_000);
    await page.locator(".question").getByRole("button", { name: "Land now" }).click();
    await page.locator(".outcome").waitFor({ timeout: READY });
    const text = await page.locator(".outcome").innerText();
    assert.match(text, /Stopped at the limit of 10 turns/);
    for (const part of [/Changed/i, /Verified/i, /Next step/i, /Round half up in src\/money\.js/]) assert.match(text, part);
    assert.equal(server.requests.length, 10);
    await stage.shot("control-landed");
  });

  it("goes on to the end when it is extended, counting on", async function () {
    this.timeout(120_000);
    await button(/^Extend/)
      .first()
      .click();
    await page.getByLabel("turns more").fill("10");
    await button("Extend and go on").click();
    await page.locator(".outcome", { hasText: "Done" }).waitFor({ timeout: READY });
    assert.equal(await page.locator("li.step").count(), 11);
    await stage.shot("control-done");
  });

  it("shows in the replay lab what limits would have made of the imported runs, and takes one over", async function () {
    this.timeout(120_000);
    await stage.bench.runCommand("Turnpike: Open History");
    const history = await stage.bench.webview(".tabs");
    await history.getByRole("button", { name: "What if" }).click();
    await history.getByRole("combobox", { name: "Policy" }).selectOption("fixed");
    await history.getByRole("combobox", { name: "Runs" }).selectOption({ label: "Imported runs (246)" });
    await history.locator(".lab:not(.working) path.line-lostKept").waitFor({ timeout: READY });
    const slider = history.getByRole("slider", { name: "Limit in turns" });
    for (let tries = 0; tries < 40 && (await slider.getAttribute("aria-valuenow")) !== "46"; tries += 1)
      await slider.press("ArrowLeft");
    // As the README of the data has it for this set: P75 saves 20.3 % and cuts 60 runs.
    assert.match(
      (await slider.getAttribute("aria-valuetext")) ?? "",
      /^46 turns, .* saves 20\.3 % = \$24\.09, cuts 60 of 246 runs, loses 39 solved/,
    );
    await stage.shot("what-if");
    await history.getByRole("button", { name: "Use this limit" }).click();
    await stage.bench.toast("New tasks start under this limit: fixed, 46 turns.").waitFor({ timeout: READY });
    await button("New task").click();
    await page
      .getByText(/46 turns/)
      .first()
      .waitFor({ timeout: READY });
  });
});
