import { useEffect, useState } from "preact/hooks";
import { SHOWN_MESSAGE_CHARS } from "../../protocol/limits";
import type { RunModel } from "../../protocol/sidebar";
import { isRecord } from "../shared/channel";

interface Memory {
  load(): { readonly [key: string]: unknown };
  save(state: { readonly [key: string]: unknown }): void;
}

/** What was sent, and what the run shown had been told by then. */
interface Sent {
  readonly text: string;
  readonly runId: string | null;
  readonly messages: number;
}

interface Draft {
  readonly text: string;
  edit(text: string): void;
  /** It was sent, trimmed; whether it arrives is seen later. */
  send(text: string): void;
}

/**
 * The unsent text, kept over reloads. It leaves the box when the run shown was told it, and not before: a start that was
 * refused loses no words, and neither does a run that goes on for another reason.
 */
export function useDraft(memory: Memory, run: RunModel | null): Draft {
  const [{ text, sent }, set] = useState(() => recall(memory));
  const keep = (next: { readonly text: string; readonly sent: Sent | null }) => {
    set(next);
    memory.save({ draft: next.text, sent: next.sent ?? undefined });
  };
  const arrived = sent !== null && run !== null && wasTold(run, sent);
  useEffect(() => {
    if (arrived) keep({ text: text.trim() === sent.text ? "" : text, sent: null });
  }, [arrived]);
  return {
    text,
    edit: (next) => keep({ text: next, sent }),
    send: (words) => keep({ text, sent: { text: words, runId: run?.runId ?? null, messages: run?.messages.length ?? 0 } }),
  };
}

function wasTold({ runId, messages }: RunModel, sent: Sent): boolean {
  const isNew = runId !== sent.runId || messages.length > sent.messages;
  return isNew && messages.at(-1)?.text === sent.text.slice(0, SHOWN_MESSAGE_CHARS);
}

function recall(memory: Memory): { readonly text: string; readonly sent: Sent | null } {
  const { draft, sent } = memory.load();
  return { text: typeof draft === "string" ? draft : "", sent: parseSent(sent) };
}

function parseSent(value: unknown): Sent | null {
  if (!isRecord(value)) return null;
  const { text, runId, messages } = value;
  if (typeof text !== "string" || typeof messages !== "number") return null;
  return runId === null || typeof runId === "string" ? { text, runId, messages } : null;
}
