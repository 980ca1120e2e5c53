import * as vscode from "vscode";
import { kindOf, parseFromSidebar } from "../protocol/guards";
import type { FromSidebar, ToSidebar } from "../protocol/sidebar";
import { Disposables } from "./disposables";
import type { Log } from "./log";
import { SIDEBAR_VIEW } from "./manifest";
import { showFailure } from "./report";
import { pageHtml, pageOptions } from "./webviewHtml";

export interface SidebarParts {
  readonly extensionUri: vscode.Uri;
  readonly onMessage: (message: FromSidebar) => Promise<void>;
  readonly log: Log;
}

/** The sidebar as a page: what is posted reaches it while it listens, and what it sends is handed on after the guard. */
export class SidebarView {
  #view: vscode.WebviewView | null = null;
  /** The page has said that it listens. A hidden page is gone, and says so again when it comes back. */
  #ready = false;
  #focusDue = false;
  #ofView = new Disposables();

  constructor(private readonly parts: SidebarParts) {}

  get visible(): boolean {
    return this.#view?.visible ?? false;
  }

  resolve(view: vscode.WebviewView): void {
    const { extensionUri } = this.parts;
    this.#ofView.dispose();
    this.#ofView = new Disposables();
    this.#view = view;
    this.#ready = false;
    this.#ofView.add(view.webview.onDidReceiveMessage((raw: unknown) => this.#receive(raw)));
    this.#ofView.add(
      view.onDidChangeVisibility(() => {
        if (!view.visible) this.#ready = false;
      }),
    );
    this.#ofView.add(
      view.onDidDispose(() => {
        if (this.#view === view) this.dispose();
      }),
    );
    view.webview.options = pageOptions(extensionUri);
    view.webview.html = pageHtml(view.webview, extensionUri, "sidebar", "Turnpike");
  }

  /** Dropped while nobody listens: a page that comes up asks for everything. */
  post(message: ToSidebar): void {
    const view = this.#view;
    if (view && this.#ready) this.parts.log.track("posting to the sidebar", view.webview.postMessage(message));
  }

  /** Brings the sidebar up with the keyboard at the open question, in the task box, or at what can be done. */
  async focus(): Promise<void> {
    this.#focusDue = true;
    await vscode.commands.executeCommand(`${SIDEBAR_VIEW}.focus`);
    this.#postFocus();
  }

  dispose(): void {
    this.#view = null;
    this.#ready = false;
    this.#ofView.dispose();
  }

  #receive(raw: unknown): void {
    const message = parseFromSidebar(raw);
    if (!message) {
      const kind = kindOf(raw);
      this.parts.log.warn(`a message of the sidebar was not understood (${kind})`);
      this.parts.log.track("showing an error", showFailure(rejection(kind)));
      this.post({ kind: "rejected" });
      return;
    }
    if (message.kind === "ready") this.#ready = true;
    this.parts.log.track(`doing what the sidebar asked (${message.kind})`, this.parts.onMessage(message));
    if (message.kind === "ready") this.#postFocus();
  }

  #postFocus(): void {
    if (!this.#focusDue || !this.#ready) return;
    this.#focusDue = false;
    this.post({ kind: "focus" });
  }
}

/** The page checks what it sends; what is turned down here all the same must not go unsaid. */
function rejection(kind: string): string {
  return `what the sidebar asked for (${kind}) was not understood, and nothing was done. Check the limits and the task, then try again.`;
}
