import type { Outcome, StampedEvent } from "../core/agentEvent";
import type { HistoryGroup, RecordingQuery, RunQuery, RunStore, RunSummary, SpendRow } from "../core/history";
import { type FileStamp, type ImportCounts, OWN_SOURCE } from "../core/imports";
import { modelKey } from "../core/modelName";
import type { Clock } from "../core/ports";
import type { PastLength, RecordedRun } from "../core/recordedRun";
import { byRun, JournalRun, recordingOf, replay } from "./journalRun";
import { type Journal, JournalFolder, JournalWriter } from "./journalStoreFile";
import { isStored } from "./storeEvents";
import { hasEnded, MAX_LENGTHS } from "./storeFold";
import { spendOf } from "./storeSpend";
import { keyedText } from "./storeTexts";

/** Most bytes of texts kept in memory. */
const MAX_TEXTS_BYTES = 64 * 1024 * 1024;

/**
 * The record of runs where there is no database: a journal file per process in `folder`, or memory alone if that is
 * `null` or cannot be written to. Shows this process's runs and those of the others in the folder: as running while
 * their process lives. Texts of edits are kept in memory only.
 */
export class JournalStore implements RunStore {
  readonly #runs = new Map<string, JournalRun>();
  readonly #texts = new Map<string, string>();
  #textBytes = 0;
  #writer: JournalWriter | "memory" | null = null;
  readonly #others: JournalFolder | null;
  /** Runs that were written here, whoever began them. */
  readonly #own = new Set<string>();
  /** Those of them that go on here. */
  readonly #here = new Set<string>();
  /** The journals of others as they were when they were last taken in. */
  #seen: readonly Journal[] = [];

  constructor(
    readonly folder: string | null,
    readonly clock: Clock,
    readonly degraded: string,
  ) {
    this.#others = folder === null ? null : new JournalFolder(folder);
  }

  async append(runId: string, event: StampedEvent): Promise<void> {
    if (!isStored(event)) return;
    if (!this.#here.has(runId)) this.#readOthers();
    const run = this.#runs.get(runId) ?? new JournalRun(runId);
    const take = run.check(event);
    const writer = this.#writing();
    if (writer !== "memory") writer.write(runId, event);
    take();
    this.#runs.set(runId, run);
    this.#own.add(runId);
    if (run.summary.outcome === null) this.#here.add(runId);
    else this.#here.delete(runId);
  }

  async events(runId: string): Promise<readonly StampedEvent[]> {
    if (!this.#here.has(runId)) this.#readOthers();
    return this.#runs.get(runId)?.events ?? [];
  }

  async runs({ limit, projectPath, source = OWN_SOURCE }: RunQuery): Promise<readonly RunSummary[]> {
    if (source !== OWN_SOURCE) return [];
    const wanted = this.#newest().filter((run) => projectPath === undefined || run.project.path === projectPath);
    return wanted.slice(0, limit);
  }

  async spend(group: HistoryGroup): Promise<readonly SpendRow[]> {
    this.#readOthers();
    return spendOf(this.#runs.values(), group);
  }

  async lengths(query: { readonly model: string; readonly projectPath: string | null }): Promise<readonly PastLength[]> {
    const { model, projectPath } = query;
    return this.#past()
      .filter(({ summary }) => modelKey(summary.model) === modelKey(model))
      .slice(0, MAX_LENGTHS)
      .map(({ summary, outcome }) => ({
        turns: summary.turns,
        ended: hasEnded(outcome.kind, outcome.reason),
        model: summary.model,
        here: summary.project.path === projectPath,
        imported: false,
      }));
  }

  async recordings({ models, projectPath, sources, limit }: RecordingQuery): Promise<readonly RecordedRun[]> {
    if (sources && !sources.includes(OWN_SOURCE)) return [];
    const keys = models && new Set(models.map(modelKey));
    return this.#past()
      .filter(({ summary }) => !keys || keys.has(modelKey(summary.model)))
      .filter(({ summary }) => projectPath === undefined || summary.project.path === projectPath)
      .slice(0, limit)
      .map(({ summary }) => recordingOf(summary, this.#runs.get(summary.runId)?.events ?? []));
  }

  importRuns(): Promise<ImportCounts> {
    return Promise.reject(new Error(`History of other agents can only be imported into the shared store. ${this.degraded}`));
  }

  async importedFiles(): Promise<readonly FileStamp[]> {
    return [];
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

  /** Runs that have ended, newest first, without play money. */
  #past(): readonly { readonly summary: RunSummary; readonly outcome: Outcome }[] {
    return this.#newest().flatMap((summary) =>
      summary.outcome === null || summary.demo || summary.turns === 0 ? [] : [{ summary, outcome: summary.outcome }],
    );
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

  /** Takes in what other processes have left and leave; runs of dead ones that did not end are interrupted. */
  #readOthers(): void {
    if (!this.#others) return;
    const own = this.#writer instanceof JournalWriter ? this.#writer.file : null;
    const journals = this.#others.read(this.clock.now(), own);
    if (isSame(journals, this.#seen)) return;
    this.#seen = journals;
    for (const runId of [...this.#runs.keys()]) if (!this.#own.has(runId)) this.#runs.delete(runId);
    const entries = journals.flatMap(({ writerGone, entries }) => entries.map((entry) => ({ ...entry, writerGone })));
    for (const [runId, found] of byRun(entries)) {
      if (this.#here.has(runId)) continue;
      const known = this.#runs.get(runId)?.events ?? [];
      // A run that was resumed has several writers: whoever wrote last may still be at it.
      const last = found.reduce((newest, entry) => (entry.event.seq >= newest.event.seq ? entry : newest));
      if (last.event.seq < (known.at(-1)?.seq ?? 0)) continue;
      const run = replay(runId, [...known, ...found.map(({ event }) => event)], last.writerGone);
      if (run) this.#runs.set(runId, run);
    }
  }
}

/** Contents that have not changed are the same object. */
function isSame(journals: readonly Journal[], before: readonly Journal[]): boolean {
  return (
    journals.length === before.length &&
    journals.every((each, at) => each.entries === before[at]?.entries && each.writerGone === before[at].writerGone)
  );
}
