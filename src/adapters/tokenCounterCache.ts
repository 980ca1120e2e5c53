/** Counts of the texts used last, within a bound on the memory of the texts themselves. */
export class CountCache {
  readonly #mostBytes: number;
  /** In order of use, oldest first. */
  readonly #counts = new Map<string, number>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(text: string): number | undefined {
    const count = this.#counts.get(text);
    if (count === undefined) return undefined;
    this.#counts.delete(text);
    this.#counts.set(text, count);
    return count;
  }

  /** Texts above a quarter of the bound are not kept: one of them would push out what is asked for every turn. */
  set(text: string, count: number): void {
    if (sizeOf(text) > this.#mostBytes / 4) return;
    if (this.#counts.delete(text)) this.#bytes -= sizeOf(text);
    this.#counts.set(text, count);
    this.#bytes += sizeOf(text);
    for (const oldest of this.#counts.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#counts.delete(oldest);
      this.#bytes -= sizeOf(oldest);
    }
  }
}

/** Bytes a text takes at most, its entry included. */
function sizeOf(text: string): number {
  return 2 * text.length + 64;
}
