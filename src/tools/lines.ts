/**
 * Longer lines are shown, counted and addressed in pieces of this many UTF-16 units: so every text can be read on from a
 * line number, minified files included.
 */
export const MAX_LINE = 2_000;

/** 1-based, inclusive; `to: null` = to the end. */
export interface LineRange {
  readonly from: number;
  readonly to: number | null;
}

export interface LinesTaken {
  /** The lines of the range joined by LF, without the last line's own end. */
  readonly text: string;
  /** The last line in `text`; `from - 1` if it is empty. */
  readonly last: number;
  /** Lines seen in all, up to where taking stopped. */
  readonly seen: number;
  /** Whether it stopped for size before the end of the range. */
  readonly full: boolean;
  /** Whether a line in `text` was broken into pieces. */
  readonly broken: boolean;
}

export interface LineWindow {
  /** Takes the next piece of the text; false = no more is needed. */
  take(piece: string): boolean;
  end(): LinesTaken;
}

/** Collects a range of lines from a text that comes in pieces, keeping no more than the range. CRLF becomes LF. */
export function createLineWindow(range: LineRange, maxChars: number): LineWindow {
  const kept: string[] = [];
  let keptChars = 0;
  let line = 1;
  let column = 0;
  let heldReturn = "";
  let full = false;
  let broken = false;

  const inRange = () => line >= range.from && (range.to === null || line <= range.to);
  const keep = (text: string) => {
    if (!inRange() || text === "") return;
    kept.push(text);
    keptChars += text.length;
  };
  const endLine = () => {
    keep("\n");
    line += 1;
    column = 0;
  };
  const past = () => range.to !== null && line > range.to;
  const takeText = (text: string): boolean => {
    let at = 0;
    while (at < text.length) {
      const newline = text.indexOf("\n", at);
      const lineEnd = newline < 0 ? text.length : newline;
      for (;;) {
        full ||= keptChars >= maxChars;
        if (full || past()) return false;
        const pieceEnd = pieceEndOf(text, at, lineEnd, MAX_LINE - column);
        keep(text.slice(at, pieceEnd));
        column += pieceEnd - at;
        at = pieceEnd;
        if (at === lineEnd) break;
        broken ||= inRange();
        endLine();
      }
      if (newline >= 0) endLine();
      at = lineEnd + 1;
    }
    return !past();
  };

  return {
    take(piece) {
      const joined = heldReturn + piece;
      heldReturn = joined.endsWith("\r") ? "\r" : "";
      const whole = heldReturn ? joined.slice(0, -1) : joined;
      return takeText(whole.includes("\r\n") ? whole.replaceAll("\r\n", "\n") : whole);
    },
    end() {
      if (heldReturn) takeText(heldReturn);
      const text = kept.join("");
      const lastEnd = text.lastIndexOf("\n");
      const cutInLine = full && column > 0 && lastEnd >= 0;
      const seen = column > 0 && !cutInLine ? line : line - 1;
      const last = keptChars === 0 ? range.from - 1 : Math.min(seen, range.to ?? seen);
      return { text: cutInLine || lastEnd === text.length - 1 ? text.slice(0, lastEnd) : text, last, seen, full, broken };
    },
  };
}

/** Where a piece that starts at `at` ends: at the line's end, or after `room` units, never inside a surrogate pair. */
function pieceEndOf(text: string, at: number, lineEnd: number, room: number): number {
  if (lineEnd - at <= room) return lineEnd;
  const end = at + room;
  return end > at && isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

/** The text with lines over `MAX_LINE` broken into pieces, so that any line can be asked for. CRLF becomes LF. */
export function breakLongLines(text: string): string {
  const window = createLineWindow({ from: 1, to: null }, Number.POSITIVE_INFINITY);
  window.take(text);
  return window.end().text;
}

export const withoutReturns = (text: string): string => (text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text);
