import assert from "node:assert/strict";
import { parseFromSidebar } from "../../src/protocol/guards";
import type { ComposerChoice, SidebarModel } from "../../src/protocol/sidebar";
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

    await open.send({ kind: "model", model: told(sidebarOf("starting"), "First line\nsecond") });
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await open.send({ kind: "model", model: told(sidebarOf("done"), "First line\nsecond") });
    assert.equal(await page.getByLabel("Follow-up message").inputValue(), "");
  });

  it("takes a sent text out of the box also when the run began behind its back", async () => {
    const page = await show("done");
    const box = page.getByLabel("Follow-up message");
    await box.fill("and the export");
    await page.keyboard.press("Enter");
    assert.equal(await box.inputValue(), "and the export");
    // The page was hidden, and comes up again when the run has ended; the host stub sends what it sent at first.
    await page.reload();
    await box.waitFor();
    assert.equal(await box.inputValue(), "and the export");
    await open.send({ kind: "model", model: told(sidebarOf("done"), "and the export") });
    await becomes(() => box.inputValue(), "");
  });

  it("keeps an unsent text when the run goes on for another reason", async () => {
    const page = await show("stopped");
    await page.getByLabel("Follow-up message").fill("not yet sent");
    await open.send({ kind: "model", model: told(sidebarOf("writing"), "Continue") });
    await page.getByRole("button", { name: "Stop" }).waitFor();
    await open.send({ kind: "model", model: told(sidebarOf("stopped"), "Continue") });
    assert.equal(await page.getByLabel("Follow-up message").inputValue(), "not yet sent");
  });

  it("takes the keyboard once when asked, and never when a run ends", async () => {
    const page = await show("first");
    await open.send({ kind: "focus" });
    await page.locator("textarea:focus").waitFor();
    await open.send({ kind: "model", model: sidebarOf("writing") });
    await page.locator(".dock:focus").waitFor();
    await open.send({ kind: "model", model: sidebarOf("done") });
    await page.getByLabel("Follow-up message").waitFor();
    assert.equal(await page.locator("textarea:focus").count(), 0);
    await page.keyboard.type("more");
    assert.equal(await page.getByLabel("Follow-up message").inputValue(), "");
  });

  it("takes the keyboard to the open question, and reaches it before the list", async () => {
    const page = await show("approveCommand");
    await open.send({ kind: "focus" });
    await page.locator(".question:focus").waitFor();
    await page.locator("h1").focus();
    const passed: string[] = [];
    for (let tabs = 0; tabs < 3; tabs++) {
      await page.keyboard.press("Tab");
      passed.push(String(await page.evaluate(`document.activeElement.closest(".question") ? "question" : "elsewhere"`)));
    }
    assert.deepEqual(passed, ["question", "question", "question"]);
    const { y: card } = (await page.locator(".question").boundingBox()) ?? { y: 0 };
    const { y: list } = (await page.locator(".body").boundingBox()) ?? { y: 0 };
    assert.ok(card > list, "the eye finds it below the list");
  });

  it("honours a request for the keyboard that comes before the model", async () => {
    const page = await show("first");
    await page.addInitScript(`{
      const acquire = window.acquireVsCodeApi;
      window.acquireVsCodeApi = () => {
        const api = acquire();
        return { ...api, postMessage: (message) => message.kind === "ready" ? (window.listens = true) : api.postMessage(message) };
      };
    }`);
    await page.reload();
    await becomes(() => page.evaluate("window.listens === true"), true);
    await open.send({ kind: "focus" });
    await open.send({ kind: "model", model: sidebarOf("first") });
    await page.locator("textarea:focus").waitFor();
  });

  it("puts the cursor in the task when the user puts a run away", async () => {
    const page = await show("done");
    await page.getByRole("button", { name: "New task" }).press("Enter");
    await open.send({ kind: "model", model: sidebarOf("first") });
    await page.locator("textarea:focus").waitFor();
  });

  it("shows the user's own changes until the host holds them, whatever it answers meanwhile", async () => {
    const page = await show("ready");
    const given = sidebarOf("ready");
    const answer = (revision: number, part: Partial<ComposerChoice>) =>
      open.send({
        kind: "model",
        model: { ...given, composer: { ...given.composer, revision, choice: { ...given.composer.choice, ...part } } },
      });
    await page.getByLabel("Approval").selectOption("autoEdit");
    await page.getByLabel("Model").selectOption("gpt-5-mini");
    await answer(1, { approval: "autoEdit" });
    assert.equal(await page.getByLabel("Model").inputValue(), "gpt-5-mini");
    assert.equal(await page.getByLabel("Approval").inputValue(), "autoEdit");
    await answer(2, { approval: "ask", model: "gpt-5-nano" });
    await becomes(() => page.getByLabel("Model").inputValue(), "gpt-5-nano");
    assert.equal(await page.getByLabel("Approval").inputValue(), "ask");
    const sent = (await open.posted()).filter(({ kind }) => kind === "choose");
    assert.deepEqual(
      sent.map(({ runId, revision, change }) => [runId, revision, change]),
      [
        [null, 1, { approval: "autoEdit" }],
        [null, 2, { model: "gpt-5-mini" }],
      ],
    );
  });

  it("takes back a choice that the host turned down", async () => {
    const page = await show("ready");
    await page.getByLabel("Model").selectOption("gpt-5-mini");
    assert.equal(await page.getByLabel("Model").inputValue(), "gpt-5-mini");
    await open.send({ kind: "rejected" });
    await becomes(() => page.getByLabel("Model").inputValue(), "gpt-5");
  });

  it("lets a policy begin with its own number of turns, and shows what applies without one", async () => {
    const page = await show("ready");
    await page.getByRole("button", { name: /turns/ }).click();
    assert.equal(await page.getByLabel("Turns at most").getAttribute("placeholder"), "60");
    await page.getByLabel("Turns policy").selectOption("fixed");
    assert.deepEqual(Object(await last()).change, { policy: "fixed", turns: 60 });
    assert.equal(await page.getByLabel("Turns", { exact: true }).inputValue(), "60");
    await page.getByLabel("Turns policy").selectOption("unrestricted");
    assert.deepEqual(Object(await last()).change, { policy: "unrestricted", turns: null });
  });

  it("keeps what is no number as it was typed, says what would be one, and does not run with it", async () => {
    const page = await show("ready");
    await page.getByRole("button", { name: /turns/ }).click();
    const turns = page.getByLabel("Turns at most");
    await turns.fill("20,000");
    await page.getByLabel("Dollars").focus();
    assert.deepEqual([await turns.inputValue(), await turns.getAttribute("aria-invalid")], ["20,000", "true"]);
    await page.getByText("Turns at most: a whole number from 0 to 10,000.").waitFor();
    assert.ok(await page.getByRole("button", { name: "Run" }).isDisabled());
    await page.getByLabel("Tokens").fill("300,000");
    assert.deepEqual(Object(await last()).change, { tokens: 300_000 });
    await turns.fill("2,000");
    assert.deepEqual(Object(await last()).change, { turns: 2_000 });
    await page.locator("button.run:enabled").waitFor();
    await turns.fill("many");
    await page.locator("button.run:disabled").waitFor();
  });

  it("does not fold a limit away that is wrong, which would leave what was typed before it in force", async () => {
    const page = await show("ready");
    const chip = page.getByRole("button", { name: /turns/ });
    await chip.click();
    const dollars = page.getByLabel("Dollars");
    await dollars.fill("");
    await dollars.pressSequentially("1,5,0");
    await chip.click();
    assert.equal(await dollars.inputValue(), "1,5,0");
    assert.equal(await page.locator(":focus").inputValue(), "1,5,0");
    assert.ok(await page.getByRole("button", { name: "Run" }).isDisabled());
    await dollars.fill("1.50");
    await chip.click();
    assert.equal(await dollars.count(), 0);
    await page.getByRole("button", { name: "Run" }).click();
    assert.equal(Object(await last()).choice.usd, 1.5);
  });

  it("does not send a task that is too long, and says what to do", async () => {
    const page = await show("first");
    const task = page.getByRole("textbox", { name: "Task" });
    await task.fill("x".repeat(100_001));
    await page.getByText("The task is longer than 100,000 characters.").waitFor();
    await task.press("Enter");
    assert.equal((await open.posted()).filter(({ kind }) => kind === "start").length, 0);
    await task.fill("x".repeat(100_000));
    await task.press("Enter");
    assert.equal((await last())?.kind, "start");
  });

  it("says that a run is starting for as long as the host does, and calls it nothing wrong", async () => {
    const page = await show("ready");
    const given = sidebarOf("ready");
    await open.send({ kind: "model", model: { ...given, composer: { ...given.composer, starting: true } } });
    const button = page.getByRole("button", { name: "Starting…" });
    await button.waitFor();
    await page.getByRole("textbox", { name: "Task" }).press("Enter");
    assert.equal((await open.posted()).filter(({ kind }) => kind === "start").length, 0);
    assert.equal(await page.locator(".blocked").count(), 0);
    await open.send({ kind: "model", model: given });
    await page.getByRole("button", { name: "Run" }).waitFor();
  });

  it("lets a start that was refused be tried again as it is", async () => {
    const page = await show("refused");
    await page.getByText("No such model.").waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    assert.equal((await last())?.kind, "start");
  });

  it("calls the approval of a folder that is not trusted what it is", async () => {
    const page = await show("untrusted");
    const chip = page.getByLabel("Approval");
    assert.ok(await chip.isDisabled());
    assert.equal(await chip.locator("option:checked").textContent(), "Read only");
  });

  it("keeps Stop beside the form of an extension, which does not outlive its run", async () => {
    const page = await show("writing");
    await page.getByRole("button", { name: "Extend…" }).click();
    await page.locator("input:focus").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    assert.deepEqual(await last(), { kind: "stop" });
    const other = sidebarOf("writing");
    if (!other.run) throw new Error("the fixture runs");
    await open.send({ kind: "model", model: { ...other, run: { ...other.run, runId: "run-2" } } });
    await page.getByRole("button", { name: "Extend…" }).waitFor();
    assert.equal(await page.locator(".extend").count(), 0);
  });

  it("gives the keyboard back to where a form was opened from", async () => {
    const page = await show("stopped");
    await page.getByRole("button", { name: "Extend…" }).press("Enter");
    await page.locator("input:focus").waitFor();
    await page.getByRole("button", { name: "Cancel" }).press("Enter");
    await page.locator("button:focus", { hasText: "Extend…" }).waitFor();
  });

  it("shows that a lever was pressed, and lets it be pressed no more", async () => {
    const page = await show("landingSoon");
    await page.getByText("Landing after this step…").waitFor();
    const land = page.getByRole("button", { name: "Landing…" });
    await land.click({ force: true });
    await page.getByRole("button", { name: "Stop" }).click();
    assert.deepEqual(
      (await open.posted()).filter(({ kind }) => kind !== "ready"),
      [{ kind: "stop" }],
    );
    await open.send({ kind: "model", model: sidebarOf("stopping") });
    assert.equal(await page.getByRole("button", { name: "Stopping…" }).getAttribute("aria-disabled"), "true");
  });

  it("keeps what can be done in sight, above the list, where there is little height", async () => {
    const page = await show("approveCommand");
    await page.setViewportSize({ width: 340, height: 420 });
    // Rejects when something lies over it.
    await page.getByRole("button", { name: "Allow" }).click({ timeout: 2_000 });
    assert.equal((await last())?.kind, "approve");
  });

  it("only shows a run that goes on in another window", async () => {
    const page = await show("elsewhere");
    assert.equal(await page.locator(".pill").textContent(), "runs in another window");
    assert.equal(await page.getByRole("button", { name: /Stop|Land|Extend|Send/ }).count(), 0);
    await page.getByRole("button", { name: "New task" }).click();
    assert.deepEqual(await last(), { kind: "newTask" });
  });

  it("takes a choice at once, tells it, and refuses what is no number", async () => {
    const page = await show("ready");
    await page.getByRole("button", { name: /turns/ }).click();
    await page.getByLabel("Dollars").fill("1.25");
    assert.equal(Object(await last()).change.usd, 1.25);
    await page.getByLabel("Tokens").fill("300k");
    assert.equal(Object(await last()).change.tokens, 300_000);
    const before = (await open.posted()).length;
    await page.getByLabel("Minutes").fill("soon");
    assert.equal(await page.getByLabel("Minutes").getAttribute("aria-invalid"), "true");
    assert.equal((await open.posted()).length, before);
    await page.getByLabel("Approval").selectOption("autoEdit");
    assert.equal(Object(await last()).change.approval, "autoEdit");
    await page.getByLabel("Minutes").fill("30");
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

  it("does not say in short what an opened row says in full", async () => {
    const page = await show("done");
    const row = page.locator("#step-10");
    assert.equal(await row.getByText("The largest share takes the remainder.").count(), 1);
    await row.getByRole("button", { name: /^step 10/ }).click();
    await row.locator(".detail .prose").waitFor();
    assert.equal(await row.getByText("The largest share takes the remainder.").count(), 1);
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
    const by = { turns: 9, usd: null, tokens: null, minutes: null };
    assert.deepEqual(await last(), { kind: "extend", runId: "run-1", segment: "same", ...by });
    await page.getByRole("button", { name: "Extend…" }).click();
    await page.getByRole("button", { name: "Extend, fresh start" }).click();
    assert.deepEqual(await last(), { kind: "extend", runId: "run-1", segment: "fresh", ...by });
  });

  it("goes on in either way, the cheaper one first", async () => {
    const page = await show("interrupted");
    const primary = page.locator(".outcome .primary");
    assert.match(String(await primary.textContent()), /^Fresh start · about \$0\.\d+$/);
    await primary.click();
    assert.deepEqual(await last(), { kind: "resume", runId: "run-1", segment: "fresh" });
    await page.getByRole("button", { name: /^Resume · about/ }).click();
    assert.deepEqual(await last(), { kind: "resume", runId: "run-1", segment: "same" });
  });

  it("offers to set the files back to the best state", async () => {
    const page = await show("interrupted");
    await page.getByText("Turn 11 was better: all passed then, 2 failing at the last check (npm test).").waitFor();
    await page.getByRole("button", { name: "Set 3 files back…" }).press("Enter");
    assert.deepEqual(await last(), { kind: "setBack", runId: "run-1" });
  });

  it("keeps the answers in sight however much there is to say, and lets the rest be scrolled by keyboard", async () => {
    const page = await show("extension");
    const { run, ...rest } = sidebarOf("extension");
    if (run?.question?.kind !== "extension") throw new Error("the fixture asks");
    const many = Array.from({ length: 30 }, (_, n) => `src/some/folder/module${n}.ts changed in turn ${n}`);
    const question = { ...run.question, progress: many };
    await open.send({ kind: "model", model: { ...rest, run: { ...run, question } } });
    await page.setViewportSize({ width: 240, height: 640 });
    await page.getByText("module29.ts").waitFor();
    const reasons = page.getByLabel("What speaks for it and against it");
    await reasons.focus();
    await page.keyboard.press("End");
    await becomes(() => page.evaluate(`document.querySelector(".reasons").scrollTop > 0`), true);
    await page.getByRole("button", { name: "Land now" }).click({ timeout: 2_000 });
    assert.deepEqual(await last(), { kind: "answerExtension", answer: "land" });
    const { bottom } = Object(
      await page.evaluate(`document.querySelector(".question .buttons").getBoundingClientRect().toJSON()`),
    );
    assert.ok(bottom <= 640, `the buttons end at ${bottom} px`);
  });

  it("tells a screen reader what was decided", async () => {
    const page = await show("decided");
    assert.equal(await page.getByRole("status").textContent(), "Running. Not extended at 52");
  });

  it("asks a run that repeats itself to land rather than to go on", async () => {
    const page = await show("stuck");
    assert.equal(await page.locator(".question .primary").textContent(), "Land now");
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    assert.deepEqual(await last(), { kind: "answerExtension", answer: "extend" });
  });

  it("keeps the agent's own words apart from what the record shows", async () => {
    const page = await show("extension");
    const facts = await page.locator(".evidence dt").allTextContents();
    assert.deepEqual(facts, ["Progress", "Against", "Price", "Chance", "Agent"]);
    assert.match(String(await page.locator(".evidence q").textContent()), /^Two tests left/);
  });

  it("unfolds the plan by keyboard, says the state of each item in words, and keeps it open", async () => {
    const page = await show("writing");
    const summary = page.locator(".plan summary");
    assert.equal(await summary.innerText(), "Plan 3/5\nUse the same total in the CSV export");
    await summary.focus();
    await page.keyboard.press("Enter");
    const items = page.getByRole("list", { name: "Plan" }).getByRole("listitem");
    assert.equal(await items.count(), 5);
    assert.equal(await items.filter({ has: page.getByRole("img", { name: "done" }) }).count(), 3);
    assert.equal(await page.locator(".plan [aria-current=step]").innerText(), "Use the same total in the CSV export");
    await open.send({ kind: "model", model: sidebarOf("tight") });
    await becomes(() => items.filter({ has: page.getByRole("img", { name: "done" }) }).count(), 1);
    assert.equal(await items.first().isVisible(), true);
  });

  it("shows what was decided where it was decided: above the step after which it was", async () => {
    const page = await show("decided");
    const decided = page.locator(".steps .decision");
    assert.deepEqual(await decided.locator("b").allTextContents(), [
      "Not extended at 52",
      "You extended 43 → 52",
      "Extended 34 → 43",
    ]);
    assert.deepEqual(await page.evaluate(`[...document.querySelectorAll(".decision")].map((row) => row.nextElementSibling.id)`), [
      "step-51",
      "step-42",
      "step-33",
    ]);
  });

  it("says where a conversation began afresh, below what the user said then", async () => {
    const page = await show("fresh");
    assert.deepEqual(
      await page.evaluate(`[...document.querySelectorAll(".steps > li")].slice(1, 5).map((row) => row.id || row.className)`),
      ["step-24", "message", "decision fresh", "step-23"],
    );
  });

  it("opens the files of a hand-off, and copies its commands", async () => {
    const page = await show("stopped");
    await page.getByRole("button", { name: "src/invoice.ts", exact: true }).click();
    assert.deepEqual(await last(), { kind: "openFile", path: "src/invoice.ts" });
    await page.getByRole("button", { name: "Copy npm test" }).press("Enter");
    await page.getByTitle("Copied").waitFor();
    assert.deepEqual(await last(), { kind: "copy", text: "npm test" });
    assert.equal(await page.locator(".note .prose code").innerText(), "total()");
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

  /** Waits for a value to be what it should; the page's policy lets it not be asked from within. */
  async function becomes<T>(read: () => Promise<T>, wanted: T): Promise<void> {
    for (let tries = 0; tries < 100 && (await read()) !== wanted; tries++) await open.page.waitForTimeout(20);
    assert.equal(await read(), wanted);
  }

  /** The model with a run that was told a text last. */
  function told(model: SidebarModel, text: string): SidebarModel {
    if (!model.run) throw new Error("the fixture has a run");
    const { messages } = model.run;
    const isTask = messages.length === 1 && model.run.phase !== "ended" && model.run.steps.length <= 1;
    const first = isTask ? [] : messages;
    return { ...model, run: { ...model.run, messages: [...first, { beforeTurn: 99, text }] } };
  }

  function sidebarOf(name: FixtureName): SidebarModel {
    const { model } = FIXTURES[name]();
    if (!("composer" in model)) throw new Error(`${name} is not a sidebar`);
    return model;
  }
});
