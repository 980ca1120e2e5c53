import { messageOf } from "../core/errors";

export type StoreFault = "busy" | "full" | "readOnly" | "damaged" | "newer" | "foreign" | "closed" | "io";

/** The store could not do what was asked; the message is for people. Nothing of the failed call was written. */
export class StoreError extends Error {
  constructor(
    readonly fault: StoreFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "StoreError";
  }
}

/** Takes a sentence for the log, about something that is no reason to stop. */
export type Say = (text: string) => void;

/** SQLite's primary result codes that mean something to people (https://sqlite.org/rescode.html). */
const FAULTS: ReadonlyMap<number, StoreFault> = new Map([
  [3, "readOnly"],
  [5, "busy"],
  [6, "busy"],
  [8, "readOnly"],
  [10, "io"],
  [11, "damaged"],
  [13, "full"],
  [14, "io"],
  [23, "readOnly"],
  [26, "foreign"],
]);

/** What SQLite complained about, or `null` if `error` is not from SQLite or is our own mistake. */
export function sqliteFault(error: unknown): StoreFault | null {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return null;
  return FAULTS.get(error.errcode & 0xff) ?? null;
}

/** Turns a fault of SQLite into words; anything else comes back as it is. */
export function asStoreError(error: unknown, file: string): unknown {
  const fault = sqliteFault(error);
  return fault === null ? error : new StoreError(fault, describe(fault, file, error), { cause: error });
}

function describe(fault: StoreFault, file: string, error: unknown): string {
  const detail = messageOf(error);
  switch (fault) {
    case "busy":
      return `the store is locked by another program: ${file}`;
    case "full":
      return `the disk of the store is full: ${file}`;
    case "readOnly":
      return `the store may not be written to: ${file}`;
    case "damaged":
      return `the store is damaged (${detail}): ${file}`;
    case "foreign":
      return `this is not a Turnpike store: ${file}`;
    case "newer":
    case "closed":
    case "io":
      return `the store cannot be used (${detail}): ${file}`;
  }
}
