import * as vscode from "vscode";
import { Shell } from "./host/shell";

/** VS Code passes nothing to `deactivate`, so this is the one thing that is kept at module level. */
let shell: Shell | null = null;

export function activate(context: vscode.ExtensionContext): void {
  try {
    shell = new Shell({
      context,
      loadWindow: async () => (await import("./host/window")).openWindow,
      createEngine: async (needs) => (await import("./engine")).createEngine(needs),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    void vscode.window.showErrorMessage(`Turnpike could not start: ${why}`);
    throw cause;
  }
}

export async function deactivate(): Promise<void> {
  await shell?.close();
  shell = null;
}
