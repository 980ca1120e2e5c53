import type { Fields } from "../core/fields";
import { numberAt } from "./openaiWire";

/** The usage of an answer as it was told, be it in running counts, halves or repeats, and how far the answer was then. */
export class ToldUsage {
  #usage: Fields | null = null;
  #progress = 0;
  #isLastWord = false;
  #isOutdated = false;

  /** As sent; `null` if there is none, or something that may have held a newer one could not be read. */
  get value(): Fields | null {
    return this.#isOutdated ? null : this.#usage;
  }

  /** Output tokens as far as they were counted aloud. */
  get output(): number {
    return this.#usage ? (numberAt(this.#usage, "completion_tokens") ?? 0) : 0;
  }

  /** Whether it was told when the answer was as far as it is now. */
  coversAll(progress: number): boolean {
    return this.value !== null && this.#progress === progress;
  }

  /** Whether it is the bill and no running count, though the end of the answer may have been missed. */
  isBillOf(progress: number): boolean {
    return this.coversAll(progress) && this.#isLastWord;
  }

  /**
   * The last usage counts, with two exceptions: halves of one (input first, output at the end) are put together, and a
   * count that shrinks is not believed.
   */
  note(usage: Fields, progress: number, isLastWord: boolean): void {
    const before = this.#usage;
    const lacks = before && COUNTS.some((key) => before[key] !== undefined && usage[key] === undefined);
    const next = lacks ? { ...before, ...usage } : usage;
    if (!before || size(next) >= size(before)) this.#usage = next;
    this.#progress = progress;
    this.#isLastWord = isLastWord;
    this.#isOutdated = false;
  }

  /** To be called for what could not be read. */
  outdate(): void {
    this.#isOutdated = true;
  }
}

const COUNTS = ["prompt_tokens", "completion_tokens", "input_tokens", "output_tokens"] as const;

function size(usage: Fields): number {
  return COUNTS.reduce((sum, key) => sum + (numberAt(usage, key) ?? 0), 0);
}
