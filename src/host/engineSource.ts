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

/** What the rest of the window has to do with the engine that is built. */
export interface EngineUse {
  /** A run holds on to the engine it has. */
  readonly busy: () => boolean;
  /** There is another engine now, with another store: what was shown is of the old one. */
  readonly onRenewed: () => void;
  readonly onTrouble: (cause: unknown) => void;
}

/**
 * The engine, built when it is first needed. A build that failed is tried again at the next need; when the files it was
 * built for are set to others, which an editor may tell only after its windows are up, it is built anew.
 */
export class EngineSource {
  #built: { readonly files: string; readonly engine: Promise<Engine> } | null = null;
  #letGo: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly create: CreateEngine,
    private readonly needs: () => EngineNeeds,
    private readonly use: EngineUse,
  ) {}

  get(): Promise<Engine> {
    if (this.#closed) return Promise.reject(new Error("the window is closing"));
    const needs = this.needs();
    const files = JSON.stringify([needs.storeFile, needs.ripgrepCandidates]);
    const before = this.#built;
    if (before && (before.files === files || this.use.busy())) return before.engine;
    const engine = this.#build(needs, files);
    if (before) {
      this.#letGo = Promise.all([this.#letGo, closed(before.engine)]).then(() => {}, this.use.onTrouble);
      this.use.onRenewed();
    }
    return engine;
  }

  /** Ends every run and closes the store. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#letGo;
    if (this.#built) await closed(this.#built.engine);
  }

  #build(needs: EngineNeeds, files: string): Promise<Engine> {
    const engine = this.create(needs);
    this.#built = { files, engine };
    engine.catch(() => {
      if (this.#built?.engine === engine) this.#built = null;
    });
    return engine;
  }
}

/** Closes an engine that was built; one whose build failed has nothing to close. */
async function closed(building: Promise<Engine>): Promise<void> {
  const engine = await building.catch(() => null);
  await engine?.close();
}
