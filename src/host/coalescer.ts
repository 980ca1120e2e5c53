/** Does a piece of work at most once per interval: at once if it rested long enough, else when the interval is over. */
export class Coalescer {
  #timer: NodeJS.Timeout | null = null;
  #last = Number.NEGATIVE_INFINITY;
  #disposed = false;

  constructor(
    private readonly work: () => void,
    private readonly intervalMs: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The work is due; many pokes make one piece of work. */
  poke(): void {
    if (this.#timer || this.#disposed) return;
    const wait = this.#last + this.intervalMs - this.now();
    if (wait <= 0) this.flush();
    else this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Does it now. */
  flush(): void {
    if (this.#disposed) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#last = this.now();
    this.work();
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
