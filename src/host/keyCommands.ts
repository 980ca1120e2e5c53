import * as vscode from "vscode";
import type { Secrets } from "./secrets";

/** Asks for the key of an endpoint and keeps it in the editor's secret storage. */
export async function setApiKey(secrets: Secrets, endpoint: string | null): Promise<void> {
  const key = await vscode.window.showInputBox({
    title: "Turnpike: Set API Key",
    prompt: `Key for ${endpointName(endpoint)}. It is kept in VS Code's secret storage, for this endpoint only.`,
    password: true,
    ignoreFocusOut: true,
    validateInput: complaintAbout,
  });
  if (key === undefined) return;
  await secrets.save(endpoint, key);
  void vscode.window.showInformationMessage(`The API key for ${endpointName(endpoint)} was saved.`);
}

/** Forgets the key of an endpoint. A key in the environment is not ours to clear. */
export async function clearApiKey(secrets: Secrets, endpoint: string | null): Promise<void> {
  await secrets.clear(endpoint);
  const left = await secrets.find(endpoint);
  const rest = left ? " OPENAI_API_KEY is set in the environment and will be used." : "";
  void vscode.window.showInformationMessage(`No API key is kept for ${endpointName(endpoint)} any more.${rest}`);
}

function complaintAbout(key: string): string | null {
  if (key.trim() === "") return "A key is needed.";
  return /\s/.test(key.trim()) ? "A key has no spaces or line breaks." : null;
}

export function endpointName(endpoint: string | null): string {
  return endpoint ?? "OpenAI";
}
