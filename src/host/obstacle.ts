import type { Refusal } from "../core/engine";
import { EDITOR_COMMANDS } from "../protocol/commands";
import type { Hindrance } from "../protocol/sidebar";
import type { Known } from "./facts";
import { endpointName } from "./keyCommands";
import { COMMANDS, DEMO_MODEL } from "./manifest";
import { notOpenWords, type Project } from "./projects";
import { keyNeed } from "./secrets";

interface Intent {
  readonly model: string;
  /** The folder of the run that would go on; `null` for a new one, whose folder is still to be picked. */
  readonly folder: Project | null;
}

/** What stands in the way of a run, with the command that mends it; prices and used-up caps are the composer's to see. */
export function obstacleTo(known: Known, { model, folder }: Intent): Hindrance | null {
  const { settings, projects, engineTrouble } = known;
  if (settings.problems.length > 0) {
    return { text: settings.problems.join(" "), command: COMMANDS.openSettings, action: "Open settings" };
  }
  if (folder && !isOpen(known, folder)) {
    return { text: notOpenWords(folder), command: COMMANDS.openRunFolder, action: "Open Folder" };
  }
  if (projects.length === 0) {
    return {
      text: "The agent works in a folder. Open one to start.",
      command: EDITOR_COMMANDS.openFolder,
      action: "Open folder",
    };
  }
  if (engineTrouble !== null) {
    return { text: `Turnpike could not start: ${engineTrouble}`, command: COMMANDS.showLog, action: "Show log" };
  }
  return lacksKey(known, model) === "always" ? noKey(known, "") : null;
}

/** What is worth saying before a run, which may be tried all the same: the last refusal, and a key that may be missing. */
export function noticeTo(known: Known, model: string, refusal: Refusal | null): Hindrance | null {
  if (refusal) return refusalWords(refusal);
  return lacksKey(known, model) === "perhaps" ? noKey(known, " If it needs none, just go on.") : null;
}

/** A run may change files of a folder only where that folder is open, under the trust it has there. */
export function isOpen({ projects }: Pick<Known, "projects">, folder: Project): boolean {
  return projects.some(({ path }) => pathKey(path) === pathKey(folder.path));
}

/** Windows knows a path in any case; VS Code and a terminal write its drive differently. */
function pathKey(path: string): string {
  return process.platform === "win32" ? path.toLowerCase() : path;
}

export function refusalWords({ refused, text }: Refusal): Hindrance {
  switch (refused) {
    case "noPrice":
      return { text, command: COMMANDS.setPrice, action: "Set its price" };
    case "notFound":
      return { text, command: COMMANDS.newTask, action: "New task" };
    case "badRequest":
    case "nothingLeft":
      return { text, command: null, action: "" };
  }
}

function lacksKey({ hasKey, endpoint }: Known, model: string): ReturnType<typeof keyNeed> {
  return hasKey === false && model !== DEMO_MODEL ? keyNeed(endpoint) : "never";
}

function noKey({ endpoint }: Known, more: string): Hindrance {
  const text = `There is no API key for ${endpointName(endpoint)}.${more}`;
  return { text, command: COMMANDS.setApiKey, action: "Set API key" };
}
