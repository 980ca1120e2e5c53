import type { WebviewPanel } from "vscode";
import type { Engine } from "../core/engine";
import type { RunStore, RunSummary } from "../core/history";
import { OWN_SOURCE } from "../core/imports";
import type { RunState } from "../core/runState";
import { stepDetail } from "../present/details";
import { type HistoryInput, historyModel } from "../present/history";
import type { FromHistory, HistoryModel } from "../protocol/history";
import { HistoryPanel, type HistoryParts } from "./historyPanel";
import { messageOf } from "./log";
import type { Memory } from "./memory";
import type { Openers } from "./openers";
import { loadRun, type PastRun } from "./pastRun";
import { WhatIf, type WhatIfParts } from "./whatIf";

/** More runs than a plain list can be read. */
const MOST_RUNS = 500;
/** How often an opened run that goes on in another window is read anew. */
const REREAD_MS = 2_000;

export interface HistoryPageParts extends Pick<HistoryParts, "extensionUri" | "log"> {
  readonly engine: () => Promise<Engine>;
  readonly memory: Pick<Memory, "opened" | "keepOpened">;
  /** The run this window has in hand, whose present state is newer than the store's. */
  readonly current: () => RunState | null;
  readonly openers: Openers;
  readonly continueRun: (state: RunState) => Promise<void>;
  readonly settings: WhatIfParts["settings"];
  readonly presentLimit: WhatIfParts["presentLimit"];
  readonly choose: WhatIfParts["choose"];
}

/** What the history tab shows: the list of runs, or one of them with all its steps. */
export class HistoryPage {
  readonly #panel: HistoryPanel;
  #opened: PastRun | null = null;
  /** What the page was sent last, which stands when nothing newer can be had. */
  #last: HistoryModel = { shown: { kind: "list", rows: [], summary: [], cut: null }, degraded: null, trouble: null };
  #reread: NodeJS.Timeout | null = null;
  #sends = 0;
  readonly #whatIf: WhatIf;
  /** The replay lab is shown in place of the list. */
  #asksWhatIf = false;

  constructor(private readonly parts: HistoryPageParts) {
    const { extensionUri, log } = parts;
    const onDue = () => this.#send();
    const onMessage = (message: FromHistory) => this.#receive(message);
    this.#panel = new HistoryPanel({ extensionUri, log, onDue, onMessage });
    const { engine, settings, presentLimit, choose } = parts;
    this.#whatIf = new WhatIf({ engine, settings, presentLimit, choose, log, onChange: () => this.#sendLab() });
  }

  /** Brings the tab up, a new one with the list. */
  async show(): Promise<void> {
    if (!this.#panel.open) await this.parts.memory.keepOpened(null);
    this.#panel.show();
  }

  /** Takes over a tab that VS Code kept over a reload, with what it had open. */
  restore(panel: WebviewPanel): void {
    this.#panel.restore(panel);
  }

  /** A run has begun or ended: the list has changed. */
  update(): void {
    this.#whatIf.forget();
    this.#panel.update();
  }

  /** The run shown by this window has moved on; of interest only while the tab has it open. */
  follow(): void {
    if (this.#opened !== null && this.#opened.state.config.runId === this.parts.current()?.config.runId) this.#panel.update();
  }

  dispose(): void {
    if (this.#reread) clearTimeout(this.#reread);
    this.#panel.dispose();
  }

  /** What the user chose there is answered at once. */
  #sendLab(): void {
    if (this.#asksWhatIf && this.#panel.open) this.parts.log.track("showing the replay lab", this.#send());
  }

  /** What was looked up for an earlier sending is dropped once there is a later one. */
  async #send(): Promise<void> {
    this.#sends += 1;
    const mine = this.#sends;
    try {
      const { store } = await this.parts.engine();
      const opened = await this.#load();
      const found = await this.#lookUp(opened);
      if (mine !== this.#sends) return;
      this.#opened = opened;
      this.#last = historyModel(found, Date.now(), store.degraded);
    } catch (cause) {
      if (mine !== this.#sends) return;
      this.parts.log.error("reading the history", cause);
      const why = this.parts.log.clean(messageOf(cause));
      this.#last = { ...this.#last, trouble: `The history could not be read: ${why}` };
    }
    this.#panel.post({ kind: "model", model: this.#last });
    if (this.#opened?.elsewhere) this.#reread ??= setTimeout(() => this.#rereadNow(), REREAD_MS);
  }

  #rereadNow(): void {
    this.#reread = null;
    this.#panel.update();
  }

  /** With a run opened, that run alone: following it must not cost a reading of all the others. */
  async #lookUp(opened: PastRun | null): Promise<HistoryInput> {
    if (opened) return { kind: "run", ...opened };
    if (this.#asksWhatIf) return { kind: "whatIf", model: await this.#whatIf.model() };
    const { store } = await this.parts.engine();
    const [runs, spend] = await Promise.all([newestRuns(store), store.spend("day")]);
    return { kind: "list", runs, spend };
  }

  /** The opened run: as this window has it, else as the store does. */
  async #load(): Promise<PastRun | null> {
    const runId = this.parts.memory.opened;
    if (runId === null) return null;
    const current = this.parts.current();
    if (current?.config.runId === runId) return { state: current, elsewhere: false };
    const known = this.#opened;
    return known?.state.config.runId === runId && known.state.phase === "ended" ? known : this.#find(runId);
  }

  async #receive(message: FromHistory): Promise<void> {
    const opened = this.#opened?.state;
    switch (message.kind) {
      case "ready":
        return;
      case "open":
        this.#opened = null;
        await this.parts.memory.keepOpened(message.runId);
        return this.#send();
      case "whatIf":
        this.#asksWhatIf = true;
        await this.parts.memory.keepOpened(null);
        return this.#send();
      case "labPick":
        return this.#whatIf.pick(message.pick);
      case "labPolicy":
        return this.#whatIf.choose(message.policy);
      case "labOpen":
        return this.#whatIf.open();
      case "useLimit":
        return this.#whatIf.use(message.policy, message.limit);
      case "back":
        this.#asksWhatIf = false;
        await this.parts.memory.keepOpened(null);
        return this.#send();
      case "detail": {
        const detail = opened && stepDetail(opened, message.turn);
        if (detail) this.#panel.post({ kind: "detail", detail });
        return;
      }
      case "openDiff":
        return opened ? this.parts.openers.openDiff(opened, message.callId, message.path) : undefined;
      case "openFile":
        return opened ? this.parts.openers.openFile(opened, message.path) : undefined;
      case "copy":
        return this.parts.openers.copy(message.text);
      case "continueRun": {
        const state = opened?.config.runId === message.runId ? opened : (await this.#find(message.runId))?.state;
        return state ? this.parts.continueRun(state) : undefined;
      }
    }
  }

  async #find(runId: string): Promise<PastRun | null> {
    return loadRun((await this.parts.engine()).store, runId);
  }
}

/** Own runs before imported ones where there is no room for all: a large import hides none of them. Newest first. */
async function newestRuns(store: Pick<RunStore, "runs">): Promise<readonly RunSummary[]> {
  const all = await store.runs({ limit: MOST_RUNS });
  if (all.length < MOST_RUNS) return all;
  const own = await store.runs({ limit: MOST_RUNS, source: OWN_SOURCE });
  const imported = all.filter(({ source }) => source !== OWN_SOURCE).slice(0, MOST_RUNS - own.length);
  return [...own, ...imported].sort((a, b) => b.startedAt - a.startedAt);
}
