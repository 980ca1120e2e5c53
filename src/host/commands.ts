import * as vscode from "vscode";
import type { RunState } from "../core/runState";
import { runModel } from "../present/sidebar";
import type { Hindrance } from "../protocol/sidebar";
import { allowAsked, rejectAsked } from "./answerCommands";
import type { Approvals } from "./approvals";
import { askExtension } from "./extendCommand";
import type { Facts } from "./facts";
import { clearApiKey, setApiKey } from "./keyCommands";
import type { CommandName } from "./manifest";
import { askPrice } from "./priceCommand";
import type { RunActions } from "./runActions";
import type { Secrets } from "./secrets";
import type { SetBack } from "./setBack";

/** Commands that the shell does by itself: they must work when nothing else does. */
export type ShellCommand = "showLog" | "openSettings";
export type WindowCommand = Exclude<CommandName, ShellCommand>;

export interface CommandParts {
  readonly actions: RunActions;
  readonly facts: Facts;
  readonly secrets: Secrets;
  readonly run: () => RunState | null;
  readonly setBack: SetBack;
  readonly chosenModel: () => string;
  readonly approvals: Approvals;
  readonly sidebarVisible: () => boolean;
  /** Why the last attempt to go on came to nothing. */
  readonly why: () => Hindrance | null;
  readonly focus: () => Promise<void>;
  readonly showHistory: () => Promise<void>;
  readonly importHistory: () => Promise<void>;
}

/** What each command does. */
export function createCommands(parts: CommandParts): { readonly [name in WindowCommand]: () => Promise<void> } {
  const { actions, approvals, facts, secrets } = parts;
  const endpoint = () => facts.known.endpoint;
  return {
    startTask: () => parts.focus(),
    stop: async () => actions.stop(),
    landNow: async () => actions.land(),
    extend: async () => {
      const run = parts.run();
      const by = run && (await askExtension(run, runModel(run, Date.now()).extendBy));
      if (by && !(await actions.extend(by))) await explain(parts.why());
    },
    resume: async () => {
      if (!(await actions.resume())) await explain(parts.why());
    },
    setBack: () => parts.setBack.ask(),
    newTask: async () => {
      await actions.newTask();
      await parts.focus();
    },
    // What is allowed must be seen first.
    allow: async () => (parts.sidebarVisible() ? allowAsked(approvals) : parts.focus()),
    reject: () => rejectAsked(approvals),
    openRunFolder: () => actions.openFolder(),
    openHistory: () => parts.showHistory(),
    importHistory: () => parts.importHistory(),
    setApiKey: () => setApiKey(secrets, endpoint()),
    clearApiKey: () => clearApiKey(secrets, endpoint()),
    setPrice: () => askPrice(facts.known.settings.prices, parts.chosenModel()),
  };
}

/** Says what stands in the way, with the command that mends it. */
async function explain(why: Hindrance | null): Promise<void> {
  if (!why) return;
  const { text, command, action } = why;
  const chosen = await vscode.window.showWarningMessage(text, ...(command === null ? [] : [action]));
  if (chosen !== undefined && command !== null) await vscode.commands.executeCommand(command);
}
