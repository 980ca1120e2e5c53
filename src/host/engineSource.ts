import type { Engine } from "../core/engine";

/** What the engine is built from; see `createEngine` in `src/engine.ts`. */
export interface EngineNeeds {
  /** Folder of the worker, the wasm and the ranks. */
  readonly assetsDir: string;
  /** `null` = the user's own store. */
  readonly storeFile: string | null;
  readonly ripgrepCandidates: readonly string[];
  readonly outputsDir: string;
  /** Absolute paths of the files with unsaved changes in an editor, as of now; left out = there is no editor. */
  readonly unsavedFiles?: () => readonly string[];
  readonly log: (line: string) => void;
}

export type CreateEngine = (needs: EngineNeeds) => Promise<Engine>;

/** The engine, built when it is first needed. A build that failed is tried again at the next need. */
export class EngineSource {
  #built: Promise<Engine> | null = null;
  #closed = false;

  constructor(
    private readonly create: CreateEngine,
    private readonly needs: () => EngineNeeds,
  ) {}

  get(): Promise<Engine> {
    if (this.#closed) return Promise.reject(new Error("the window is closing"));
    if (!this.#built) {
      const built = this.create(this.needs());
      this.#built = built;
      built.catch(() => {
        if (this.#built === built) this.#built = null;
      });
    }
    return this.#built;
  }

  /** Ends every run and closes the store. */
  async close(): Promise<void> {
    this.#closed = true;
    const engine = await this.#built?.catch(() => null);
    await engine?.close();
  }
}
