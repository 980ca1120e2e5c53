import * as v from "valibot";
import type { StampedEvent } from "../core/agentEvent";

/** Which events are kept. The others are for live views: what they tell comes again in a later event. */
const STORED = {
  started: true,
  resumed: true,
  userMessage: true,
  turnStarted: true,
  reserved: true,
  delta: false,
  charged: true,
  released: true,
  retrying: true,
  assistant: true,
  approvalAsked: true,
  approvalAnswered: true,
  toolStarted: true,
  toolOutput: false,
  toolEnded: true,
  nudged: true,
  planned: true,
  extensionWished: true,
  forecast: true,
  hinted: true,
  extended: true,
  extensionAsked: true,
  extensionRefused: true,
  capsChanged: true,
  ending: false,
  landing: true,
  noted: true,
  warning: true,
  ended: true,
} as const satisfies { readonly [kind in StampedEvent["kind"]]: boolean };

export function isStored(event: StampedEvent): boolean {
  return STORED[event.kind];
}

const Stamp = v.object({ kind: v.string(), seq: v.number(), at: v.number() });

/**
 * A stored event; `null` for a kind this version does not know (a newer one wrote it). Beyond kind, place and time the
 * shape is taken on trust: only this program writes events. Throws if `value` is no event at all.
 */
export function storedEvent(value: unknown): StampedEvent | null {
  if (!v.is(Stamp, value)) throw new Error("a stored event has no kind, place or time");
  return isStampedEvent(value) ? withLaterFields(value) : null;
}

/** Gives an event of an earlier version the fields that came later: nothing is known of them. */
function withLaterFields(event: StampedEvent): StampedEvent {
  switch (event.kind) {
    case "extended":
    case "extensionAsked":
    case "extensionRefused":
      return { ...event, evidence: { ...{ chance: null, wish: null }, ...event.evidence } };
    case "noted":
      return { ...event, note: { ...{ commands: [], open: [] }, ...event.note } };
    default:
      return event;
  }
}

function isStampedEvent(value: v.InferOutput<typeof Stamp>): value is StampedEvent {
  return Object.hasOwn(STORED, value.kind);
}
