/** Folders and files, anywhere in a workspace, from which an editor, git or a shell runs code without being told to. */
const FOLDERS: ReadonlySet<string> = new Set([".vscode", ".idea", ".devcontainer", ".husky", ".githooks"]);
const FILES = /^(?:\.envrc|\.pre-commit-config\.ya?ml|\.?lefthook(?:-local)?\.ya?ml|\.devcontainer\.json|.+\.code-workspace)$/;

/** Whether writing a file may make code run that nobody approved: so it counts for more than an edit. */
export function runsCode(path: string): boolean {
  const names = path.toLowerCase().split("/");
  return names.some((name) => FOLDERS.has(name)) || FILES.test(names.at(-1) ?? "");
}
