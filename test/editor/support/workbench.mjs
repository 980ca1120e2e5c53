// Drives a VS Code window in a real browser: what a person does with mouse, keyboard and eyes, and nothing else.
// Every wait has a limit and fails with what was looked for. Titles and texts are those of the English interface.
import { mkdirSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright-core";
import { findBrowser } from "../../../scripts/host/browser.mjs";
import { sleep, until } from "../../../scripts/host/processes.mjs";
import { themes } from "../../../scripts/host/settings.mjs";
import { QuickInput, repeat } from "./quickInput.mjs";
import { contentWidth, dragToWidth } from "./sideBarSash.mjs";

const WAIT_MS = 15_000;
/** A first start on a loaded machine took 12 s; this is for a bad day. */
const START_MS = 60_000;

/**
 * Starts a headless browser. One profile is one person: secrets (kept in its localStorage, per port), window layout.
 * @param {object} [options]
 * @param {string} [options.profileDir]  kept there if given, else gone at the end
 * @param {{width: number, height: number}} [options.viewport]
 * @param {number} [options.scale]       device pixels per CSS pixel; 2 makes sharp screenshots
 * @returns {Promise<{open: (address: string) => Promise<Workbench>, close: () => Promise<void>}>}
 *   `open` takes `server.urlFor(folder)` and resolves when the workbench is drawn; extensions may still be starting
 */
export async function launchBrowser({ profileDir = "", viewport = { width: 1280, height: 800 }, scale = 1 } = {}) {
  const { executablePath, args, env } = await findBrowser();
  const launch = { executablePath, args, env, headless: true };
  const context = await chromium.launchPersistentContext(profileDir, {
    ...launch,
    viewport,
    deviceScaleFactor: scale,
    reducedMotion: "reduce",
    locale: "en-US",
  });
  const open = async (address) => {
    const blank = context.pages().find((page) => page.url() === "about:blank");
    const workbench = new Workbench(blank ?? (await context.newPage()));
    await workbench.goTo(address);
    return workbench;
  };
  return { open, close: () => context.close() };
}

export class Workbench {
  /** The Playwright page, for what this driver does not cover. */
  page;
  #quickInput;

  constructor(page) {
    this.page = page;
    this.#quickInput = new QuickInput(page);
    page.setDefaultTimeout(WAIT_MS);
  }

  async goTo(address) {
    await this.page.goto(address, { timeout: START_MS });
    await this.#drawn();
  }

  async reload() {
    await this.page.reload({ timeout: START_MS });
    await this.#drawn();
  }

  #drawn() {
    return this.page.locator(".part.statusbar .statusbar-item").first().waitFor({ timeout: START_MS });
  }

  close() {
    return this.page.close();
  }

  // ---- commands and quick inputs

  /** Runs a command by its palette title, as "Turnpike: Start". Repeats itself: the closing palette swallows keys for a moment. */
  async runCommand(title) {
    await repeat(8, async () => {
      await this.#quickInput.open("F1");
      await this.#quickInput.fill(`>${title}`);
      await this.#quickInput.choose(title);
    });
  }

  /** Opens a workspace file by name through Ctrl+P. */
  async openFile(name) {
    await repeat(5, async () => {
      await this.#quickInput.open("Control+P");
      await this.#quickInput.fill(name);
      await this.#quickInput.choose(path.basename(name));
    });
  }

  /** Chooses an entry of the quick pick an extension has opened. */
  async pick(label) {
    await this.#quickInput.shown(WAIT_MS);
    await this.#quickInput.choose(label, WAIT_MS);
  }

  /** Answers the input box an extension has opened. */
  async enterText(text) {
    await this.#quickInput.shown(WAIT_MS);
    await this.#quickInput.fill(text);
    await this.page.keyboard.press("Enter");
    await this.#quickInput.hidden(WAIT_MS);
  }

  // ---- status bar

  /** The status bar item whose text contains `part`. */
  statusItem(part) {
    return this.page.locator(".part.statusbar .statusbar-item", { hasText: part }).first();
  }

  /** Waits for that item and returns its whole text, icons left out. */
  async statusText(part, timeoutMs = WAIT_MS) {
    await this.statusItem(part).waitFor({ timeout: timeoutMs });
    return ((await this.statusItem(part).textContent()) ?? "").trim();
  }

  // ---- views and webviews

  /** Shows a view container by the name of its activity bar icon; stays there if it is already shown. */
  async openView(name) {
    const icon = this.page.locator(`.part.activitybar .action-item:has(.action-label[aria-label^="${name}"])`).first();
    await icon.waitFor({ timeout: START_MS });
    const isShown = async () =>
      ((await icon.getAttribute("class")) ?? "").includes("checked") && (await this.sideBar.isVisible());
    // A reloaded window brings its view back a moment after its icons: a click in between would hide it again.
    await repeat(5, async () => {
      if (await until(isShown, 1000)) return;
      await icon.click();
      if (!(await until(isShown, 5000))) throw new Error(`the view ${name} does not open`);
    });
  }

  get sideBar() {
    return this.page.locator(".part.sidebar");
  }

  /**
   * The document of the one webview, of however many are open, that contains `selector`. Look again after a webview was
   * hidden or reloaded: it is a new document then.
   * @returns {Promise<import("playwright-core").Frame>}
   */
  async webview(selector, timeoutMs = WAIT_MS) {
    const found = await until(() => this.#frameWith(selector), timeoutMs);
    if (found) return found;
    throw new Error(`no webview contains ${selector} after ${timeoutMs} ms; open: ${this.#webviewFrames().length}`);
  }

  /** A webview is a frame in a frame: VS Code's loader, and in it the extension's document. */
  #webviewFrames() {
    return this.page.frames().filter((frame) => frame.parentFrame()?.parentFrame() === this.page.mainFrame());
  }

  async #frameWith(selector) {
    for (const frame of this.#webviewFrames()) {
      const count = await frame
        .locator(selector)
        .count()
        .catch(() => 0);
      if (count > 0) return frame;
    }
    return undefined;
  }

  // ---- layout and looks

  async setViewport(width, height) {
    await this.page.setViewportSize({ width, height });
    await sleep(200);
  }

  /** Width in CSS pixels of the content a side bar view has, which is what a webview in it sees. */
  sideBarWidth() {
    return contentWidth(this.sideBar);
  }

  /** Drags the sash until a view in the side bar is `width` pixels wide, give or take one; VS Code allows no less than 170. */
  setSideBarWidth(width) {
    return dragToWidth(this.page, this.sideBar, width);
  }

  /** Switches the colour theme live: "dark", "light", "highContrast" or "highContrastLight". */
  async setTheme(kind) {
    const shade = { dark: "vs-dark", light: "vs", highContrast: "hc-black", highContrastLight: "hc-light" }[kind];
    await repeat(3, async () => {
      await this.runCommand("Preferences: Color Theme");
      await this.#quickInput.shown(3000);
      await this.#quickInput.fill(themes[kind]);
      await this.#quickInput.choose(themes[kind]);
      await this.page.locator(`.monaco-workbench.${shade}`).waitFor({ timeout: 3000 });
    });
  }

  /** Hides what takes room: the panel (terminal, output) and the secondary side bar. */
  async collapsePanels() {
    if (await this.page.locator(".part.panel").isVisible()) await this.runCommand("View: Toggle Panel Visibility");
    if (await this.page.locator(".part.auxiliarybar").isVisible()) {
      await this.runCommand("View: Toggle Secondary Side Bar Visibility");
    }
  }

  /** Closes all editors; unsaved changes are thrown away. */
  async closeEditors() {
    await this.runCommand("View: Close All Editors");
    const dontSave = this.page.locator(".monaco-dialog-box .monaco-button", { hasText: "Don't Save" });
    const isDone = async () => {
      if (await dontSave.isVisible()) await dontSave.click();
      return (await this.tabs()).length === 0;
    };
    if (!(await until(isDone, WAIT_MS))) throw new Error(`editors stay open: ${await this.tabs()}`);
  }

  /**
   * Writes a PNG; folders are made.
   * @param {string} file
   * @param {import("playwright-core").Locator} [part] only this part of the window
   */
  async screenshot(file, part) {
    mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    await this.page.mouse.move(2, 2);
    await sleep(250);
    await (part ?? this.page).screenshot({ path: file });
  }

  // ---- notifications and dialogs

  /** The notification whose message contains `text`. */
  toast(text) {
    return this.page.locator(".notification-toast", { hasText: text }).first();
  }

  async answerToast(text, button) {
    await this.toast(text).locator(".monaco-button", { hasText: button }).first().click();
    await this.toast(text).waitFor({ state: "hidden" });
  }

  async dismissToasts() {
    await this.runCommand("Notifications: Clear All Notifications");
    await this.page.locator(".notification-toast").first().waitFor({ state: "hidden" });
  }

  /** Presses a button of the modal dialog; returns its message and, on the next line, its detail. */
  async answerModal(button) {
    const dialog = this.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    const parts = await dialog.locator(".dialog-message-text, .dialog-message-detail").allTextContents();
    await dialog.locator(".monaco-button", { hasText: button }).first().click();
    await dialog.waitFor({ state: "hidden" });
    return parts.join("\n").trim();
  }

  /** Restricted Mode is on when the server runs with `workspaceTrust` and nobody has trusted the folder. */
  async isRestricted() {
    return this.statusItem("Restricted Mode").isVisible();
  }

  async trustWorkspace() {
    await this.statusItem("Restricted Mode").click();
    await this.page.locator('.workspace-trust-editor .monaco-button:has-text("Trust")').first().click();
    await this.statusItem("Restricted Mode").waitFor({ state: "hidden" });
  }

  // ---- text on screen

  /** Labels of the open editors' tabs. */
  async tabs() {
    const tabs = this.page.locator(".part.editor .tab");
    return tabs.evaluateAll((nodes) => nodes.map((node) => node.getAttribute("aria-label") ?? ""));
  }

  /** The lines now visible in the active editor; in a diff, those of the right side. */
  async editorText() {
    const editor = this.page.locator(".part.editor .editor-instance .monaco-editor").last();
    return visibleLines(editor);
  }

  /** The diff editor, when one is shown. */
  get diffEditor() {
    return this.page.locator(".part.editor .monaco-diff-editor").first();
  }

  /** Shows an output channel and returns its last lines. `server.outputChannel(name)` gives all of it, from disk. */
  async outputText(channel, part = "", timeoutMs = WAIT_MS) {
    await this.runCommand("Output: Show Output Channels...");
    await this.pick(channel);
    const pane = this.page.locator(".part.panel .output-view-container, .part.panel .output-view").first();
    await pane.waitFor();
    let text = "";
    await until(async () => {
      text = await visibleLines(pane);
      return text !== "" && text.includes(part);
    }, timeoutMs);
    return text;
  }
}

/** Monaco keeps its lines in no order and draws spaces as no-break spaces. */
async function visibleLines(area) {
  const lines = await area.locator(".view-lines .view-line").evaluateAll((nodes) =>
    nodes
      .map((node) => ({ top: Number.parseFloat(node.style.top) || 0, text: node.textContent ?? "" }))
      .sort((a, b) => a.top - b.top)
      .map((line) => line.text),
  );
  return lines.join("\n").replaceAll("\u00a0", " ");
}
