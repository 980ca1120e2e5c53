import { fullText, type Message, type Opaque, type ToolCall } from "../core/conversation";
import { type Fields, isFields } from "../core/fields";
import type { ModelRequest } from "../core/ports";
import type { Dialect } from "./openaiDialect";
import { wellFormed } from "./openaiWire";

/** A request as it goes out, and which of its parts an endpoint may not know. */
export interface WireRequest {
  /** JSON in UTF-8. */
  readonly body: Uint8Array;
  readonly sent: { readonly toolChoice: boolean; readonly reasoning: boolean };
}

/**
 * Turns requests into bodies whose bytes are stable: fixed key order, nothing undefined. What stays the same from one
 * turn to the next (model, tools, messages) comes first and what varies (choice, output limit) last, so a request begins
 * with the whole of the one before it. Each message is turned into bytes once: a long conversation is copied, not written.
 */
export function createSerialiser(modelId: string, host: string): (request: ModelRequest, dialect: Dialect) => WireRequest {
  const plain = new WeakMap<Message, Buffer>();
  const echoing = new WeakMap<Message, Buffer>();
  return (request, dialect) => {
    const known = dialect.echoReasoning ? echoing : plain;
    const bytesOf = (message: Message) => {
      const bytes = known.get(message) ?? Buffer.from(JSON.stringify(wireMessage(message, dialect.echoReasoning ? host : null)));
      known.set(message, bytes);
      return bytes;
    };
    const hasTools = request.tools.length > 0;
    // `auto` is what every endpoint does by default, so only `none` is said.
    const toolChoice = hasTools && request.toolChoice === "none" && dialect.sendToolChoice;
    const head = {
      model: modelId,
      ...(dialect.markCache ? { cache_control: { type: "ephemeral" } } : {}),
      ...(hasTools ? { tools: request.tools.map((tool) => ({ type: "function", function: tool })) } : {}),
    };
    const tail = {
      ...(toolChoice ? { tool_choice: "none" } : {}),
      ...(dialect.noThinking ? { reasoning_effort: "none" } : {}),
      ...(dialect.streaming ? { stream: true } : {}),
      ...(dialect.streaming && dialect.askUsage ? { stream_options: { include_usage: true } } : {}),
      ...(dialect.limit === "max_completion_tokens" ? {} : { max_tokens: request.maxOutput }),
      ...(dialect.limit === "max_tokens" ? {} : { max_completion_tokens: request.maxOutput }),
    };
    const messages = request.messages.flatMap((message, index) => (index === 0 ? [bytesOf(message)] : [COMMA, bytesOf(message)]));
    const body = Buffer.concat([
      Buffer.from(`${JSON.stringify(head).slice(0, -1)},"messages":[`),
      ...messages,
      Buffer.from(`],${JSON.stringify(tail).slice(1)}`),
    ]);
    const reasoning =
      dialect.echoReasoning && request.messages.some((message) => message.role === "assistant" && !!message.extra);
    return { body, sent: { toolChoice, reasoning } };
  };
}

const COMMA = Buffer.from(",");

/** What a provider wants back is kept with the host it came from, and goes to no other. */
export function keepFor(host: string, fields: Fields): Opaque | undefined {
  return Object.keys(fields).length > 0 ? { host, fields } : undefined;
}

function keptFor(host: string | null, extra: Opaque | undefined): Fields {
  return extra && extra.host === host && isFields(extra.fields) ? extra.fields : {};
}

function wireMessage(message: Message, host: string | null): Fields {
  switch (message.role) {
    case "system":
    case "user":
      return { role: message.role, content: wellFormed(fullText(message)) };
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: wellFormed(fullText(message)) };
    case "assistant": {
      const calls = message.toolCalls;
      return {
        role: "assistant",
        content: message.text === "" && calls.length > 0 ? null : wellFormed(message.text),
        ...keptFor(host, message.extra),
        ...(calls.length > 0 ? { tool_calls: calls.map((call) => wireCall(call, host)) } : {}),
      };
    }
  }
}

function wireCall(call: ToolCall, host: string | null): Fields {
  return {
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: wellFormed(call.arguments) },
    ...keptFor(host, call.extra),
  };
}
