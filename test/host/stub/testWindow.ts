import "./install";

import assert from "node:assert/strict";
import type { PriceRow } from "../../../src/core/pricing";
import type { EngineNeeds } from "../../../src/host/engineSource";
import { Shell } from "../../../src/host/shell";
import { openWindow } from "../../../src/host/window";
import type { SidebarModel, ToSidebar } from "../../../src/protocol/sidebar";
import { FakeEngine, PRICE } from "./fakeEngine";
import { newEditor } from "./install";
import { FakeMemento, FakeSecrets } from "./memento";
import { FakeView } from "./pages";
import { Uri } from "./uri";
import type { Editor } from "./vscode";

/** Until timers and promises of one user action are through, a drawing at most 100 ms later included. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 130));
}

/** A whole window over a fake editor and a fake engine, with the sidebar open on the folder `/sample`. */
export class TestWindow {
  editor: Editor = newEditor();
  engine = new FakeEngine();
  view = new FakeView();
  closedEngines = 0;
  /** What each engine was built with. */
  readonly needs: EngineNeeds[] = [];
  readonly secrets = new FakeSecrets();
  readonly workspaceState = new FakeMemento();
  readonly price: PriceRow = PRICE;
  #shell: Shell | null = null;

  constructor() {
    this.secrets.values.set("turnpike.apiKey:default", "sk-test");
  }

  /** The model the page was sent last. */
  model(): SidebarModel {
    const messages: readonly ToSidebar[] = this.view.webview.posted.map((message) => Object(message));
    const last = messages.findLast((message) => message.kind === "model");
    assert.ok(last?.kind === "model", "the page was sent no model");
    return last.model;
  }

  executed(command: string): number {
    return this.editor.executed.filter((call) => call.command === command).length;
  }

  addFolder(name: string): void {
    this.editor.folders.push({ name, uri: Uri.file(`/${name}`) });
    this.editor.foldersChanged.fire(null);
  }

  /**
   * The window goes and comes again: orderly, or killed, or as another one beside a window whose run goes on, or with a
   * part of it missing. What is stored stays.
   */
  async reload({ killed = false, beside = false, broken = false } = {}): Promise<void> {
    const { store } = this.engine;
    if (killed) store.kill();
    else if (!beside) await this.#shell?.close();
    if (this.engine.closed) this.closedEngines += 1;
    this.engine = new FakeEngine(store);
    this.editor = newEditor();
    this.view = new FakeView();
    this.addFolder("sample");
    await this.open(broken);
  }

  async open(broken = false): Promise<void> {
    const { secrets, workspaceState } = this;
    const extensionUri = Uri.file("/ext");
    const globalStorageUri = Uri.file("/storage");
    const context = Object({ extensionUri, globalStorageUri, secrets, workspaceState, extension: { id: "turnpike.turnpike" } });
    this.#shell = new Shell({
      context,
      loadWindow: async () => {
        if (broken) throw new Error("the chunk is missing");
        return openWindow;
      },
      createEngine: async (needs) => {
        this.needs.push(needs);
        return this.engine;
      },
    });
    await this.editor.viewProviders.get("turnpike.sidebar")?.resolveWebviewView(this.view);
    this.view.webview.say({ kind: "ready" });
    await settled();
  }

  async close(): Promise<void> {
    await this.#shell?.close();
  }
}

export async function openEditor(): Promise<TestWindow> {
  const window = new TestWindow();
  window.addFolder("sample");
  await window.open();
  return window;
}

export async function closeWindow(window: TestWindow): Promise<void> {
  await window.close();
}
