import * as vscode from "vscode";
import type { RunState } from "../core/runState";
import type { DiffPreview } from "./diffPreview";
import { fileIn } from "./projects";
import { findChange } from "./runLookup";

/** What a page may have opened of a run, or taken from it. */
export interface Openers {
  /** Shows what a call changed in a file. */
  openDiff(state: RunState, callId: string, path: string): Promise<void>;
  /** Opens a file of a run's folder; a path that leads out of it is refused. */
  openFile(state: RunState, path: string): Promise<void>;
  copy(text: string): Promise<void>;
}

export function createOpeners(diffs: DiffPreview): Openers {
  return {
    async openDiff(state, callId, path) {
      const found = findChange(state, callId, path);
      if (found) await diffs.showChange(found.change, found.turn);
    },
    async openFile({ config }, path) {
      const file = fileIn(config.project, path);
      if (!file) throw new Error(`${path} is not inside ${config.project.name}`);
      await vscode.window.showTextDocument(file, { preview: true });
    },
    async copy(text) {
      await vscode.env.clipboard.writeText(text);
    },
  };
}
