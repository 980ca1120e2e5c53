import type { Outcome, StampedEvent } from "../core/agentEvent";
import { NO_TOTALS, type RunState, type Totals } from "../core/runState";
import { jsonLine, totalsFields } from "./jsonLines";
import { textLines } from "./textLines";

/** Prints a run as it goes. JSON closes with one line `ended`, however the command ends. */
export class RunPrinter {
  readonly #json: boolean;
  readonly #write: (line: string) => void;
  #state: RunState | null = null;
  #ended = false;

  constructor(json: boolean, write: (line: string) => void) {
    this.#json = json;
    this.#write = write;
  }

  take(event: StampedEvent, state: RunState): void {
    this.#state = state;
    this.#ended ||= event.kind === "ended";
    const lines = this.#json ? [jsonLine(event, state)] : textLines(event, state);
    for (const text of lines) if (text !== null) this.#write(text);
  }

  /** Closes what no event has ended: a run that could not start, or that is left before it is settled. */
  close(outcome: Outcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const { totals, turns } = leftTotals(this.#state);
    if (this.#json) this.#write(JSON.stringify({ kind: "ended", outcome, totals: totalsFields(totals, turns) }));
  }
}

/** What a run has come to when nothing more is heard of it: a call in flight will cost what nobody knows yet. */
function leftTotals(state: RunState | null): { readonly totals: Totals; readonly turns: number } {
  if (state === null) return { totals: NO_TOTALS, turns: 0 };
  const { totals, reserved, turns } = state;
  const open = reserved === null ? 0 : 1;
  const { charges, unknownCharges } = totals;
  return { totals: { ...totals, charges: charges + open, unknownCharges: unknownCharges + open }, turns: turns.length };
}
