import { open } from "node:fs/promises";

/** A longer line is passed over: no agent writes calls of this size, only results with pictures or whole files. */
export const MAX_LINE_BYTES = 32 * 1024 * 1024;
/** Read at once; between two readings others get to work. */
const CHUNK_BYTES = 128 * 1024;
const NEWLINE = 0x0a;

export interface LineReading {
  /** Lines that were too long to be read. */
  readonly longLines: number;
}

/** `unfinished`: the file ends within this line, and its writer may not be done with it. */
export type OnLine = (line: Buffer, unfinished: boolean) => void;

/**
 * Gives every line of a file to `onLine`, in bytes that are good only until it returns. Opens for reading alone, keeps
 * one chunk and one line in memory, and lets others work between chunks. Blank lines are left out.
 */
export async function readLines(
  file: string,
  onLine: OnLine,
  options: { readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void; readonly maxLineBytes?: number },
): Promise<LineReading> {
  const { signal, onBytes, maxLineBytes = MAX_LINE_BYTES } = options;
  const handle = await open(file, "r");
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const lines = new LineJoiner(onLine, maxLineBytes);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return lines.end();
      lines.push(chunk.subarray(0, bytesRead));
      onBytes(bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Makes lines of chunks. What is kept of a line that goes on is a copy, for the chunk is used again. */
class LineJoiner {
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #isTooLong = false;
  #longLines = 0;

  constructor(
    private readonly onLine: OnLine,
    private readonly maxLineBytes: number,
  ) {}

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, at), false);
      this.#finish(false);
      from = at + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from), true);
  }

  end(): LineReading {
    this.#finish(true);
    return { longLines: this.#longLines };
  }

  #add(part: Buffer, goesOn: boolean): void {
    if (this.#isTooLong) return;
    this.#begunBytes += part.length;
    if (this.#begunBytes > this.maxLineBytes) {
      this.#isTooLong = true;
      this.#begun = [];
    } else {
      this.#begun.push(goesOn ? Buffer.from(part) : part);
    }
  }

  #finish(unfinished: boolean): void {
    const [first, ...more] = this.#begun;
    const isTooLong = this.#isTooLong;
    this.#begun = [];
    this.#begunBytes = 0;
    this.#isTooLong = false;
    if (isTooLong) this.#longLines += 1;
    else if (first) this.#give(more.length === 0 ? first : Buffer.concat([first, ...more]), unfinished);
  }

  #give(line: Buffer, unfinished: boolean): void {
    if (!isBlank(line)) this.onLine(line, unfinished);
  }
}

function isBlank(line: Buffer): boolean {
  const first = line[0] ?? 0x20;
  return first <= 0x20 && line.toString("latin1").trim() === "";
}

/** The JSON of a line; `undefined` if it is none. Bytes that are no UTF-8 become replacement characters. */
export function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8").replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
