import { realpath } from "node:fs/promises";
import { messageOf } from "../core/errors";
import type { RunStore } from "../core/history";
import type { Agent, FileStamp, ImportedRun, ImportFind, ImportPlace, ImportReport, ImportRequest } from "../core/imports";
import { claudeRuns } from "./importClaude";
import { codexRuns } from "./importCodex";
import { miniRuns } from "./importMini";
import { openHandsRuns } from "./importOpenHands";
import { defaultPlaces, filesAt, type ImportFile, survey } from "./importPlaces";
import { importedRecordings } from "./importRecorded";
import { type FoundRun, importedRun, type PriceLookUp } from "./importRun";
import { sweRuns } from "./importSwe";
import { ImportTally, type ReadWatch } from "./importTally";
import type { PriceCatalog } from "./priceCatalog";

/** A reader that finds more in a file than the one before reads the files again. */
const READERS = 1;
/** Turns written in one transaction: long enough to be quick, short enough that nobody waits for it. */
const BATCH_TURNS = 300;

/** How much there is at these places, or where agents usually keep their history. */
export function findHistories(places: readonly ImportPlace[] | null, signal: AbortSignal): Promise<readonly ImportFind[]> {
  return survey(places ?? defaultPlaces(), signal);
}

/**
 * Reads the histories of other agents into the store; their files are opened for reading alone. Oldest files first, so
 * that a call that was copied is counted where it was made. A file that cannot be read is told and hides no other; one
 * that has not changed since it was imported is not read again. Stopping it keeps what was read before. Throws if a
 * place is not there, or if the store takes no imports.
 */
export async function importHistory(
  request: ImportRequest,
  store: Pick<RunStore, "importRuns" | "importedFiles">,
  prices: PriceCatalog,
): Promise<ImportReport> {
  const { places, signal } = request;
  const writer = new BatchWriter(store);
  // A store that takes no imports says so before anything is read.
  await store.importRuns({ runs: [], files: [] });
  const known = new Map((await store.importedFiles()).map(({ path, stamp }) => [path, stamp]));
  const tally = new ImportTally();
  const priceOf = priceLookUp(prices);
  const broken: { path: string; why: string }[] = [];
  const progress = { files: 0, filesInAll: 0, bytes: 0, bytesInAll: 0, runs: 0 };
  const say = () => request.onProgress?.({ ...progress, runs: writer.runs });
  let skippedFiles = 0;
  let cancelled = false;
  try {
    const files = await allFiles(places, signal);
    progress.filesInAll = files.length;
    progress.bytesInAll = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of files) {
      signal.throwIfAborted();
      say();
      const stamp = stampOf(file);
      const upTo = progress.bytes + file.bytes;
      if (known.get(file.path) === stamp) {
        skippedFiles += 1;
      } else {
        const onBytes = (bytes: number) => {
          progress.bytes = Math.min(upTo, progress.bytes + bytes);
          say();
        };
        const why = await importFile(file, { path: file.path, stamp }, { signal, onBytes, tally }, writer, priceOf);
        if (why !== null) broken.push({ path: file.path, why });
      }
      progress.files += 1;
      progress.bytes = upTo;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    cancelled = true;
  }
  await writer.flush();
  say();
  return {
    ...writer.counts,
    ...{ files: progress.files, skippedFiles, bytes: progress.bytes, unknownKinds: tally.unknownKinds },
    ...{ badLines: tally.badLines, longLines: tally.longLines, broken, cancelled },
  };
}

/** Each file once, however it was named, oldest first. */
async function allFiles(places: readonly ImportPlace[], signal: AbortSignal): Promise<readonly ImportFile[]> {
  const files = new Map<string, ImportFile>();
  for (const place of places) {
    const path = await realpath(place.path).catch(() => {
      throw new Error(`there is nothing at ${place.path} that can be read`);
    });
    for (const file of await filesAt({ ...place, path }, signal)) files.set(file.path, file);
  }
  return [...files.values()].sort((a, b) => a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1));
}

