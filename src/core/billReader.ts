import { type Fields, isFields } from "./fields";

/** Above this no count is believed: no context is near it. */
const MOST_TOKENS = 100_000_000;

/** Reads counts by path, and remembers what was odd about them. */
export class BillReader {
  readonly anomalies: string[] = [];
  readonly #root: Fields;

  constructor(root: Fields) {
    this.#root = root;
  }

  get isOdd(): boolean {
    return this.anomalies.length > 0;
  }

  odd(what: string): void {
    if (!this.anomalies.includes(what)) this.anomalies.push(what);
  }

  value(path: string): unknown {
    let found: unknown = this.#root;
    for (const key of path.split(".")) found = isFields(found) ? found[key] : undefined;
    return found ?? undefined;
  }

  has(path: string): boolean {
    return this.value(path) !== undefined;
  }

  /** The first of the paths that holds a usable count. */
  first(...paths: string[]): number | null {
    for (const path of paths) {
      const count = this.count(path);
      if (count !== null) return count;
    }
    return null;
  }

  /** What the paths hold of usable counts above 0: where a field is there for form's sake, another one may tell. */
  told(...paths: string[]): readonly number[] {
    return paths.map((path) => this.count(path) ?? 0).filter((count) => count > 0);
  }

  /** The largest of the counts, which is the dearest; `complaint` if they differ. `null` if there is none, not even 0. */
  most(complaint: string, ...paths: string[]): number | null {
    const told = this.told(...paths);
    if (new Set(told).size > 1) this.odd(complaint);
    return told.length > 0 ? Math.max(...told) : this.first(...paths);
  }

  /** A whole number of tokens, or `null` if there is none or none that can be believed. */
  count(path: string): number | null {
    const value = this.value(path);
    if (value === undefined) return null;
    const isText = typeof value === "string" && /^\s*\d+(\.\d+)?\s*$/.test(value);
    const number = isText ? Number(value) : value;
    if (typeof number !== "number" || !(number >= 0) || number > MOST_TOKENS) {
      this.odd(`${path} is not a count of tokens: left out`);
      return null;
    }
    if (isText) this.odd(`${path} is text: read as a number`);
    if (!Number.isInteger(number)) this.odd(`${path} is not whole: rounded up`);
    return Math.ceil(number);
  }
}
