export interface Disposable {
  dispose(): unknown;
}

/** Things made by one owner, let go in reverse order. What arrives after the end is let go at once. */
export class Disposables {
  readonly #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).reverse()) item.dispose();
  }
}
