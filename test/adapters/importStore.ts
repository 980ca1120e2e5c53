import { cpSync, mkdirSync } from "node:fs";
import path from "node:path";
import { importHistory } from "../../src/adapters/importHistory";
import { createPriceCatalog } from "../../src/adapters/priceCatalog";
import type { SqliteStore } from "../../src/adapters/sqliteStore";
import type { Agent, ImportProgress } from "../../src/core/imports";
import { openForTest } from "./sqliteOpen";
import { scratchFolder } from "./storeSamples";

declare const __TEST_ROOT__: string;

export const FIXTURES = path.join(__TEST_ROOT__, "test/fixtures/import");

/** A store with a folder beside it, to import from. */
export class ImportedStore {
  readonly scratch = scratchFolder();
  #store: SqliteStore | null = null;
  #count = 0;
  folder = "";

  /** A fresh store and an empty folder. */
  async open(): Promise<void> {
    this.#count += 1;
    this.folder = path.join(this.scratch.path, `from-${this.#count}`);
    mkdirSync(this.folder);
    this.#store = await openForTest(path.join(this.scratch.path, `${this.#count}.db`));
  }

  get runs() {
    if (!this.#store) throw new Error("the store is not open");
    return this.#store.runs;
  }

  async close(): Promise<void> {
    await this.#store?.close();
    this.#store = null;
  }

  /** Copies fixtures into the folder. */
  copy(from: string, to = from): string {
    const place = path.join(this.folder, to);
    cpSync(path.join(FIXTURES, from), place, { recursive: true });
    return place;
  }

  import(
    agent: Agent | null,
    place = this.folder,
    options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: ImportProgress) => void } = {},
  ) {
    const prices = createPriceCatalog(() => new Date("2026-11-01"));
    const signal = options.signal ?? new AbortController().signal;
    return importHistory({ ...options, signal, places: [{ agent, path: place }] }, this.runs, prices);
  }

  /** The only run there is, with its turns. */
  async only() {
    const [summary, ...others] = await this.runs.runs({ limit: 9 });
    const [recorded] = await this.runs.recordings({ limit: 9 });
    if (!summary || !recorded || others.length > 0) throw new Error(`${others.length + 1} runs where one was expected`);
    return { summary, turns: recorded.turns, recorded };
  }

  async usd(): Promise<number> {
    return (await this.runs.spend("policy")).reduce((sum, row) => sum + row.usd, 0) / 1e9;
  }
}
