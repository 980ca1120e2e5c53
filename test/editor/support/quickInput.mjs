// VS Code's one quick input widget: the command palette, Ctrl+P, quick picks and input boxes are all it.
import { until } from "../../../scripts/host/processes.mjs";

/** The widget leaves with an animation, visible yet deaf: steps that open it are to be repeated as a whole. */
export async function repeat(times, attempt) {
  for (let left = times - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

const exactly = (text) => new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}\\s*$`);

export class QuickInput {
  #page;

  constructor(page) {
    this.#page = page;
  }

  get #input() {
    return this.#page.locator(".quick-input-widget input.input").first();
  }

  shown(timeout) {
    return this.#input.waitFor({ timeout });
  }

  hidden(timeout) {
    return this.#input.waitFor({ state: "hidden", timeout });
  }

  fill(text) {
    return this.#input.fill(text, { timeout: 2000 });
  }

  /** Closes what is open and opens it anew by a key. */
  async open(key) {
    if (await this.#input.isVisible()) {
      await this.#page.keyboard.press("Escape");
      await this.hidden(2000);
    }
    await this.#page.keyboard.press(key);
    await this.shown(3000);
  }

  /** Clicks the entry with exactly this label; failing that, the first that contains it. */
  async choose(label, timeout = 3000) {
    const rows = this.#page.locator(".quick-input-widget .monaco-list-row");
    const exact = rows.filter({ has: this.#page.locator(".label-name", { hasText: exactly(label) }) }).first();
    const loose = rows.filter({ hasText: label }).first();
    await loose.waitFor({ timeout });
    const typed = await this.#input.inputValue().catch(() => "");
    await ((await exact.isVisible()) ? exact : loose).click({ timeout: 2000 });
    // It closes, or shows the next question right away.
    await until(async () => !(await this.#input.isVisible()) || (await this.#input.inputValue()) !== typed, 2000, 30);
  }
}
