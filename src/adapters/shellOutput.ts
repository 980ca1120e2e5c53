/** Collects a text of any length, keeping its beginning and its end. */
export interface BoundedText {
  push(piece: string): void;
  end(): string;
}

/** At most `headChars` and `tailChars` are kept; between them stands how much was left out. */
export function createBoundedText(headChars: number, tailChars: number): BoundedText {
  const head: string[] = [];
  let headRoom = headChars;
  const tail: string[] = [];
  let tailLength = 0;
  let dropped = 0;

  const pushTail = (piece: string) => {
    tail.push(piece);
    tailLength += piece.length;
    for (let first = tail[0]; first !== undefined && tailLength - first.length >= tailChars; first = tail[0]) {
      tail.shift();
      tailLength -= first.length;
      dropped += first.length;
    }
  };

  return {
    push(piece) {
      const toHead = piece.slice(0, headRoom);
      if (toHead !== "") head.push(toHead);
      headRoom -= toHead.length;
      if (toHead.length < piece.length) pushTail(piece.slice(toHead.length));
    },
    end() {
      const start = head.join("");
      const rest = tail.join("");
      const over = Math.max(0, rest.length - tailChars);
      if (dropped + over === 0) return start + rest;
      // Cut at line ends, so that no half line is taken for a whole one.
      const startEnd = start.lastIndexOf("\n") + 1 || start.length;
      const restStart = rest.indexOf("\n", over) + 1 || over;
      const left = dropped + restStart + (start.length - startEnd);
      return `${start.slice(0, startEnd).replace(/\n$/, "")}\n[${left} characters left out here]\n${rest.slice(restStart)}`;
    },
  };
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
