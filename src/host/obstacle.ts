import type { Refusal } from "../core/engine";
import type { ComposerModel } from "../protocol/sidebar";
import type { Known } from "./facts";
import { endpointName } from "./keyCommands";
import { COMMANDS, DEMO_MODEL, EDITOR_COMMANDS } from "./manifest";
import { needsKey } from "./secrets";

type Obstacle = ComposerModel["blocked"];

interface Intent {
  readonly model: string;
  /** Whether a message would go on with a run, which has its folder already. */
  readonly followsUp: boolean;
  readonly starting: boolean;
  readonly refusal: Refusal | null;
}

/** What stands in the way of a run, with the command that mends it; prices and used-up caps are the composer's to see. */
export function obstacleTo(known: Known, { model, followsUp, starting, refusal }: Intent): Obstacle {
  const { settings, projects, engineTrouble, hasKey, endpoint } = known;
  if (starting) return { text: "Starting…", command: null, action: "" };
  if (settings.problems.length > 0) {
    return { text: settings.problems.join(" "), command: COMMANDS.openSettings, action: "Open settings" };
  }
  if (projects.length === 0 && !followsUp) {
    return {
      text: "The agent works in a folder. Open one to start.",
      command: EDITOR_COMMANDS.openFolder,
      action: "Open folder",
    };
  }
  if (engineTrouble !== null) {
    return { text: `Turnpike could not start: ${engineTrouble}`, command: COMMANDS.showLog, action: "Show log" };
  }
  if (hasKey === false && model !== DEMO_MODEL && needsKey(endpoint)) {
    return { text: `There is no API key for ${endpointName(endpoint)}.`, command: COMMANDS.setApiKey, action: "Set API key" };
  }
  return refusal && refusalObstacle(refusal);
}

function refusalObstacle({ refused, text }: Refusal): Obstacle {
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
