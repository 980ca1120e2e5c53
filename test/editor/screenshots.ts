// Takes the pictures of the README in the real editor; run by `npm run screenshots`.
import path from "node:path";
import type { Frame } from "playwright-core";
import { openStage, type Stage } from "./support/stage";

const WAIT = 60_000;

async function main(): Promise<void> {
  const stage = await openStage({ delayMs: 12, viewport: { width: 1280, height: 860 }, scale: 1.5 });
  try {
    await stage.bench.openView("Turnpike");
    await stage.bench.setSideBarWidth(380);
    const page = await stage.bench.webview(".composer");
    await page.getByRole("textbox", { name: "Task" }).fill("Fix the failing test");
    await page.getByRole("button", { name: "Run" }).click();
    await playUntilEdit(stage, page);
    await stage.shot("approve-edit");
    await allowAll(page);
    await stage.bench.closeEditors();
    await stage.bench.openFile("money.js");
    await stage.shot("done");
    await open(page, "npm test");
    await stage.shot("step");
    await stage.bench.setTheme("light");
    await stage.bench.closeEditors();
    await stage.bench.runCommand("Turnpike: Open History");
    const history = await stage.bench.webview("table.runs");
    await history.locator("tr.run").first().waitFor();
    await stage.shot("history");
  } finally {
    await stage.close();
  }
}

async function playUntilEdit(stage: Stage, page: Frame): Promise<void> {
  for (;;) {
    const question = page.locator(".question");
    await question.waitFor({ timeout: WAIT });
    if (/Apply this edit/.test(await question.innerText())) break;
    await page.getByRole("button", { name: "Allow" }).click();
    await page.waitForTimeout(500);
  }
  await page.getByRole("button", { name: "View diff" }).click();
  await stage.bench.page.locator(".monaco-diff-editor").first().waitFor({ timeout: WAIT });
  await page.waitForTimeout(1_000);
}

async function allowAll(page: Frame): Promise<void> {
  const ended = page.locator(".outcome");
  const allow = page.getByRole("button", { name: "Allow" });
  for (;;) {
    await ended.or(allow).first().waitFor({ timeout: WAIT });
    if (await ended.isVisible()) return;
    await allow.click();
    await page.waitForTimeout(300);
  }
}

async function open(page: Frame, text: string): Promise<void> {
  await page.locator("li.step", { hasText: text }).first().getByRole("button").first().click();
  await page.locator("li.step.open").first().waitFor();
  await page.waitForTimeout(500);
}

main().then(
  () => console.log(`pictures are in ${path.resolve(process.env.TURNPIKE_SHOTS ?? "out/shots")}`),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
