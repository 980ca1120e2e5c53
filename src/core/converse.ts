import type { AgentEvent } from "./agentEvent";
import { append, type Conversation, type Message, markSent, NO_CONVERSATION, sendable, withTail } from "./conversation";
import { NOT_RUN, WITHHELD } from "./prompt";

/**
 * The one place where a conversation changes: a fold of a run's events, as its state is. The live loop and a resumed run
 * therefore send the same bytes, and the provider's cache still knows them.
 */
export function converse(conversation: Conversation, event: AgentEvent): Conversation {
  switch (event.kind) {
    case "started":
      return append(NO_CONVERSATION, { role: "system", text: event.system }, { role: "user", text: event.config.task });
    case "resumed":
      return event.segment === "fresh" ? { messages: conversation.messages.slice(0, 1), sent: 0 } : conversation;
    case "userMessage":
    case "nudged":
      return append(answerAll(conversation), { role: "user", text: event.text });
    case "turnStarted":
      return beginTurn(conversation, event);
    case "assistant": {
      const { text, toolCalls, extra } = event;
      const sent = markSent(conversation);
      if (text.trim() === "" && toolCalls.length === 0) return sent;
      return append(sent, { role: "assistant", text, toolCalls: toolCalls.map(sendable), ...(extra ? { extra } : {}) });
    }
    case "toolEnded":
      return append(conversation, { role: "tool", callId: event.callId, text: event.text });
    default:
      return conversation;
  }
}

export function conversationOf(events: Iterable<AgentEvent>): Conversation {
  let conversation = NO_CONVERSATION;
  for (const event of events) conversation = converse(conversation, event);
  return conversation;
}

/** What is sent at the beginning of a turn: every call has its result, and the newest message its tail. */
export function beginTurn(
  conversation: Conversation,
  { tail, withheld }: { readonly tail: string | null; readonly withheld: boolean },
): Conversation {
  const answered = answerAll(conversation);
  const afforded = withheld ? withholdResults(answered) : answered;
  return tail === null ? afforded : withTail(afforded, tail);
}

/** A request is valid only if each call has a result: those that were never run get words for one. */
function answerAll(conversation: Conversation): Conversation {
  const { messages } = conversation;
  const newest = messages.findLastIndex((message) => message.role === "assistant");
  const calls = messages[newest]?.role === "assistant" ? messages[newest].toolCalls : [];
  const answered = new Set(messages.slice(newest + 1).map((message) => (message.role === "tool" ? message.callId : null)));
  const missing = calls.filter((call) => !answered.has(call.id));
  return append(conversation, ...missing.map((call): Message => ({ role: "tool", callId: call.id, text: NOT_RUN })));
}

/** Results that no provider has seen yet may still be left out, so that the landing fits what is left. */
function withholdResults(conversation: Conversation): Conversation {
  const messages = conversation.messages.map((message, index) =>
    index >= conversation.sent && message.role === "tool" && message.text.length > WITHHELD.length
      ? { ...message, text: WITHHELD }
      : message,
  );
  return { ...conversation, messages };
}
