import type { WebviewPanel } from "vscode";
import type { Engine } from "../core/engine";
import type { RunState } from "../core/runState";
import { stepDetail } from "../present/details";
import { historyModel } from "../present/history";
import type { FromHistory } from "../protocol/history";
import { HistoryPanel, type HistoryParts } from "./historyPanel";
import type { Memory } from "./memory";
import type { Openers } from "./openers";
import { loadRun } from "./pastRun";

/** More runs than a plain list can be read. */
const MOST_RUNS = 500;

export interface HistoryPageParts extends Pick<HistoryParts, "extensionUri" | "log"> {
  readonly engine: () => Promise<Engine>;
  readonly memory: Pick<Memory, "opened" | "keepOpened">;
  /** The run this window shows, whose present state is newer than the store's. */
  readonly current: () => RunState | null;
  readonly openers: Openers;
  readonly continueRun: (state: RunState) => Promise<void>;
}

/** What the history tab shows: the list of runs, or one of them with all its steps. */
export class HistoryPage {
  readonly #panel: HistoryPanel;
  #opened: RunState | null = null;

  constructor(private readonly parts: HistoryPageParts) {
    const { extensionUri, log } = parts;
    const onDue = () => this.#send();
    const onMessage = (message: FromHistory) => this.#receive(message);
    this.#panel = new HistoryPanel({ extensionUri, log, onDue, onMessage });
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
    this.#panel.update();
  }

  /** The run shown by this window has moved on; of interest only while the tab has it open. */
  follow(): void {
    if (this.#opened !== null && this.#opened.config.runId === this.parts.current()?.config.runId) this.#panel.update();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  async #send(): Promise<void> {
    const { store } = await this.parts.engine();
    const [runs, spend] = await Promise.all([store.runs({ limit: MOST_RUNS }), store.spend("day")]);
    const opened = await this.#load();
    const model = historyModel({ runs, spend, opened, now: Date.now(), degraded: store.degraded });
    this.#panel.post({ kind: "model", model });
  }

  /** The opened run: as this window has it, else as the store does. */
  async #load(): Promise<RunState | null> {
    const runId = this.parts.memory.opened;
    if (runId === null) {
      this.#opened = null;
      return null;
    }
    const current = this.parts.current();
    if (current?.config.runId === runId) this.#opened = current;
    else if (this.#opened?.config.runId !== runId) this.#opened = await loadRun((await this.parts.engine()).store, runId);
    return this.#opened;
  }

  async #receive(message: FromHistory): Promise<void> {
    const opened = this.#opened;
    switch (message.kind) {
      case "ready":
        return;
      case "open":
        this.#opened = null;
        await this.parts.memory.keepOpened(message.runId);
        return this.#send();
      case "back":
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
      case "continueRun": {
        const state = opened?.config.runId === message.runId ? opened : await this.#find(message.runId);
        return state ? this.parts.continueRun(state) : undefined;
      }
    }
  }

  async #find(runId: string): Promise<RunState | null> {
    return loadRun((await this.parts.engine()).store, runId);
  }
}
