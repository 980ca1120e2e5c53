import path from "node:path";
import { Worker } from "node:worker_threads";
import * as v from "valibot";
import type { TokenCounter } from "../core/ports";
import { CountCache } from "./tokenCounterCache";
import type { Encoding } from "./tokenCounterEncoding";
import { type CountRequest, WorkerReply, type WorkerStart } from "./tokenizerWorkerMessages";

export interface TokenCounterOptions {
  /** Folder of `tokenizerWorker.js`, `tiktoken_bg.wasm` and the ranks; the built product has them beside its bundles. */
  readonly assetsDir: string;
  /** Default `o200k_base`; see `encodingFor`. */
  readonly encoding?: Encoding;
  /** Count from tiktoken's ranks without its wasm: the same figures in 40 MB less, for the command line. */
  readonly lean?: boolean;
  /** How long one request may take before the worker is given up and bounds are used; default 30 s. */
  readonly patienceMs?: number;
}

export interface WorkerTokenCounter extends TokenCounter {
  /** Starts the worker, so that the first `count` finds it ready. */
  warm(): void;
  dispose(): Promise<void>;
}

interface Waiting {
  readonly request: CountRequest;
  readonly resolve: (counts: readonly number[] | null) => void;
  readonly timer: NodeJS.Timeout;
}

const CACHE_BYTES = 4 * 1024 * 1024;
/** Most characters posted at once. A worker asked for 60 million runs out of memory in a way that ends the whole process. */
const MOST_POSTED = 4 * 1024 * 1024;
const DEFAULT_PATIENCE_MS = 30_000;
/** A worker that dies is started again, but not for ever without an answer. */
const MOST_STARTS = 3;
/** Less garbage is kept; measured to lower the peak by 15 MB while still leaving room for texts of several MB. */
const WORKER_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 48 };

/**
 * Counts with tiktoken in a worker thread. The worker starts with the first `count` (or `warm`), holds the process only
 * while counts are waited for, and if it dies or hangs, what was asked is answered with `bound`, as are texts of many MB.
 */
export function createTokenCounter(options: TokenCounterOptions): WorkerTokenCounter {
  return new TiktokenCounter(options);
}

class TiktokenCounter implements WorkerTokenCounter {
  readonly #start: WorkerStart;
  readonly #patienceMs: number;
  readonly #cache = new CountCache(CACHE_BYTES);
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #ready = false;
  #starts = 0;
  #nextId = 0;
  #disposed = false;

  constructor({ assetsDir, encoding = "o200k_base", lean = false, patienceMs = DEFAULT_PATIENCE_MS }: TokenCounterOptions) {
    this.#start = { assetsDir, encoding, lean };
    this.#patienceMs = patienceMs;
  }

  get ready(): boolean {
    return this.#ready;
  }

  bound(text: string): number {
    return Buffer.byteLength(text, "utf8");
  }

  async count(texts: readonly string[]): Promise<readonly number[]> {
    const known = new Map<string, number>();
    const unknown = new Set<string>();
    for (const text of texts) {
      const count = text === "" ? 0 : this.#cache.get(text);
      if (count === undefined) unknown.add(text);
      else known.set(text, count);
    }
    for (const batch of batchesOf([...unknown].filter((text) => text.length <= MOST_POSTED))) {
      const counts = await this.#ask(batch);
      batch.forEach((text, index) => {
        const count = counts?.[index];
        if (count === undefined) return;
        this.#cache.set(text, count);
        known.set(text, count);
      });
    }
    return texts.map((text) => known.get(text) ?? this.bound(text));
  }

  warm(): void {
    this.#running();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#giveUp();
  }

  /** Counts by the worker; `null` if it cannot be had. */
  #ask(texts: string[]): Promise<readonly number[] | null> {
    const worker = this.#running();
    if (!worker) return Promise.resolve(null);
    return new Promise((resolve) => {
      const request = { id: this.#nextId++, texts };
      const timer = setTimeout(() => void this.#giveUp(), this.#patienceMs);
      this.#waiting.set(request.id, { request, resolve, timer });
      worker.ref();
      worker.postMessage(request);
    });
  }

  #running(): Worker | null {
    if (this.#worker || this.#disposed || this.#starts >= MOST_STARTS) return this.#worker;
    this.#starts += 1;
    const file = path.join(this.#start.assetsDir, "tokenizerWorker.js");
    const worker = new Worker(file, { workerData: this.#start, resourceLimits: WORKER_LIMITS });
    worker.unref();
    worker.on("message", (message: unknown) => {
      if (v.is(WorkerReply, message)) this.#take(message);
    });
    // A missing file, a failed start and running out of memory all arrive here, then at `exit`.
    worker.on("error", () => {});
    worker.once("exit", () => {
      if (this.#worker === worker) this.#lost();
    });
    this.#worker = worker;
    return worker;
  }

  #take(reply: WorkerReply): void {
    if (reply.kind === "ready") {
      this.#ready = true;
      return;
    }
    this.#starts = 0;
    this.#settle(reply.id, reply.counts);
  }

  #settle(id: number, counts: readonly number[] | null): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker?.unref();
    waiting.resolve(counts);
  }

  async #giveUp(): Promise<void> {
    const worker = this.#worker;
    this.#lost();
    await worker?.terminate();
  }

  #lost(): void {
    this.#worker = null;
    this.#ready = false;
    for (const id of [...this.#waiting.keys()]) this.#settle(id, null);
  }
}

/** The texts in order, in parts that may be posted at once. */
function batchesOf(texts: readonly string[]): string[][] {
  const batches: string[][] = [];
  let size = MOST_POSTED;
  for (const text of texts) {
    size += text.length;
    if (size > MOST_POSTED) {
      batches.push([]);
      size = text.length;
    }
    batches.at(-1)?.push(text);
  }
  return batches;
}
