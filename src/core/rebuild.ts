import { firstConversation } from "./activeRun";
import type { StampedEvent } from "./agentEvent";
import { append, type Conversation, markSent, type ToolCall, withTail } from "./conversation";
import { withholdResults } from "./landing";
import { NOT_RUN } from "./prompt";

/**
 * The conversation of a run from its events, byte for byte as it was sent, so that a resumed run finds its prefix in
 * the provider's cache. Calls that never got a result get the same words that the loop gives them.
 */
export function rebuildConversation(events: readonly StampedEvent[]): Conversation {
  let conversation: Conversation = { messages: [], sent: 0 };
  let open: ToolCall[] = [];
  const closeOpen = () => {
    for (const call of open) conversation = append(conversation, { role: "tool", callId: call.id, text: NOT_RUN });
    open = [];
  };
  for (const event of events) {
    switch (event.kind) {
      case "started":
        conversation = firstConversation(event.system, event.config.task);
        break;
      case "userMessage":
      case "nudged":
        closeOpen();
        conversation = append(conversation, { role: "user", text: event.text });
        break;
      case "turnStarted":
        closeOpen();
        if (event.withheld) conversation = withholdResults(conversation);
        if (event.tail !== null) conversation = withTail(conversation, event.tail);
        break;
      case "assistant": {
        conversation = markSent(conversation);
        const { text, toolCalls, extra } = event;
        if (text.trim() === "" && toolCalls.length === 0) break;
        conversation = append(conversation, { role: "assistant", text, toolCalls, ...(extra ? { extra } : {}) });
        open = [...toolCalls];
        break;
      }
      case "toolEnded":
        open = open.filter((call) => call.id !== event.callId);
        conversation = append(conversation, { role: "tool", callId: event.callId, text: event.text });
        break;
      default:
        break;
    }
  }
  closeOpen();
  return conversation;
}
