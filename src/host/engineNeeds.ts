import * as vscode from "vscode";
import type { EngineNeeds } from "./engineSource";
import type { Log } from "./log";
import { ripgrepCandidates } from "./ripgrep";
import type { Settings } from "./settings";

/** What the engine gets from this window and its settings of the moment. */
export function engineNeeds(
  { extensionUri, globalStorageUri }: Pick<vscode.ExtensionContext, "extensionUri" | "globalStorageUri">,
  settings: Settings,
  log: Log,
): EngineNeeds {
  return {
    assetsDir: vscode.Uri.joinPath(extensionUri, "dist").fsPath,
    storeFile: settings.store,
    // Each connection carries the price of the moment: the engine outlives a change of the setting.
    ripgrepCandidates: ripgrepCandidates(vscode.env.appRoot, settings.ripgrepPath),
    outputsDir: vscode.Uri.joinPath(globalStorageUri, "outputs").fsPath,
    unsavedFiles: () =>
      vscode.workspace.textDocuments.filter((one) => one.isDirty && one.uri.scheme === "file").map((one) => one.uri.fsPath),
    log: (line) => log.info(line),
  };
}