function stampOf({ agent, bytes, mtimeMs }: ImportFile): string {
  return `${agent} ${READERS} ${bytes} ${mtimeMs}`;
}

/** Returns why the file could not be read to its end; what was found before that is kept. */
async function importFile(
  file: ImportFile,
  stamp: FileStamp,
  watch: ReadWatch,
  writer: BatchWriter,
  priceOf: (agent: Agent, model: string) => ReturnType<PriceLookUp>,
): Promise<string | null> {
  const runs = runsOf(file, watch)[Symbol.asyncIterator]();
  for (;;) {
    watch.signal.throwIfAborted();
    let next: IteratorResult<FoundRun | ImportedRun>;
    try {
      next = await runs.next();
    } catch (error) {
      watch.signal.throwIfAborted();
      return messageOf(error);
    }
    if (next.done) break;
    await writer.take("calls" in next.value ? await importedRun(next.value, (model) => priceOf(file.agent, model)) : next.value);
  }
  await writer.finished(stamp);
  return null;
}

function runsOf({ agent, path }: ImportFile, watch: ReadWatch): AsyncIterable<FoundRun | ImportedRun> {
  switch (agent) {
    case "claude-code":
      return claudeRuns(path, watch);
    case "codex":
      return codexRuns(path, watch);
    case "mini-swe-agent":
      return miniRuns(path, watch);
    case "swe-agent":
      return sweRuns(path, watch);
    case "openhands":
      return openHandsRuns(path, watch);
    case "recorded":
      return importedRecordings(path);
  }
}

/** Whom an agent asks by itself; it may be set to ask another, so that the list price of the maker is the second try. */
const OWN_PROVIDER: { readonly [agent in Agent]?: string } = {
  "claude-code": "https://api.anthropic.com/v1",
  codex: "https://api.openai.com/v1",
};
/** An address that says nothing of who serves it. */
const ANYBODY = "https://proxy.invalid/v1";

function priceLookUp(prices: PriceCatalog): (agent: Agent, model: string) => ReturnType<PriceLookUp> {
  const found = new Map<string, ReturnType<PriceLookUp>>();
  const lookUp = async (agent: Agent, model: string) => {
    const own = OWN_PROVIDER[agent];
    const told = (own && (await prices.priceOf(model, own))) || (await prices.priceOf(model, ANYBODY));
    // What a proxy puts before the name of a model does not make it another one.
    return told ?? prices.priceOf(model.replace(/^.*\//, ""), ANYBODY);
  };
  return (agent, model) => {
    const key = `${agent} ${model}`;
    const price = found.get(key) ?? lookUp(agent, model);
    found.set(key, price);
    return price;
  };
}

/** Writes runs in batches. A file counts as read only together with the last of its runs. */
class BatchWriter {
  counts = { added: 0, replaced: 0, unchanged: 0 };
  runs = 0;
  #runs: ImportedRun[] = [];
  #files: FileStamp[] = [];
  #turns = 0;

  constructor(private readonly store: Pick<RunStore, "importRuns">) {}

  async take(run: ImportedRun): Promise<void> {
    this.#runs.push(run);
    this.runs += 1;
    this.#turns += run.turns.length;
    if (this.#turns >= BATCH_TURNS) await this.flush();
  }

  async finished(file: FileStamp): Promise<void> {
    this.#files.push(file);
    if (this.#files.length >= BATCH_TURNS) await this.flush();
  }

  async flush(): Promise<void> {
    const [runs, files] = [this.#runs, this.#files];
    this.#runs = [];
    this.#files = [];
    this.#turns = 0;
    const { added, replaced, unchanged } = await this.store.importRuns({ runs, files });
    this.counts = {
      added: this.counts.added + added,
      replaced: this.counts.replaced + replaced,
      unchanged: this.counts.unchanged + unchanged,
    };
  }
}
