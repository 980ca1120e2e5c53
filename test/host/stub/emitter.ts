import { Disposable } from "./things";

export class EventEmitter<T> {
  readonly #listeners = new Set<(value: T) => unknown>();

  readonly event = (listener: (value: T) => unknown, _this?: unknown, owned?: Disposable[]): Disposable => {
    this.#listeners.add(listener);
    const subscription = new Disposable(() => this.#listeners.delete(listener));
    owned?.push(subscription);
    return subscription;
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
