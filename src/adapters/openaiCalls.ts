import type { ToolCall } from "../core/conversation";
import type { Fields } from "../core/fields";
import { keepFor } from "./openaiRequest";
import { fieldsAt, isJsonObject, numberAt, textAt } from "./openaiWire";

interface Draft {
  readonly index: number | null;
  id: string;
  name: string;
  arguments: string;
  kept: Fields;
}

/**
 * Assembles tool calls from their pieces. Providers agree on little: some leave out ids or indexes, give every call the
 * index 0, repeat the name with each piece, make up an id for each, or send the arguments as an object or twice.
 */
export class CallAssembler {
  readonly #drafts: Draft[] = [];
  readonly #takenIds: ReadonlySet<string>;
  readonly #firstNumber: number;

  /** @param takenIds ids of the calls already in the conversation, to which new ones must not be mistaken */
  constructor(takenIds: ReadonlySet<string>) {
    this.#takenIds = takenIds;
    this.#firstNumber = takenIds.size + 1;
  }

  get count(): number {
    return this.#drafts.length;
  }

  /** Whether the arguments of every call are whole. */
  get sound(): boolean {
    return this.#drafts.every((draft) => draft.arguments.trim() === "" || isJsonObject(draft.arguments));
  }

  /** Takes one piece; returns the text it added. */
  add(piece: Fields): string {
    const made = fieldsAt(piece, "function") ?? piece;
    const id = textAt(piece, "id") ?? "";
    const name = textAt(made, "name") ?? "";
    const written = argumentsOf(made);
    const index = numberAt(piece, "index");
    const draft = this.#find(index, id, name, written) ?? this.#start(index);
    const isNew = draft.name === "";
    draft.id ||= id;
    draft.name = longerName(draft.name, name);
    // Whole again, or whole at last after an empty object for a start: in place of what was there.
    const isAnew = written.trimStart().startsWith("{") && isJsonObject(draft.arguments);
    draft.arguments = isAnew ? written : draft.arguments + written;
    for (const key of ["extra_content", "provider_specific_fields"]) {
      const kept = fieldsAt(piece, key);
      if (kept) draft.kept = { ...draft.kept, [key]: kept };
    }
    return isNew ? name + written : written;
  }

  finished(host: string): ToolCall[] {
    const used = new Set(this.#takenIds);
    return this.#drafts
      .filter((draft) => draft.name !== "" || draft.arguments !== "")
      .map((draft, at) => {
        const id = draft.id !== "" && !used.has(draft.id) ? draft.id : freeId(this.#firstNumber + at, used);
        used.add(id);
        const extra = keepFor(host, draft.kept);
        const written = draft.arguments.trim() === "" ? "{}" : draft.arguments;
        return { id, name: draft.name, arguments: written, ...(extra ? { extra } : {}) };
      });
  }

  /** The call a piece belongs to, or none if it starts a new one. */
  #find(index: number | null, id: string, name: string, written: string): Draft | undefined {
    const known = this.#drafts.find((draft) => id !== "" && draft.id === id && (index === null || draft.index === index));
    if (known) return known;
    const draft = index === null ? this.#drafts.at(-1) : this.#drafts.findLast((each) => each.index === index);
    // A new id begins a new call, unless it is one of those that come with every piece.
    if (!draft || (id !== "" && draft.id !== "" && name !== "")) return undefined;
    // Another whole call under the same index: a name again, though the last one's arguments are complete.
    const again = name !== "" && (name !== draft.name || written.trimStart().startsWith("{"));
    return again && isJsonObject(draft.arguments) ? undefined : draft;
  }

  #start(index: number | null): Draft {
    const draft: Draft = { index, id: "", name: "", arguments: "", kept: {} };
    this.#drafts.push(draft);
    return draft;
  }
}

function argumentsOf(made: Fields): string {
  const written = made.arguments;
  if (typeof written === "string") return written;
  return typeof written === "object" && written !== null ? JSON.stringify(written) : "";
}

/** Names come whole, whole again with each piece, or (rarely) in pieces. */
function longerName(known: string, piece: string): string {
  if (piece === "" || piece === known) return known;
  return piece.startsWith(known) ? piece : known + piece;
}

function freeId(from: number, used: ReadonlySet<string>): string {
  let number = from;
  while (used.has(`call_${number}`)) number++;
  return `call_${number}`;
}
