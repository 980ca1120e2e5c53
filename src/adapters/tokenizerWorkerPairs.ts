import * as v from "valibot";

/** No token has these bytes. */
const NONE = 0x7fffffff;
const SLOTS = 1 << 19;
/** Pieces whose counts are kept; longer ones would hold on to the text they are a part of. */
const MOST_KEPT = 20_000;
const LONGEST_KEPT = 12;

const Ranks = v.object({ pat_str: v.string() });

/** The bytes of all tokens behind each other, by rank, and a hash table from bytes to rank. */
interface Table {
  readonly bytes: Uint8Array;
  /** Where the token of a rank begins; it ends where the next begins. */
  readonly starts: Uint32Array;
  readonly slots: Int32Array;
}

/**
 * Counts as tiktoken's `encode_ordinary` does, from the same ranks, but in tables of 5 MB in place of a wasm of 45: for
 * a process whose memory counts. `file` is tiktoken's JSON of an encoding, as bytes. Texts must be cut by `piecesOf`.
 */
export function createPairCounter(file: Buffer): (text: string) => number {
  const key = '"bpe_ranks":"';
  const from = file.indexOf(key) + key.length;
  const to = file.indexOf('"', from);
  if (from < key.length || to < 0) throw new Error("not the ranks of an encoding");
  const rest = file.toString("latin1", 0, from) + file.toString("latin1", to);
  const pattern = patternOf(v.parse(Ranks, JSON.parse(rest)).pat_str);
  const countPiece = pieceCounter(readTable(file, from, to));
  const known = new Map<string, number>();
  return (text) => {
    let tokens = 0;
    for (const [piece] of text.matchAll(pattern)) {
      const kept = known.get(piece);
      const count = kept ?? countPiece(piece);
      if (kept === undefined && piece.length <= LONGEST_KEPT) known.set(piece, count);
      tokens += count;
    }
    if (known.size > MOST_KEPT) known.clear();
    return tokens;
  };
}

/** Rust's syntax in JavaScript's: case folding within the pattern, and what counts as white space. */
function patternOf(rust: string): RegExp {
  const pattern = rust
    .replace(/\(\?i:([^)]*)\)/g, (_, letters: string) => `(?:${letters.replace(/[a-z]/g, bothCases)})`)
    .replaceAll("\\s", "\\p{White_Space}")
    .replaceAll("\\S", "\\P{White_Space}");
  return new RegExp(pattern, "gu");
}

/** The long s folds to s. */
function bothCases(letter: string): string {
  return `[${letter}${letter.toUpperCase()}${letter === "s" ? "ſ" : ""}]`;
}

/** The ranks are written as `! <first rank> <base64> <base64> …`, lines joined by an escaped line end. */
function readTable(file: Buffer, from: number, to: number): Table {
  const bytes = new Uint8Array(to - from);
  const starts = new Uint32Array(Math.ceil((to - from) / 4));
  const slots = new Int32Array(SLOTS).fill(-1);
  let length = 0;
  let rank = 0;
  for (let at = from; at < to; ) {
    let end = at;
    while (end < to && !isGap(file[end])) end += 1;
    if (file[at] === 0x21) {
      const number = end + 1;
      for (end = number; !isGap(file[end]); ) end += 1;
      rank = Number(file.toString("latin1", number, end));
    } else if (end > at) {
      const start = length;
      starts[rank] = start;
      length += decodeBase64(file, at, end, bytes, start);
      let slot = hash(bytes, start, length);
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) % SLOTS;
      slots[slot] = rank;
      rank += 1;
      starts[rank] = length;
    }
    at = file[end] === 0x5c ? end + 2 : end + 1;
  }
  return { bytes: bytes.slice(0, length), starts: starts.slice(0, rank + 1), slots };
}

/** A space, the backslash of an escaped line end, or the end. */
function isGap(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x5c || byte === 0x22 || byte === undefined;
}

const BASE64 = new Map(
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].map((sign, value) => [sign.charCodeAt(0), value]),
);

function decodeBase64(file: Buffer, from: number, to: number, into: Uint8Array, start: number): number {
  let bits = 0;
  let value = 0;
  let length = 0;
  for (let at = from; at < to; at += 1) {
    const six = BASE64.get(file[at] ?? 0);
    if (six === undefined) continue;
    value = ((value << 6) | six) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    into[start + length] = value >> bits;
    length += 1;
  }
  return length;
}

/** FNV-1a of the bytes, as a slot. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0x811c9dc5;
  for (let at = from; at < to; at += 1) sum = Math.imul(sum ^ (bytes[at] ?? 0), 0x01000193);
  return (sum ^ (sum >>> 15)) & (SLOTS - 1);
}

/** Byte-pair merging: the pair with the lowest rank first, the leftmost of equals. */
function pieceCounter({ bytes, starts, slots }: Table): (piece: string) => number {
  const encoder = new TextEncoder();
  let text = new Uint8Array(4096);
  let bounds = new Int32Array(4097);
  let ranks = new Int32Array(4097);

  const rankOf = (from: number, to: number): number => {
    for (let slot = hash(text, from, to); ; slot = (slot + 1) % SLOTS) {
      const rank = slots[slot] ?? -1;
      if (rank < 0) return NONE;
      const start = starts[rank] ?? 0;
      if ((starts[rank + 1] ?? 0) - start !== to - from) continue;
      let same = 0;
      while (same < to - from && bytes[start + same] === text[from + same]) same += 1;
      if (same === to - from) return rank;
    }
  };

  return (piece) => {
    if (piece.length * 3 > text.length) {
      text = new Uint8Array(piece.length * 3);
      bounds = new Int32Array(text.length + 1);
      ranks = new Int32Array(text.length + 1);
    }
    const length = encoder.encodeInto(piece, text).written;
    if (rankOf(0, length) !== NONE) return 1;
    // Part n spans bounds[n] to bounds[n + 1]; ranks[n] is the rank of parts n and n + 1 joined.
    let parts = length;
    for (let at = 0; at <= length; at += 1) bounds[at] = at;
    for (let at = 0; at + 1 < length; at += 1) ranks[at] = rankOf(at, at + 2);
    for (;;) {
      let best = NONE;
      let joined = -1;
      for (let at = 0; at + 1 < parts; at += 1) {
        const rank = ranks[at] ?? NONE;
        if (rank < best) {
          best = rank;
          joined = at;
        }
      }
      if (joined < 0) return parts;
      bounds.copyWithin(joined + 1, joined + 2, parts + 1);
      ranks.copyWithin(joined + 1, joined + 2, parts);
      parts -= 1;
      if (joined + 1 < parts) ranks[joined] = rankOf(bounds[joined] ?? 0, bounds[joined + 2] ?? 0);
      if (joined > 0) ranks[joined - 1] = rankOf(bounds[joined - 1] ?? 0, bounds[joined + 1] ?? 0);
    }
  };
}
