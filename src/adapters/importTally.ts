import type { LineReading } from "./importLines";

/** Names of kinds come from files of others: more of them than this are counted together. */
const MOST_KINDS = 200;
const MOST_KIND_CHARS = 60;

/** What was passed over in reading, to be told in the end. */
export class ImportTally {
  readonly #kinds = new Map<string, number>();
  badLines = 0;
  longLines = 0;

  /** A line or event of a kind that is not known here. */
  unknown(kind: string): void {
    const name = kind.slice(0, MOST_KIND_CHARS);
    const counted = this.#kinds.has(name) || this.#kinds.size < MOST_KINDS ? name : "(others)";
    this.#kinds.set(counted, (this.#kinds.get(counted) ?? 0) + 1);
  }

  /** A line that ends with its file was not finished: that is no fault of the file. */
  lines({ longLines }: LineReading): void {
    this.longLines += longLines;
  }

  get unknownKinds(): { readonly [kind: string]: number } {
    return Object.fromEntries([...this.#kinds].sort((a, b) => b[1] - a[1]));
  }
}

/** What a reader needs besides its file. */
export interface ReadWatch {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
  readonly tally: ImportTally;
}
