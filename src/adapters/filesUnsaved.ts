import type { IsUnsaved } from "../tools/ports";
import type { Guard } from "./filesGuard";

/**
 * Tells for the files of a workspace whether an editor has changes of them that are not saved.
 * @param unsavedFiles absolute paths of all such files, however the editor came to them
 */
export function createUnsavedTest(guard: Guard, unsavedFiles: () => readonly string[]): IsUnsaved {
  return async (path) => {
    for (const file of unsavedFiles()) {
      const located = await guard.locate(file);
      if (located.kind === "located" && located.relative === path) return true;
    }
    return false;
  };
}
