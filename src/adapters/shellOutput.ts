/** Collects a text of any length, keeping its beginning and its end. */
export interface BoundedText {
  push(piece: string): void;
  end(): string;
}

/** A cut moves so far to fall on a line end, so that no half line is taken for a whole one. */
const NEAR_CHARS = 2_000;

/** At most `headChars` and `tailChars` are kept; between them stands how much was left out. */
export function createBoundedText(headChars: number, tailChars: number): BoundedText {
  let head = "";
  let tail = "";
  let dropped = 0;
  return {
    push(piece) {
      const room = headChars - head.length;
      head += piece.slice(0, room);
      tail += piece.slice(room);
      if (tail.length < 2 * tailChars) return;
      dropped += tail.length - tailChars;
      tail = tail.slice(-tailChars);
    },
    end() {
      const over = Math.max(0, tail.length - tailChars);
      if (dropped + over === 0) return head + tail;
      const headEnd = endNear(head);
      const tailStart = startNear(tail, over);
      const left = dropped + tailStart + (head.length - headEnd);
      return `${head.slice(0, headEnd).replace(/\n$/, "")}\n[${left} characters left out here]\n${tail.slice(tailStart)}`;
    },
  };
}

/** Where a cut text should end: after its last line end if that is near, never inside a surrogate pair. */
function endNear(text: string): number {
  const lineEnd = text.lastIndexOf("\n") + 1;
  if (lineEnd > 0 && text.length - lineEnd <= NEAR_CHARS) return lineEnd;
  return isSurrogate(text, text.length - 1, 0xd800) ? text.length - 1 : text.length;
}

/** Where the rest of a cut text should start, from `at` on. */
function startNear(text: string, at: number): number {
  const lineStart = text.indexOf("\n", at) + 1;
  if (lineStart > 0 && lineStart - at <= NEAR_CHARS) return lineStart;
  return isSurrogate(text, at, 0xdc00) ? at + 1 : at;
}

/** Whether the unit at an offset is a high (0xd800) or low (0xdc00) surrogate. */
function isSurrogate(text: string, at: number, first: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === first;
}

/** Passes text on for people to watch: at most so often, and at most so much at a time. */
export function createLiveFeed(
  show: (text: string) => void,
  everyMs: number,
  maxChars: number,
): { push(piece: string): void; end(): void } {
  let waiting = "";
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    const text = waiting;
    waiting = "";
    if (text !== "") show(text);
  };
  return {
    push(piece) {
      const all = waiting + piece;
      waiting = all.length > maxChars ? all.slice(-maxChars) : all;
      timer ??= setTimeout(flush, everyMs);
    },
    end: flush,
  };
}
