import type * as vscode from "vscode";
import type { RunState } from "../core/runState";
import { composerModel } from "../present/composer";
import type { LabPolicy } from "../protocol/history";
import type { ComposerChoice } from "../protocol/sidebar";
import { Approvals, withProposal } from "./approvals";
import { Attention } from "./attention";
import { Choices } from "./choices";
import { createCommands, type WindowCommand } from "./commands";
import { composerInput } from "./composerInput";
import { DiffPreview } from "./diffPreview";
import { Disposables } from "./disposables";
import { engineNeeds } from "./engineNeeds";
import { type CreateEngine, EngineSource } from "./engineSource";
import { Facts } from "./facts";
import { HistoryPage } from "./historyPage";
import { askImport } from "./importCommand";
import type { Log } from "./log";
import { Memory } from "./memory";
import { refusalWords } from "./obstacle";
import { createOpeners } from "./openers";
import { reporting } from "./report";
import { restoreRun } from "./restore";
import { RunActions } from "./runActions";
import { presentLimitOf } from "./runRequest";
import { Screen } from "./screen";
import { Secrets } from "./secrets";
import { Session } from "./session";
import { SetBack } from "./setBack";
import { obeySidebar } from "./sidebarMessages";
import { SidebarView } from "./sidebarView";
import type { StatusBar } from "./statusBar";
import { connectEvents } from "./windowEvents";

type Context = Pick<vscode.ExtensionContext, "extensionUri" | "globalStorageUri" | "workspaceState" | "secrets">;

export interface WindowParts {
  readonly context: Context;
  readonly log: Log;
  readonly statusBar: StatusBar;
  readonly createEngine: CreateEngine;
}

/** All of Turnpike in one editor window, as the shell sees it. */
export interface Window {
  readonly sidebar: SidebarView;
  readonly history: HistoryPage;
  readonly diffs: DiffPreview;
  run(command: WindowCommand): Promise<void>;
  /** Ends a run in progress as interrupted, settles it, and lets go of everything. */
  close(): Promise<void>;
}

/** Builds the parts of a window, hands them to each other, and shows the run it showed last. */
export function openWindow({ context, log, statusBar, createEngine }: WindowParts): Window {
  const { extensionUri } = context;
  const own = new Disposables();
  const secrets = new Secrets(context.secrets, process.env);
  const memory = new Memory(context.workspaceState);
  const source = new EngineSource(createEngine, () => engineNeeds(context, facts.known.settings, log), {
    busy: () => session.busy || actions.beginning,
    onRenewed: () => {
      session.clear();
      restore();
      history.update();
    },
    onTrouble: (cause) => log.error("closing a store", cause),
  });
  const engine = () => source.get();
  const approvals = own.add(new Approvals());
  const session = own.add(new Session(engine, approvals, log));
  const facts = new Facts(engine, secrets, log, () => onChange());
  const choices = new Choices(memory, () => facts.known.settings);
  const diffs = new DiffPreview(async () => (await engine()).store);

  const run = () => session.state;
  const choice = () => choices.of(session.state);
  const composer = (starting = false) => composerInput(facts.known, choices, session, starting);
  const blocked = () => composerModel(composer()).blocked;
  const obstacle = () => composer().obstacle;
  const onChange = () => screen.update();
  const refresh = () => log.track("looking things up", facts.refresh(choice().model));
  let restored: Promise<unknown> = Promise.resolve();
  const restore = () => {
    restored = restoreRun(session, memory, engine);
    log.track("restoring the last run", restored.finally(refresh));
  };
  restore();
  const world = { session, facts, choices, memory, secrets, approvals, log };
  const actions = new RunActions({ ...world, blocked, obstacle, onChange, restored: () => restored });
  const openers = createOpeners(diffs);
  const setBack = new SetBack({ session, facts, engine, log, onChange });

  const sidebar = own.add(
    new SidebarView({
      extensionUri,
      log,
      onMessage: (message) =>
        reporting(log, `doing what the sidebar asked (${message.kind})`, () =>
          obeySidebar(message, {
            ...{ actions, approvals, diffs, openers, setBack, run, onReady },
            post: (answer) => sidebar.post(answer),
          }),
        ),
    }),
  );
  const screen: Screen = own.add(
    new Screen({
      statusBar,
      log,
      input: () => ({
        run: withProposal(run(), approvals.pending),
        now: Date.now(),
        composer: composer(actions.beginning),
        degraded: facts.known.degraded,
        elsewhere: session.elsewhere,
        wasSetBack: setBack.isDone(run()),
      }),
      onModel: (model) => sidebar.post({ kind: "model", model }),
    }),
  );
  const onReady = () => {
    screen.now();
    refresh();
  };
  const focus = () => sidebar.focus();
  const continueRun = async (state: RunState) => {
    if (await actions.takeUp(state)) await focus();
  };
  const current = () => (session.elsewhere ? null : session.state);
  const settings = () => facts.known.settings;
  const presentLimit = (policy: LabPolicy) => presentLimitOf(policy, choices.of(null), facts.known.settings, facts.known.typical);
  const choose = async (part: Partial<ComposerChoice>) => {
    await choices.set({ ...choices.of(null), ...part }, null);
    onChange();
  };
  const history = own.add(
    new HistoryPage({ extensionUri, log, engine, memory, current, openers, continueRun, settings, presentLimit, choose }),
  );
  const sidebarVisible = () => sidebar.visible;
  const attention = new Attention(approvals, sidebarVisible, log);
  const events = { session, approvals, choices, memory, diffs, screen, history, attention, log, refresh };
  const hearing = own.add(connectEvents({ ...events, onSecretsChange: context.secrets.onDidChange }));

  const showHistory = () => history.show();
  const onImported = () => {
    history.update();
    refresh();
  };
  const importHistory = () => askImport({ engine, log, onImported });
  const chosenModel = () => choice().model;
  const why = () => (session.refusal ? refusalWords(session.refusal) : blocked());
  const commands = createCommands({
    ...{ actions, approvals, facts, secrets, setBack, run, chosenModel, why, focus, showHistory, importHistory, sidebarVisible },
  });

  return {
    sidebar,
    history,
    diffs,
    run: (command) => reporting(log, `doing ${command}`, () => commands[command]()),
    close: async () => {
      hearing.dispose();
      await session.interrupt();
      own.dispose();
      await source.close();
    },
  };
}
