import * as vscode from "vscode";
import { statusBarModel } from "../present/status";
import type { ShellCommand } from "./commands";
import { Disposables } from "./disposables";
import type { CreateEngine } from "./engineSource";
import { Log } from "./log";
import { COMMANDS, type CommandName, DIFF_SCHEME, HISTORY_PANEL, SIDEBAR_VIEW } from "./manifest";
import { reporting } from "./report";
import { wasRunning } from "./runningMark";
import { StatusBar } from "./statusBar";
import type { Window, WindowParts } from "./window";

export interface ShellParts {
  readonly context: vscode.ExtensionContext;
  /** Loads the window's code; only when it is needed. */
  readonly loadWindow: () => Promise<(parts: WindowParts) => Window>;
  readonly createEngine: CreateEngine;
}

/**
 * What is there from the first moment: the status bar item, and the places where VS Code calls in. Everything behind
 * them is loaded when one is first used.
 */
export class Shell {
  readonly #own = new Disposables();
  readonly #log: Log;
  readonly #statusBar: StatusBar;
  #window: Promise<Window> | null = null;

  constructor(private readonly parts: ShellParts) {
    this.#log = new Log(this.#own.add(vscode.window.createOutputChannel("Turnpike", { log: true })));
    this.#statusBar = this.#own.add(new StatusBar());
    this.#statusBar.draw(statusBarModel(null, Date.now()));
    for (const name of commandNames()) this.#own.add(vscode.commands.registerCommand(COMMANDS[name], () => this.#run(name)));
    this.#own.add(
      vscode.window.registerWebviewViewProvider(SIDEBAR_VIEW, {
        resolveWebviewView: (view) => this.#use("opening the sidebar", ({ sidebar }) => sidebar.resolve(view)),
      }),
    );
    this.#own.add(
      vscode.window.registerWebviewPanelSerializer(HISTORY_PANEL, {
        deserializeWebviewPanel: (panel) => this.#use("opening the history", ({ history }) => history.restore(panel)),
      }),
    );
    const provideTextDocumentContent = async (uri: vscode.Uri) => (await this.#load()).diffs.provideTextDocumentContent(uri);
    this.#own.add(vscode.workspace.registerTextDocumentContentProvider(DIFF_SCHEME, { provideTextDocumentContent }));
    if (wasRunning(parts.context.workspaceState)) void this.#use("looking after the run that was interrupted", () => {});
  }

  /** Ends what runs and lets go of everything. */
  async close(): Promise<void> {
    const window = await this.#window?.catch(() => null);
    try {
      await window?.close();
    } catch (cause) {
      this.#log.error("closing", cause);
    }
    this.#own.dispose();
  }

  async #run(name: CommandName): Promise<void> {
    if (isOfShell(name)) return this.#runHere(name);
    return this.#use(`doing ${name}`, (window) => window.run(name));
  }

  async #runHere(name: ShellCommand): Promise<void> {
    switch (name) {
      case "showLog":
        return this.#log.show();
      case "openSettings": {
        const query = `@ext:${this.parts.context.extension.id}`;
        await vscode.commands.executeCommand("workbench.action.openSettings", query);
      }
    }
  }

  /** Does something with the window. A failure is shown, because nothing else would say why nothing happened. */
  #use(doing: string, work: (window: Window) => unknown): Promise<void> {
    return reporting(this.#log, doing, async () => work(await this.#load()));
  }

  /** A load that failed is tried again the next time. */
  #load(): Promise<Window> {
    if (!this.#window) {
      const { context, loadWindow, createEngine } = this.parts;
      const loading = loadWindow().then((open) => open({ context, log: this.#log, statusBar: this.#statusBar, createEngine }));
      this.#window = loading;
      loading.catch(() => {
        if (this.#window === loading) this.#window = null;
      });
    }
    return this.#window;
  }
}

function commandNames(): readonly CommandName[] {
  const names: CommandName[] = [];
  for (const name in COMMANDS) if (isCommand(name)) names.push(name);
  return names;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

function isOfShell(name: CommandName): name is ShellCommand {
  return name === "showLog" || name === "openSettings";
}
