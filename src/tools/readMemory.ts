/** What the model has already been given of which file: so that no text is paid for twice, and none overwritten unseen. */
export interface ReadMemory {
  /** The turn in which this same text of this range went to the model whole; `null` = it did not. */
  seenIn(key: string, text: string): number | null;
  /** Called when a text is given. The answer takes it back: call it when the text was cut after all. */
  given(key: string, text: string, turn: number): () => void;
  /** Called when some of a file is given, with the digest of all of it. */
  saw(path: string, version: string): void;
  /** Called when a tool has written: a version made from one that was known is known. `null` = there was no such file. */
  wrote(path: string, before: string | null, after: string): void;
  /** Whether the model has seen a file, and in this very version. */
  knows(path: string, text: string): "yes" | "unread" | "otherVersion";
}

export function createReadMemory(): ReadMemory {
  // The conversation holds these same texts, so keeping them costs nothing.
  const given = new Map<string, { readonly text: string; readonly turn: number }>();
  const versions = new Map<string, string>();
  return {
    seenIn(key, text) {
      const earlier = given.get(key);
      return earlier?.text === text ? earlier.turn : null;
    },
    given(key, text, turn) {
      const entry = { text, turn };
      given.set(key, entry);
      return () => {
        if (given.get(key) === entry) given.delete(key);
      };
    },
    saw(path, version) {
      versions.set(path, version);
    },
    wrote(path, before, after) {
      if (before === null || versions.get(path) === digest(before)) versions.set(path, digest(after));
    },
    knows(path, text) {
      const version = versions.get(path);
      if (version === undefined) return "unread";
      return version === digest(text) ? "yes" : "otherVersion";
    },
  };
}

/** The digest of a text that comes in pieces. */
export interface Digest {
  take(piece: string): void;
  end(): string;
}

/** Length and a 53-bit hash (cyrb53): enough to tell versions of one file apart, not for anything hostile. */
export function createDigest(): Digest {
  let length = 0;
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  return {
    take(piece) {
      length += piece.length;
      for (let i = 0; i < piece.length; i += 1) {
        const unit = piece.charCodeAt(i);
        high = Math.imul(high ^ unit, 2654435761);
        low = Math.imul(low ^ unit, 1597334677);
      }
    },
    end() {
      const first = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
      const second = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
      return `${length}:${4294967296 * (2097151 & second) + (first >>> 0)}`;
    },
  };
}

export function digest(text: string): string {
  const whole = createDigest();
  whole.take(text);
  return whole.end();
}
