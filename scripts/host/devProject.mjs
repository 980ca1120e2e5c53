// What `npm start` works on: a copy of a sample project, and the settings of the VS Code that opens it.
import { cpSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { run, say } from "./processes.mjs";
import { quietSettings, readSettings, writeSettings } from "./settings.mjs";

/** Written while the demo model is used, taken back when a real one is: a person's own values are left alone. */
const DEMO_MODEL = "turnpike-demo";
const MODEL_SETTINGS = ["turnpike.baseUrl", "turnpike.model"];

/** Copies the sample unless a copy is there, and commits it, so that the agent's changes can be seen and undone with git. */
export async function prepareWorkspace(sample, workspace) {
  if (existsSync(workspace)) return;
  if (!existsSync(sample)) throw new Error(`the sample project ${sample} is missing`);
  mkdirSync(path.dirname(workspace), { recursive: true });
  cpSync(sample, workspace, { recursive: true, filter: (file) => path.basename(file) !== "node_modules" });
  const identity = ["-c", "user.name=Turnpike sample", "-c", "user.email=sample@turnpike.invalid", "-c", "commit.gpgsign=false"];
  for (const args of [
    ["init", "-q"],
    ["add", "-A"],
    [...identity, "commit", "-q", "-m", "Sample project"],
  ]) {
    const { code, output } = await run("git", args, { cwd: workspace, timeoutMs: 20_000 });
    if (code === 0) continue;
    if (code !== 127) say(`git ${args.join(" ")}: ${output.trim()}`);
    return; // the sample works without git
  }
}

/**
 * Settings for a person: ours where they have chosen nothing, theirs where they have.
 * @param {string} userDataDir
 * @param {string | undefined} demoUrl base URL of the demo model; `undefined` when a real one is used
 */
export function prepareSettings(userDataDir, demoUrl) {
  const theirs = readSettings(userDataDir);
  if (theirs === undefined) {
    say("settings.json has comments or a mistake in it and is left as it is; start with --fresh to begin anew");
    return;
  }
  if (theirs["turnpike.model"] === DEMO_MODEL) for (const name of MODEL_SETTINGS) delete theirs[name];
  const demo = demoUrl === undefined ? {} : { "turnpike.baseUrl": demoUrl, "turnpike.model": DEMO_MODEL };
  writeSettings(userDataDir, { ...quietSettings, "git.enabled": true, ...theirs, ...demo });
}
