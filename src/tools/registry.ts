import type { Tool } from "../core/ports";
import { createChangeLog } from "./changeLog";
import { editFileTool } from "./editFile";
import { finishTool } from "./finish";
import { listFilesTool } from "./listFiles";
import type { ReadableOutputs, SaveText, Shell, TextSearch, WorkspaceFiles, WorkspaceState } from "./ports";
import { readFileTool } from "./readFile";
import type { ReadMemory } from "./readMemory";
import { readOutputTool } from "./readOutput";
import { runCommandTool } from "./runCommand";
import { searchTextTool } from "./searchText";
import { writeFileTool } from "./writeFile";

/** The world the tools of one run act on. */
export interface ToolDeps {
  readonly files: WorkspaceFiles;
  readonly state: WorkspaceState;
  readonly shell: Shell;
  readonly search: TextSearch;
  readonly outputs: ReadableOutputs;
  readonly saveText: SaveText;
  /** Made by the caller, who calls `forget` when earlier results leave the conversation. */
  readonly reads: ReadMemory;
  /** Whether the task asked for a change; see `asksForChange`. */
  readonly asksForChange: boolean;
}

/** The tools of one run, in the fixed order the model is told them: another order would be another cached prefix. */
export function createTools(deps: ToolDeps): readonly Tool[] {
  const changes = createChangeLog(deps.files, deps.state, deps.saveText);
  return [
    readFileTool(deps.files, deps.reads),
    editFileTool(deps.files, changes),
    writeFileTool(deps.files, changes),
    listFilesTool(deps.files),
    searchTextTool(deps.search),
    runCommandTool(deps.shell, changes),
    readOutputTool(deps.outputs),
    finishTool(changes, deps.asksForChange),
  ];
}
