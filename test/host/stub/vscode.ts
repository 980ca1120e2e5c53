import { EventEmitter } from "./emitter";
import { FakePanel } from "./pages";
import * as things from "./things";
import { Disposable } from "./things";
import { Uri } from "./uri";

export interface FakeStatusItem {
  text: string;
  name: string;
  tooltip: unknown;
  command: unknown;
  backgroundColor: unknown;
  accessibilityInformation: unknown;
  shown: boolean;
  disposed: boolean;
}

/** A question put to the user: which function, and with what. */
export interface Asked {
  readonly how: "information" | "warning" | "error" | "input" | "pick" | "quickPick" | "openDialog";
  readonly args: readonly unknown[];
}

type Command = (...args: unknown[]) => unknown;

/** The state behind the fake editor: what tests set, and what they look at. */
export class Editor {
  readonly commands = new Map<string, Command>();
  readonly executed: { readonly command: string; readonly args: readonly unknown[] }[] = [];
  readonly settings = new Map<string, unknown>();
  readonly statusItems: FakeStatusItem[] = [];
  readonly logged: string[] = [];
  readonly asked: Asked[] = [];
  /** Answers the user gives, by order of the questions; `undefined` = dismissed. */
  readonly answers: unknown[] = [];
  readonly viewProviders = new Map<string, { resolveWebviewView(view: unknown): unknown }>();
  readonly serializers = new Map<string, { deserializeWebviewPanel(panel: unknown, state: unknown): unknown }>();
  readonly documentProviders = new Map<string, { provideTextDocumentContent(uri: Uri): unknown }>();
  readonly panels: FakePanel[] = [];
  readonly tabs: { readonly input: unknown }[] = [];
  readonly documents: { readonly uri: Uri; readonly isDirty: boolean }[] = [];
  folders: { readonly name: string; readonly uri: Uri }[] = [];
  trusted = true;
  clipboard = "";
  readonly configurationChanged = new EventEmitter<{ affectsConfiguration(section: string): boolean }>();
  /** What was reported of work in progress, and the user's word to stop it. */
  readonly progress: unknown[] = [];
  readonly cancelled = new EventEmitter<void>();
  readonly foldersChanged = new EventEmitter<unknown>();
  readonly trustGranted = new EventEmitter<void>();

  setting(name: string, value: unknown): void {
    this.settings.set(name, value);
    const affectsConfiguration = (section: string) => `turnpike.${name}`.startsWith(section);
    this.configurationChanged.fire({ affectsConfiguration });
  }

  context(key: string): unknown {
    return this.executed.findLast(({ command, args }) => command === "setContext" && args[0] === key)?.args[1];
  }
}

/** The module that `require("vscode")` gives the host layer in tests, over the state of `editor()`. */
export function fakeVscode(editor: () => Editor): object {
  const ask =
    (how: Asked["how"]) =>
    (...args: unknown[]) => {
      editor().asked.push({ how, args });
      return Promise.resolve(editor().answers.shift());
    };
  const register =
    <T>(map: () => Map<string, T>) =>
    (id: string, item: T) => {
      map().set(id, item);
      return new Disposable(() => map().delete(id));
    };
  const log = (level: string) => (line: string) => editor().logged.push(`[${level}] ${line}`);
  return {
    ...things,
    Uri,
    EventEmitter,
    env: {
      appRoot: "/vscode",
      clipboard: {
        writeText: async (text: string) => {
          editor().clipboard = text;
        },
      },
    },
    commands: {
      registerCommand: register(() => editor().commands),
      executeCommand: async (command: string, ...args: unknown[]) => {
        editor().executed.push({ command, args });
        return editor().commands.get(command)?.(...args);
      },
    },
    window: {
      activeTextEditor: undefined,
      showInformationMessage: ask("information"),
      showWarningMessage: ask("warning"),
      showErrorMessage: ask("error"),
      showInputBox: ask("input"),
      showWorkspaceFolderPick: ask("pick"),
      showQuickPick: ask("quickPick"),
      showOpenDialog: ask("openDialog"),
      withProgress: (options: unknown, work: (progress: unknown, token: unknown) => Promise<unknown>) =>
        work(
          { report: (told: unknown) => editor().progress.push(told) },
          { onCancellationRequested: editor().cancelled.event, options },
        ),
      showTextDocument: ask("information"),
      registerWebviewViewProvider: register(() => editor().viewProviders),
      registerWebviewPanelSerializer: register(() => editor().serializers),
      createOutputChannel: () => ({
        debug: log("debug"),
        info: log("info"),
        warn: log("warn"),
        error: log("error"),
        show: () => editor().executed.push({ command: "showChannel", args: [] }),
        dispose: () => {},
      }),
      createStatusBarItem: (id: string) => createStatusItem(editor(), id),
      createWebviewPanel: (viewType: string, title: string) => {
        const panel = new FakePanel(viewType, title);
        editor().panels.push(panel);
        return panel;
      },
      tabGroups: {
        get all() {
          return [{ tabs: editor().tabs }];
        },
        close: async (tabs: readonly { readonly input: unknown }[]) => {
          for (const tab of tabs) editor().tabs.splice(editor().tabs.indexOf(tab), 1);
          return true;
        },
      },
    },
    workspace: {
      get workspaceFolders() {
        return editor().folders.length === 0 ? undefined : editor().folders;
      },
      get textDocuments() {
        return editor().documents;
      },
      get isTrusted() {
        return editor().trusted;
      },
      getConfiguration: () => ({
        get: (name: string) => editor().settings.get(name),
        update: async (name: string, value: unknown) => editor().setting(name, value),
      }),
      onDidChangeConfiguration: (listener: () => void) => editor().configurationChanged.event(listener),
      onDidChangeWorkspaceFolders: (listener: () => void) => editor().foldersChanged.event(listener),
      onDidGrantWorkspaceTrust: (listener: () => void) => editor().trustGranted.event(listener),
      registerTextDocumentContentProvider: register(() => editor().documentProviders),
    },
  };
}

function createStatusItem(editor: Editor, name: string): FakeStatusItem & Record<"show" | "hide" | "dispose", () => void> {
  const item = {
    ...{ name, text: "", tooltip: null, command: null, backgroundColor: undefined, accessibilityInformation: undefined },
    shown: false,
    disposed: false,
    show: () => {
      item.shown = true;
    },
    hide: () => {
      item.shown = false;
    },
    dispose: () => {
      item.disposed = true;
    },
  };
  editor.statusItems.push(item);
  return item;
}
