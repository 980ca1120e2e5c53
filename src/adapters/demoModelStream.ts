import type { PromptBill } from "./demoModelBill";
import { roughTokens } from "./demoModelBill";
import type { DemoRequest } from "./demoModelRequest";
import type { DemoAnswer } from "./demoScript";

/** One bit of an answer as it goes over the wire, and its share of the output tokens. */
interface Piece {
  readonly delta: { readonly [key: string]: unknown };
  readonly tokens: number;
  readonly reasoning: boolean;
}

export interface Delivery {
  readonly answer: DemoAnswer;
  readonly request: DemoRequest;
  readonly bill: PromptBill;
  /** Waits before a piece of so many tokens; returns whether anybody still listens. */
  readonly pause: (tokens: number) => Promise<boolean>;
}

/** The events of a streamed answer, cut at the request's output limit. Ends early when nobody listens any more. */
export async function* streamed({ answer, request, bill, pause }: Delivery): AsyncGenerator<object> {
  const frame = frameOf(request, "chat.completion.chunk");
  const choice = (delta: object, finish: string | null) => ({ ...frame, choices: [{ index: 0, delta, finish_reason: finish }] });
  const taken = upTo(request.maxOutput, piecesOf(answer, request));
  yield choice({ role: "assistant", content: "" }, null);
  for (const piece of taken.pieces) {
    if (!(await pause(piece.tokens))) return;
    yield choice(piece.delta, null);
  }
  yield choice({}, finishOf(answer, taken.cut));
  if (request.usageInStream) yield { ...frame, choices: [], usage: usageOf(taken.pieces, bill) };
}

/** The same answer in one object. */
export function whole({ answer, request, bill }: Omit<Delivery, "pause">): object {
  const { pieces, cut } = upTo(request.maxOutput, piecesOf(answer, request));
  const calls = answer.calls.map((call, index) => wireCall(call, index, request));
  const message = {
    role: "assistant",
    content: joined(pieces, "content"),
    ...(answer.thought ? { reasoning_content: joined(pieces, "reasoning_content") } : {}),
    ...(calls.length > 0 && !cut ? { tool_calls: calls } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: finishOf(answer, cut) }];
  return { ...frameOf(request, "chat.completion"), choices, usage: usageOf(pieces, bill) };
}

function frameOf({ messages, model }: DemoRequest, object: string): object {
  return { id: `chatcmpl-demo-${messages.length}`, object, created: 1_767_225_600, model };
}

function piecesOf({ thought = "", text, calls }: DemoAnswer, request: DemoRequest): Piece[] {
  return [
    ...words(thought).map((word) => ({ delta: { reasoning_content: word }, tokens: roughTokens(word), reasoning: true })),
    ...words(text).map((word) => ({ delta: { content: word }, tokens: roughTokens(word), reasoning: false })),
    ...calls.flatMap((call, index) => callPieces(call, index, request)),
  ];
}

function callPieces(call: DemoAnswer["calls"][number], index: number, request: DemoRequest): Piece[] {
  const wire = wireCall(call, index, request);
  const opening = { index, ...wire, function: { ...wire.function, arguments: "" } };
  const inPieces = words(wire.function.arguments).map((piece) => ({
    delta: { tool_calls: [{ index, function: { arguments: piece } }] },
    tokens: roughTokens(piece),
    reasoning: false,
  }));
  return [{ delta: { tool_calls: [opening] }, tokens: 6, reasoning: false }, ...inPieces];
}

/** Ids are the same for the same conversation and never repeat within one. */
function wireCall({ tool, args }: DemoAnswer["calls"][number], index: number, { messages }: DemoRequest) {
  return {
    id: `call_demo_${messages.length}_${index}`,
    type: "function",
    function: { name: tool, arguments: JSON.stringify(args) },
  };
}

function words(text: string): string[] {
  return text.match(/\s*\S{1,24}\s*$|\s*\S{1,24}/g) ?? [];
}

function upTo(limit: number, pieces: readonly Piece[]): { readonly pieces: readonly Piece[]; readonly cut: boolean } {
  let tokens = 0;
  const end = pieces.findIndex((piece) => {
    tokens += piece.tokens;
    return tokens > limit;
  });
  return end < 0 ? { pieces, cut: false } : { pieces: pieces.slice(0, end), cut: true };
}

function finishOf({ calls }: DemoAnswer, cut: boolean): string {
  if (cut) return "length";
  return calls.length > 0 ? "tool_calls" : "stop";
}

function usageOf(pieces: readonly Piece[], { prompt, cached }: PromptBill): object {
  const output = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  const reasoning = pieces.reduce((sum, piece) => sum + (piece.reasoning ? piece.tokens : 0), 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function joined(pieces: readonly Piece[], key: string): string {
  return pieces.map((piece) => (typeof piece.delta[key] === "string" ? piece.delta[key] : "")).join("");
}
