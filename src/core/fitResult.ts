import type { TokenCounter, ToolResult } from "./ports";

/** Tool results up to this many tokens go to the model whole; a larger one is cut to `CUT_TOKENS`. */
export const WHOLE_TOKENS = 8_000;
export const CUT_TOKENS = 2_000;
/** Left free of a cut result, for the reminder that may stand at its end. */
const REMINDER_TOKENS = 80;
const HEAD_TOKENS = 1_250;
const TAIL_TOKENS = 550;
/** No text of this size has 8,000 tokens or fewer, unless it is white space: it is cut without counting it all. */
const SURELY_LARGE_CHARS = 400_000;
/** Characters taken for a first cut; counted and scaled from there. */
const SAMPLE_CHARS = 8_000;

export interface FittedResult {
  readonly text: string;
  /** `null` = not counted. */
  readonly tokens: number | null;
  readonly truncated: boolean;
}

/**
 * Cuts a tool result to what the model should read: whole, or head, tail and how to read the rest by range. Up to
 * `wholeTokens` are taken whole, `CUT_TOKENS` in any case.
 */
export async function fitResult(
  result: ToolResult,
  counter: TokenCounter,
  save: () => string,
  wholeTokens = WHOLE_TOKENS,
): Promise<FittedResult> {
  const { text } = result;
  const most = Math.max(CUT_TOKENS, Math.min(WHOLE_TOKENS, wholeTokens));
  // No tokenizer makes more tokens than bytes, so a short text is known to fit before it is counted.
  if (!counter.ready && counter.bound(text) <= most) return { text, tokens: null, truncated: false };
  if (text.length < SURELY_LARGE_CHARS) {
    const tokens = first(await counter.count([text]));
    if (tokens <= most) return { text, tokens, truncated: false };
  }
  let readOn = result.readOn ?? readOutput(save());
  for (let share = 1; ; share *= 0.9) {
    // A path may be so long that the way to read on takes all the room.
    if (share < 0.1) readOn = readOutput(save());
    const head = text.slice(0, await charsFor(text.slice(0, SAMPLE_CHARS), HEAD_TOKENS * share, counter));
    const tail = text.slice(text.length - (await charsFor(text.slice(-SAMPLE_CHARS), TAIL_TOKENS * share, counter)));
    const cut = joinCut(text, wholeLines(head, "end"), wholeLines(tail, "start"), readOn);
    const tokens = first(await counter.count([cut]));
    if (tokens <= CUT_TOKENS - REMINDER_TOKENS || share < 0.01) return { text: cut, tokens, truncated: true };
  }
}

function readOutput(id: string): (fromLine: number) => string {
  return (fromLine) => `read_output {"id":"${id}","from":${fromLine}}`;
}

/** How many characters of `sample` make about `tokens` tokens. */
async function charsFor(sample: string, tokens: number, counter: TokenCounter): Promise<number> {
  const counted = first(await counter.count([sample]));
  return counted <= tokens ? sample.length : Math.floor((sample.length * tokens) / counted);
}

/** Cuts at a line end when that keeps most of the piece; a single very long line is cut anywhere. */
function wholeLines(piece: string, side: "start" | "end"): string {
  const at = side === "end" ? piece.lastIndexOf("\n") + 1 : piece.indexOf("\n") + 1;
  if (at === 0) return piece;
  const kept = side === "end" ? piece.slice(0, at) : piece.slice(at);
  return kept.length >= piece.length / 2 ? kept : piece;
}

function joinCut(text: string, head: string, tail: string, readOn: (fromLine: number) => string): string {
  const lines = countLines(text);
  const headLines = countLines(head);
  const tailLines = countLines(tail);
  const left = lines - headLines - tailLines;
  const what = left > 0 ? `${left} of ${lines} lines` : `${text.length - head.length - tail.length} characters`;
  // A head that was cut inside a line is read on from that line.
  const next = head.endsWith("\n") ? headLines + 1 : headLines;
  return `${head}\n[${what} left out here; read on with ${readOn(next)}]\n${tail}`;
}

/** Lines of a text: its line ends, and one more if something follows the last. */
export function countLines(text: string): number {
  let lines = text === "" || text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

function first(counts: readonly number[]): number {
  return counts[0] ?? 0;
}
