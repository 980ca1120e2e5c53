import * as vscode from "vscode";
import { EDITOR_COMMANDS } from "../protocol/commands";

/** The folder a run works in: its name, and its absolute path on this machine. */
export interface Project {
  readonly name: string;
  readonly path: string;
}

/** Folders on disk that are open in this window, in the window's order. */
export function openProjects(): readonly Project[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter((folder) => folder.uri.scheme === "file").map(({ name, uri }) => ({ name, path: uri.fsPath }));
}

/** The only folder, or the one the user picks out of several; `null` when there is none or the pick was given up. */
export async function pickProject(): Promise<Project | null> {
  const projects = openProjects();
  const [first] = projects;
  if (!first || projects.length === 1) return first ?? null;
  const items = projects.map((project) => ({ label: project.name, description: project.path, project }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: "Folder the agent works in" });
  return picked?.project ?? null;
}

/** A file of the project, or `null` for a path that leads out of it. */
export function fileIn(project: Project, path: string): vscode.Uri | null {
  const root = vscode.Uri.file(project.path);
  const file = vscode.Uri.joinPath(root, path);
  return file.path.startsWith(root.path.endsWith("/") ? root.path : `${root.path}/`) ? file : null;
}

/** Says that the folder of a run is not open here, and opens it in a window of its own if that is wanted. */
export async function offerFolder(project: Project): Promise<void> {
  const open = "Open Folder";
  if ((await vscode.window.showInformationMessage(notOpenWords(project), open)) === open) await openFolder(project);
}

export async function openFolder({ path }: Project): Promise<void> {
  await vscode.commands.executeCommand(EDITOR_COMMANDS.openFolder, vscode.Uri.file(path), { forceNewWindow: true });
}

export function notOpenWords({ name, path }: Project): string {
  return `This run worked in ${name} (${path}), which is not open here.`;
}
