import assert from "node:assert/strict";
import { parseFromSidebar } from "../../src/protocol/guards";
import type { SidebarModel } from "../../src/protocol/sidebar";
import { FIXTURES, type FixtureName } from "./fixtures";
import { type OpenPage, openPages, type Pages } from "./pages";

describe("the sidebar in a browser", () => {
  let pages: Pages;
  let open: OpenPage;
  before(async () => {
    pages = await openPages();
  });
  after(() => pages.close());
  afterEach(async () => {
    assert.deepEqual(open.complaints, []);
    // Whatever the page says, the host's guard understands.
    for (const message of await open.posted()) assert.ok(parseFromSidebar(message), JSON.stringify(message));
    await open.close();
  });

  const show = async (name: FixtureName) => {
    open = await pages.open(FIXTURES[name]());
    return open.page;
  };
  const last = async () => (await open.posted()).at(-1);

  it("sends a task by Enter with what was chosen, and keeps its text until the run has begun", async () => {
    const page = await show("first");
    const task = page.getByRole("textbox", { name: "Task" });
    await task.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("First line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("second");
    assert.equal((await open.posted()).filter(({ kind }) => kind === "start").length, 0);
    await page.keyboard.press("Enter");
    const start = await last();
    assert.equal(start?.task, "First line\nsecond");
    assert.deepEqual(start?.choice, sidebarOf("first").composer.choice);
    assert.equal(await task.inputValue(), "First line\nsecond");

    await open.send({ kind: "model", model: sidebarOf("starting") });
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await open.send({ kind: "model", model: sidebarOf("done") });
    assert.equal(await page.getByLabel("Follow-up message").inputValue(), "");
  });

  it("takes a choice at once, tells it, and refuses what is no number", async () => {
    const page = await show("ready");
    await page.getByRole("button", { name: /turns/ }).click();
    await page.getByLabel("Dollars").fill("1.25");
    assert.equal(Object(await last()).choice.usd, 1.25);
    await page.getByLabel("Tokens").fill("300k");
    assert.equal(Object(await last()).choice.tokens, 300_000);
    const before = (await open.posted()).length;
    await page.getByLabel("Minutes").fill("soon");
    assert.equal(await page.getByLabel("Minutes").getAttribute("aria-invalid"), "true");
    assert.equal((await open.posted()).length, before);
    await page.getByLabel("Approval").selectOption("autoEdit");
    assert.equal(Object(await last()).choice.approval, "autoEdit");
    await page.getByRole("button", { name: "Run" }).click();
    assert.deepEqual(Object(await last()).choice, {
      ...sidebarOf("ready").composer.choice,
      usd: 1.25,
      tokens: 300_000,
      approval: "autoEdit",
    });
  });

  it("does not run while something stands in the way, and offers to mend it", async () => {
    const page = await show("noKey");
    assert.ok(await page.getByRole("button", { name: "Run" }).isDisabled());
    await page.getByRole("textbox", { name: "Task" }).press("Enter");
    await page.getByRole("button", { name: "Set API key" }).click();
    assert.deepEqual(await last(), { kind: "command", command: "turnpike.setApiKey" });
  });

  it("loses neither draft nor open rows by a reload", async () => {
    const page = await show("done");
    await page.getByLabel("Follow-up message").fill("and the export");
    await page.getByRole("button", { name: /^step 10/ }).click();
    await page.getByText("Reserved before sending").waitFor();
    await page.reload();
    await page.getByText("Reserved before sending").waitFor();
    assert.equal(await page.getByLabel("Follow-up message").inputValue(), "and the export");
    assert.equal(await page.getByRole("button", { name: /^step 10/ }).getAttribute("aria-expanded"), "true");
  });

  it("answers an approval, and shows the exact command", async () => {
    const page = await show("approveCommand");
    assert.match(
      String(await page.getByLabel("The exact command line").textContent()),
      /^npm run build -- --mode production && node/,
    );
    await page.getByRole("button", { name: "Allow" }).click();
    assert.deepEqual(await last(), { kind: "approve", callId: "ask-1", allowed: true });
    await page.getByRole("button", { name: "Reject" }).click();
    assert.deepEqual(await last(), { kind: "approve", callId: "ask-1", allowed: false });
  });

  it("opens the diff of an edit that is asked for", async () => {
    const page = await show("approveEdit");
    await page.getByRole("button", { name: "View diff" }).click();
    assert.deepEqual(await last(), { kind: "previewEdit", callId: "ask-2" });
  });

  it("answers the question of an extension by keyboard alone", async () => {
    const page = await show("extension");
    await page.getByRole("button", { name: "Extend +9" }).focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.deepEqual(await last(), { kind: "answerExtension", answer: "land" });
  });

  it("does not lose the keyboard when the question it was on is answered", async () => {
    const page = await show("approveCommand");
    await page.getByRole("button", { name: "Allow" }).press("Enter");
    await open.send({ kind: "model", model: sidebarOf("output") });
    await page.locator(".dock:focus").waitFor();
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").textContent(), "Stop");
  });

  it("extends the limit that stopped the run, by what is proposed", async () => {
    const page = await show("stopped");
    await page.getByRole("button", { name: "Extend…" }).click();
    await page.getByRole("button", { name: "Extend and go on" }).click();
    assert.deepEqual(await last(), { kind: "extend", turns: 9, usd: null, tokens: null, minutes: null });
  });

  it("walks the chart by arrow keys and opens a step by Enter", async () => {
    const page = await show("done");
    const chart = page.getByRole("slider", { name: "Steps" });
    await chart.focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    assert.equal(await chart.getAttribute("aria-valuenow"), "2");
    assert.match(String(await chart.getAttribute("aria-valuetext")), /^step 2, \$0\.0\d+, run npm test; cache read/);
    await page.keyboard.press("Enter");
    await page.locator("#step-2 button:focus").waitFor();
    assert.equal(await page.getByRole("button", { name: /^step 2/ }).getAttribute("aria-expanded"), "true");
  });

  it("draws the newest steps first and the others when they come near", async () => {
    const page = await show("long");
    const rows = page.locator(".step");
    assert.ok((await rows.count()) <= 101, `${await rows.count()} rows at first`);
    for (let tries = 0; tries < 20 && (await rows.count()) < 201; tries++) {
      await page.evaluate(`document.querySelector(".body").scrollTo(0, 1e9)`);
      await page.waitForTimeout(50);
    }
    assert.equal(await rows.count(), 201);
  });

  it("shows what a model says as text, never as a page", async () => {
    const page = await show("done");
    const model = sidebarOf("done");
    const evil = `<img src=x onerror="document.title='taken'"> [link](command:evil) <b>bold</b>`;
    if (!model.run?.outcome) throw new Error("the fixture has ended");
    await open.send({ kind: "model", model: { ...model, run: { ...model.run, outcome: { ...model.run.outcome, text: evil } } } });
    await page.getByText("<b>bold</b>").waitFor();
    assert.equal(await page.locator("#root img, #root b:text-is('bold')").count(), 0);
    assert.equal(await page.title(), "Turnpike");
  });

  it("puts the cursor in the task when the host asks for it", async () => {
    const page = await show("first");
    await open.send({ kind: "focusTask" });
    await page.locator("textarea:focus").waitFor();
  });

  function sidebarOf(name: FixtureName): SidebarModel {
    const { model } = FIXTURES[name]();
    if (!("composer" in model)) throw new Error(`${name} is not a sidebar`);
    return model;
  }
});
