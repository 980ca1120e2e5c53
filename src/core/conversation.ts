/** A JSON value a provider sent along and wants back unchanged (thought signatures, reasoning details). */
export type Opaque = { readonly [key: string]: unknown };

export interface ToolCall {
  readonly id: string;
  readonly name: string;
  /** The arguments as the model wrote them: JSON text, not yet checked. */
  readonly arguments: string;
  readonly extra?: Opaque;
}

export type Message =
  | { readonly role: "system"; readonly text: string }
  | { readonly role: "user"; readonly text: string; readonly tail?: string }
  | { readonly role: "assistant"; readonly text: string; readonly toolCalls: readonly ToolCall[]; readonly extra?: Opaque }
  | { readonly role: "tool"; readonly callId: string; readonly text: string; readonly tail?: string };

/** A message as it is sent: what it says, and the line put at its end. */
export function fullText(message: Message): string {
  if (message.role === "system" || message.role === "assistant" || message.tail === undefined) return message.text;
  return message.text === "" ? message.tail : `${message.text}\n\n${message.tail}`;
}

/**
 * The messages of a run. What was answered is never altered: the list only grows, and only what no answer has come to
 * yet may get a tail (a reminder). So every request begins with the whole of the last one that was answered.
 */
export interface Conversation {
  readonly messages: readonly Message[];
  /** How many of `messages` a provider has already seen. */
  readonly sent: number;
}

export const NO_CONVERSATION: Conversation = { messages: [], sent: 0 };

export function append(conversation: Conversation, ...messages: Message[]): Conversation {
  return { ...conversation, messages: [...conversation.messages, ...messages] };
}

/** Puts a line at the tail of the newest message. Throws if that message was already sent or is the model's own. */
export function withTail(conversation: Conversation, line: string): Conversation {
  const last = conversation.messages.at(-1);
  if (!last || conversation.messages.length <= conversation.sent || last.role === "assistant" || last.role === "system") {
    throw new Error("a reminder needs a new message from the user or a tool to stand on");
  }
  const tail = last.tail === undefined ? line : `${last.tail}\n\n${line}`;
  return { ...conversation, messages: conversation.messages.with(-1, { ...last, tail }) };
}

export function markSent(conversation: Conversation): Conversation {
  return { ...conversation, sent: conversation.messages.length };
}

const LONGEST_NAME = 64;

/**
 * A model's call as it can be sent back. Several endpoints refuse the whole conversation over past arguments that are
 * not a JSON object, or over a name with characters they do not know; a cut answer has the one, an odd model the other.
 */
export function sendable(call: ToolCall): ToolCall {
  const name = call.name.replace(/[^a-zA-Z0-9_-]/g, "_").slice(0, LONGEST_NAME) || "unknown";
  const text = sendableArguments(call.arguments);
  return name === call.name && text === call.arguments ? call : { ...call, name, arguments: text };
}

function sendableArguments(written: string): string {
  if (written.trim() === "") return "{}";
  return isJsonObject(written) ? written : JSON.stringify({ not_valid_json: written });
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
