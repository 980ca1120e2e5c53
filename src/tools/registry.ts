import type { Tool } from "../core/ports";
import { askForTurnsTool } from "./askForTurns";
import { createChangeLog } from "./changeLog";
import { editFileTool } from "./editFile";
import { finishTool } from "./finish";
import { listFilesTool } from "./listFiles";
import type { IsUnsaved, ReadableOutputs, SaveText, Shell, TextSearch, WorkspaceFiles, WorkspaceState } from "./ports";
import { readFileTool } from "./readFile";
import { createReadMemory } from "./readMemory";
import { readOutputTool } from "./readOutput";
import { runCommandTool } from "./runCommand";
import { searchTextTool } from "./searchText";
import { updatePlanTool } from "./updatePlan";
import { writeFileTool } from "./writeFile";

/** The world the tools of one run act on. */
export interface ToolDeps {
  readonly files: WorkspaceFiles;
  readonly state: WorkspaceState;
  readonly shell: Shell;
  readonly search: TextSearch;
  readonly outputs: ReadableOutputs;
  readonly saveText: SaveText;
  readonly isUnsaved: IsUnsaved;
  /** Whether the task asked for a change; see `asksForChange`. */
  readonly asksForChange: boolean;
  /** Whether turns can be earned, so that it makes sense to ask for them. */
  readonly mayAskForTurns: boolean;
}

/** The tools of one run, in the fixed order the model is told them: another order would be another cached prefix. */
export function createTools(deps: ToolDeps): readonly Tool[] {
  const { files, isUnsaved } = deps;
  const changes = createChangeLog(files, deps.state, deps.saveText);
  const reads = createReadMemory();
  const writing = { files, changes, reads, isUnsaved };
  return [
    readFileTool({ files, reads, isUnsaved }),
    editFileTool(writing),
    writeFileTool(writing),
    listFilesTool(files),
    searchTextTool(deps.search),
    runCommandTool(deps.shell, changes),
    readOutputTool(deps.outputs),
    updatePlanTool(),
    ...(deps.mayAskForTurns ? [askForTurnsTool()] : []),
    finishTool(changes, deps.asksForChange),
  ];
}
