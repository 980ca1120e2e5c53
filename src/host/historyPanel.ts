import * as vscode from "vscode";
import { kindOf, parseFromHistory } from "../protocol/guards";
import type { FromHistory, ToHistory } from "../protocol/history";
import { Coalescer } from "./coalescer";
import { Disposables } from "./disposables";
import type { Log } from "./log";
import { HISTORY_PANEL } from "./manifest";
import { reporting } from "./report";
import { pageHtml, pageOptions } from "./webviewHtml";

export interface HistoryParts {
  readonly extensionUri: vscode.Uri;
  /** Called when the page listens, and whenever what it shows has changed; answers with `post`. */
  readonly onDue: () => Promise<void>;
  readonly onMessage: (message: FromHistory) => Promise<void>;
  readonly log: Log;
}

/** Reading the store for the page is not free, so that it follows a run at a slower pace than the sidebar. */
const REFRESH_INTERVAL_MS = 1_000;

/** The history as an editor tab. There is at most one; it comes back after a reload. */
export class HistoryPanel {
  #panel: vscode.WebviewPanel | null = null;
  #ready = false;
  #ofPanel = new Disposables();
  readonly #refreshes = new Coalescer(() => this.#askForModel(), REFRESH_INTERVAL_MS);

  constructor(private readonly parts: HistoryParts) {}

  get open(): boolean {
    return this.#panel !== null;
  }

  show(): void {
    if (this.#panel) {
      this.#panel.reveal();
      return;
    }
    const column = vscode.window.activeTextEditor?.viewColumn ?? vscode.ViewColumn.Active;
    this.restore(vscode.window.createWebviewPanel(HISTORY_PANEL, "Turnpike History", column, { retainContextWhenHidden: false }));
  }

  /** Takes over a panel: a new one, or one that VS Code kept over a reload. */
  restore(panel: vscode.WebviewPanel): void {
    const { extensionUri } = this.parts;
    this.#panel?.dispose();
    this.#ofPanel = new Disposables();
    this.#panel = panel;
    this.#ready = false;
    this.#ofPanel.add(panel.webview.onDidReceiveMessage((raw: unknown) => this.#receive(raw)));
    this.#ofPanel.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#ready = false;
      }),
    );
    this.#ofPanel.add(
      panel.onDidDispose(() => {
        if (this.#panel !== panel) return;
        this.#panel = null;
        this.#ready = false;
        this.#ofPanel.dispose();
      }),
    );
    panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.png");
    panel.webview.options = pageOptions(extensionUri);
    panel.webview.html = pageHtml(panel.webview, extensionUri, "history", "Turnpike History");
  }

  /** What it shows has changed. */
  update(): void {
    if (this.#ready) this.#refreshes.poke();
  }

  post(message: ToHistory): void {
    const panel = this.#panel;
    if (panel && this.#ready) this.parts.log.track("posting to the history", panel.webview.postMessage(message));
  }

  dispose(): void {
    this.#refreshes.dispose();
    this.#ofPanel.dispose();
  }

  #receive(raw: unknown): void {
    const message = parseFromHistory(raw);
    if (!message) {
      this.parts.log.warn(`a message of the history was not understood (${kindOf(raw)})`);
      return;
    }
    if (message.kind === "ready") {
      this.#ready = true;
      this.#refreshes.flush();
      return;
    }
    const { log, onMessage } = this.parts;
    void reporting(log, `doing what the history asked (${message.kind})`, () => onMessage(message));
  }

  #askForModel(): void {
    if (this.#ready) this.parts.log.track("showing the history", this.parts.onDue());
  }
}
