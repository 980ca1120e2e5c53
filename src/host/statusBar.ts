import * as vscode from "vscode";
import type { StatusBarModel } from "../present/status";
import { COMMANDS, STATUS_ITEM } from "./manifest";

/** Draws the status bar item; a click opens the sidebar. */
export class StatusBar {
  readonly #item: vscode.StatusBarItem;
  #drawn: StatusBarModel | null = null;

  constructor() {
    this.#item = vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Left, 10);
    this.#item.name = "Turnpike";
    this.#item.command = COMMANDS.startTask;
  }

  /** Only what changed is set: a tooltip that is set anew closes under the pointer. */
  draw(model: StatusBarModel): void {
    const { text, tooltip, level, label } = model;
    if (tooltip !== this.#drawn?.tooltip) this.#item.tooltip = markdown(tooltip);
    if (text !== this.#drawn?.text) this.#item.text = text;
    if (label !== this.#drawn?.label) this.#item.accessibilityInformation = { label, role: "button" };
    if (level !== this.#drawn?.level) this.#item.backgroundColor = background(level);
    if (!this.#drawn) this.#item.show();
    this.#drawn = model;
  }

  dispose(): void {
    this.#item.dispose();
  }
}

/** Icons are allowed in it; links to commands and HTML are not. */
function markdown(text: string): vscode.MarkdownString {
  return new vscode.MarkdownString(text, true);
}

function background(level: StatusBarModel["level"]): vscode.ThemeColor | undefined {
  switch (level) {
    case "ok":
      return undefined;
    case "warn":
      return new vscode.ThemeColor("statusBarItem.warningBackground");
    case "stop":
      return new vscode.ThemeColor("statusBarItem.errorBackground");
  }
}
