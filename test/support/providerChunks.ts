import { decode } from "gpt-tokenizer/encoding/o200k_base";
import { tokensOf } from "./providerBill";
import type { Answer, CallCount, ScriptedCall } from "./providerReply";

/** Part of an answer as it is generated: what it adds to the message, and the tokens it costs. */
export interface Piece {
  readonly delta: { readonly [key: string]: unknown };
  readonly tokens: number;
  readonly thinking: boolean;
}

export interface Generated {
  readonly pieces: readonly Piece[];
  readonly finish: string;
  readonly message: { readonly [key: string]: unknown };
}

const DEFAULT_TOKENS_PER_CHUNK = 8;

/** The whole answer in pieces, cut off at `limit` tokens as an honest provider does. */
export function generate(answer: Answer, limit: number | null): Generated {
  const size = answer.tokensPerChunk ?? DEFAULT_TOKENS_PER_CHUNK;
  const pieces: Piece[] = [];
  let left = answer.dishonest || limit === null ? Number.POSITIVE_INFINITY : limit;
  let cutOff = false;
  const emit = (text: string, thinking: boolean, delta: (text: string) => Piece["delta"]): string => {
    let sent = "";
    for (const chunk of chunksOf(text, size)) {
      const fits = chunk.tokens <= left ? chunk : headOf(chunk.text, left);
      if (fits.tokens > 0 || fits.text !== "") pieces.push({ delta: delta(fits.text), tokens: fits.tokens, thinking });
      sent += fits.text;
      left -= fits.tokens;
      if (fits.text !== chunk.text) cutOff = true;
      if (cutOff) break;
    }
    return sent;
  };

  const field = answer.reasoningField ?? "reasoning_content";
  const reasoning = emit(answer.reasoning ?? "", true, (text) => ({ [field]: text }));
  const content = cutOff ? "" : emit(answer.text, false, (text) => ({ content: text }));
  const made: unknown[] = [];
  for (const [index, each] of answer.calls.entries()) {
    if (cutOff || left <= 0) {
      cutOff = true;
      break;
    }
    made.push(emitCall(answer, each, index, emit));
  }
  const message = {
    role: "assistant",
    content: content === "" && made.length > 0 ? null : content,
    ...(reasoning === "" ? {} : { [field]: reasoning }),
    ...(made.length > 0 ? { tool_calls: made } : {}),
    ...answer.extra,
  };
  return { pieces, finish: cutOff ? "length" : made.length > 0 ? "tool_calls" : "stop", message };
}

type Emit = (text: string, thinking: boolean, delta: (text: string) => Piece["delta"]) => string;

function emitCall(answer: Answer, scripted: ScriptedCall, index: number, emit: Emit): unknown {
  const style = answer.callStyle ?? "openai";
  const written = typeof scripted.arguments === "string" ? scripted.arguments : JSON.stringify(scripted.arguments);
  const id = scripted.id ?? `call_${Math.abs(hash(scripted.name + written + index)).toString(36)}`;
  const place = style === "noIndex" ? {} : { index: style === "sameIndex" ? 0 : index };
  const ids = style === "noIds" ? {} : { id };
  const wire = (fn: unknown, first: boolean) => ({
    tool_calls: [{ ...place, ...(first ? { ...ids, type: "function", ...scripted.extra } : {}), function: fn }],
  });
  if (style === "objectArguments") {
    let out = false;
    emit(written, false, () => {
      if (out) return {};
      out = true;
      return wire({ name: scripted.name, arguments: scripted.arguments }, true);
    });
    return { ...ids, type: "function", function: { name: scripted.name, arguments: scripted.arguments }, ...scripted.extra };
  }
  emit(scripted.name, false, () => wire({ name: scripted.name, arguments: "" }, true));
  const named = style === "repeatedNames" ? { name: scripted.name } : {};
  const sent = emit(written, false, (text) => wire({ ...named, arguments: text }, false));
  return { ...ids, type: "function", function: { name: scripted.name, arguments: sent }, ...scripted.extra };
}

/** Texts of whole characters, of about `size` tokens each. */
function* chunksOf(text: string, size: number): Generator<{ readonly text: string; readonly tokens: number }> {
  const tokens = tokensOf(text);
  for (let from = 0; from < tokens.length; ) {
    let to = Math.min(from + size, tokens.length);
    // A character may be spread over tokens: go on to its end.
    while (to < tokens.length && decode(tokens.slice(from, to)).includes("\uFFFD")) to++;
    yield { text: decode(tokens.slice(from, to)), tokens: to - from };
    from = to;
  }
}

function headOf(text: string, tokens: number): { readonly text: string; readonly tokens: number } {
  const head = decode(tokensOf(text).slice(0, Math.max(0, tokens)));
  return { text: head.replace(/\uFFFD+$/, ""), tokens: Math.max(0, tokens) };
}

function hash(text: string): number {
  let value = 7;
  for (const char of text) value = (value * 31 + (char.codePointAt(0) ?? 0)) | 0;
  return value;
}

/** Usage as OpenAI reports it. */
export function openAiUsage(count: CallCount): { readonly [key: string]: unknown } {
  return {
    prompt_tokens: count.promptTokens,
    completion_tokens: count.outputTokens,
    total_tokens: count.promptTokens + count.outputTokens,
    prompt_tokens_details: { cached_tokens: count.cachedTokens },
    completion_tokens_details: { reasoning_tokens: count.reasoningTokens },
  };
}
