/** Commands of the editor itself that a page may ask for; nothing else passes. */
export const EDITOR_COMMANDS = {
  openFolder: "vscode.openFolder",
  manageTrust: "workbench.trust.manage",
} as const;
