/** What the model has already been given of which file, so that the same text is not paid for twice. */
export interface ReadMemory {
  /** The turn in which this same text of this range went to the model whole; `null` = it did not. */
  seenIn(key: string, text: string): number | null;
  /** Called when a text is given. The answer takes it back: call it when the text was cut after all. */
  given(key: string, text: string, turn: number): () => void;
  /** To be called when earlier results have left the conversation. */
  forget(): void;
}

export function createReadMemory(): ReadMemory {
  // The conversation holds these same texts, so keeping them costs nothing.
  const given = new Map<string, { readonly text: string; readonly turn: number }>();
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
    forget() {
      given.clear();
    },
  };
}

/** Length and a 53-bit hash (cyrb53): enough to tell versions of one file apart, not for anything hostile. */
export function digest(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return `${text.length}:${4294967296 * (2097151 & low) + (high >>> 0)}`;
}
