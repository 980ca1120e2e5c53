import type { StampedEvent } from "../core/agentEvent";
import type { HistoryGroup, RunStore, RunSummary, SpendRow } from "../core/history";
import type { Clock } from "../core/ports";
import { JournalWriter, readJournals } from "./journalStoreFile";
import { isStored } from "./storeEvents";
import { type FoldedRun, type FoldedTurn, foldRun, foldTurn, MAX_TURN_COUNTS, PROCESS_GONE } from "./storeFold";
import { spendOf } from "./storeSpend";
import { keyedText } from "./storeTexts";

/** Most bytes of texts kept in memory. */
const MAX_TEXTS_BYTES = 64 * 1024 * 1024;

/**
 * The record of runs where there is no database: a journal file per process in `folder`, or memory alone if that is
 * `null` or cannot be written to. Shows this process's runs and those that were in the folder when it was first asked; another window's newer
 * ones appear after a restart. Texts of edits are kept in memory only.
 */
export class JournalStore implements RunStore {
  readonly #runs = new Map<string, JournalRun>();
  readonly #texts = new Map<string, string>();
  #textBytes = 0;
  #writer: JournalWriter | "memory" | null = null;
  #read = false;

  constructor(
    readonly folder: string | null,
    readonly clock: Clock,
    readonly degraded: string,
  ) {}

  async append(runId: string, event: StampedEvent): Promise<void> {
    if (!isStored(event)) return;
    if (!this.#runs.has(runId)) this.#readOthers();
    const run = this.#runs.get(runId) ?? new JournalRun(runId);
    const take = run.check(event);
    const writer = this.#writing();
    if (writer !== "memory") writer.write(runId, event);
    take();
    this.#runs.set(runId, run);
  }

  async events(runId: string): Promise<readonly StampedEvent[]> {
    if (!this.#runs.has(runId)) this.#readOthers();
    return this.#runs.get(runId)?.events ?? [];
  }

  async runs(query: { readonly limit: number; readonly projectPath?: string }): Promise<readonly RunSummary[]> {
    const { projectPath, limit } = query;
    const wanted = this.#newest().filter((run) => projectPath === undefined || run.project.path === projectPath);
    return wanted.slice(0, limit);
  }

  async spend(group: HistoryGroup): Promise<readonly SpendRow[]> {
    this.#readOthers();
    return spendOf(this.#runs.values(), group);
  }

  async turnCounts(query: { readonly model: string; readonly projectPath?: string }): Promise<readonly number[]> {
    return this.#newest()
      .filter((run) => run.model === query.model && run.outcome?.kind === "done" && !run.demo)
      .filter((run) => query.projectPath === undefined || run.project.path === query.projectPath)
      .slice(0, MAX_TURN_COUNTS)
      .map((run) => run.turns);
  }

  async saveText(text: string): Promise<string | null> {
    const keyed = keyedText(text);
    if (!keyed) return null;
    const { key, bytes } = keyed;
    if (this.#texts.has(key)) return key;
    if (this.#textBytes + bytes.length > MAX_TEXTS_BYTES) return null;
    this.#textBytes += bytes.length;
    this.#texts.set(key, text);
    return key;
  }

  async loadText(key: string): Promise<string | null> {
    return this.#texts.get(key) ?? null;
  }

  async close(): Promise<void> {
    if (this.#writer instanceof JournalWriter) this.#writer.close();
    this.#writer = "memory";
  }

  #newest(): readonly RunSummary[] {
    this.#readOthers();
    const summaries = [...this.#runs.values()].map((run) => run.summary).reverse();
    return summaries.sort((a, b) => b.startedAt - a.startedAt);
  }

  #writing(): JournalWriter | "memory" {
    if (this.#writer) return this.#writer;
    try {
      this.#writer = this.folder === null ? "memory" : new JournalWriter(this.folder, this.clock.now());
    } catch {
      this.#writer = "memory";
    }
    return this.#writer;
  }

  /** Takes in, once, what other processes have left; runs of dead ones that did not end are interrupted. */
  #readOthers(): void {
    if (this.#read || this.folder === null) return;
    this.#read = true;
    const own = this.#writer instanceof JournalWriter ? this.#writer.file : null;
    const found = new Map<string, { events: StampedEvent[]; writerGone: boolean }>();
    for (const { entries, writerGone } of readJournals(this.folder, this.clock.now(), own)) {
      for (const { runId, event } of entries) {
        const events = found.get(runId)?.events ?? [];
        events.push(event);
        found.set(runId, { events, writerGone });
      }
    }
    for (const [runId, { events, writerGone }] of found) {
      const run = this.#runs.has(runId) ? null : replay(runId, events, writerGone);
      if (run) this.#runs.set(runId, run);
    }
  }
}

class JournalRun {
  #folded: FoldedRun | null = null;
  readonly #turns = new Map<number, FoldedTurn>();
  readonly #events: StampedEvent[] = [];

  constructor(readonly runId: string) {}

  get summary(): RunSummary {
    if (!this.#folded) throw new Error(`run "${this.runId}" has not started`);
    return this.#folded.summary;
  }

  get turns(): Iterable<FoldedTurn> {
    return this.#turns.values();
  }

  get events(): readonly StampedEvent[] {
    return this.#events;
  }

  /** Returns what takes the event in. Throws on an event out of place, as the database does. */
  check(event: StampedEvent): () => void {
    const { runId } = this;
    const folded = foldRun(this.#folded, event);
    if (folded.summary.runId !== runId)
      throw new Error(`run "${runId}" cannot start with the config of "${folded.summary.runId}"`);
    const last = this.#events.at(-1);
    if (last && last.seq >= event.seq) throw new Error(`place ${event.seq} of run "${runId}" is taken`);
    return () => {
      const turn = "turn" in event ? foldTurn(this.#turns.get(event.turn) ?? null, event) : null;
      if (turn) this.#turns.set(turn.turn, turn);
      this.#folded = folded;
      this.#events.push(event);
    };
  }
}

/** `null` if the events do not make a run. */
function replay(runId: string, events: readonly StampedEvent[], writerGone: boolean): JournalRun | null {
  try {
    const run = new JournalRun(runId);
    for (const event of events.toSorted((a, b) => a.seq - b.seq)) run.check(event)();
    const last = run.events.at(-1);
    if (last && writerGone && run.summary.outcome === null) {
      run.check({ seq: last.seq + 1, at: last.at, kind: "ended", outcome: { kind: "interrupted", reason: PROCESS_GONE } })();
    }
    return run;
  } catch {
    return null;
  }
}
