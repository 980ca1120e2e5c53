// User settings of the hosted VS Code: quiet, stable, the same on every run.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Names VS Code gives its own themes, and those our scripts use. */
export const themes = {
  dark: "Dark Modern",
  light: "Light Modern",
  highContrast: "Default High Contrast",
  highContrastLight: "Default High Contrast Light",
};

/** No network chatter, no welcome, no animation, no other AI, no git decoration. */
export const quietSettings = {
  "chat.commandCenter.enabled": false,
  "chat.disableAIFeatures": true,
  "editor.cursorBlinking": "solid",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": "off",
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "js/ts.tsserver.automaticTypeAcquisition.enabled": false,
  "remote.autoForwardPorts": false,
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.showReleaseNotes": false,
  "window.autoDetectColorScheme": false,
  "window.commandCenter": false,
  "workbench.colorTheme": themes.dark,
  "workbench.layoutControl.enabled": false,
  "workbench.reduceMotion": "on",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.experimentalOnboarding": false,
};

const settingsFile = (userDataDir) => path.join(userDataDir, "User/settings.json");

/**
 * The settings file's content; `{}` when there is none; `undefined` when a person has put comments in it (or broken it).
 * VS Code also rewrites this file to migrate old values.
 */
export function readSettings(userDataDir) {
  let text;
  try {
    text = readFileSync(settingsFile(userDataDir), "utf8");
  } catch {
    return {};
  }
  try {
    const value = JSON.parse(text);
    return value !== null && typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Settings of scope `machine`: a served window forgets those of the user's file as soon as that file is written again. */
const MACHINE = ["turnpike.store", "turnpike.ripgrepPath"];
const machineFile = (userDataDir) => path.join(userDataDir, "Machine/settings.json");

/** Replaces the settings files. A running VS Code does not notice: write before the start. */
export function writeSettings(userDataDir, settings) {
  const machine = Object.fromEntries(MACHINE.filter((name) => name in settings).map((name) => [name, settings[name]]));
  for (const [file, content] of [
    [settingsFile(userDataDir), settings],
    [machineFile(userDataDir), machine],
  ]) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  }
}
