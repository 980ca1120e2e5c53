import { type NanoUsd, usd } from "../../src/core/money";
import { BadUse } from "./badUse";
import type { Grant, Purse } from "./purse";
import type { TryRecord } from "./record";

/** Why not all was run; `null` = all was. */
export type Halt =
  | { readonly kind: "interrupted" }
  | { readonly kind: "budget" }
  | { readonly kind: "infrastructure"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

/** Tries in a row that fail for reasons outside the agent before no more are made. */
const TROUBLES = 3;

export interface Conduct<T> {
  readonly concurrency: number;
  readonly purse: Purse;
  readonly stopped: AbortSignal;
  readonly attempt: (planned: T, grant: Grant) => Promise<TryRecord>;
  /** Told of each try as it ends. */
  readonly done: (record: TryRecord) => void;
}

/** Makes the tries in order, `concurrency` at a time, until they are done or something speaks against going on. */
export async function conduct<T>(tries: readonly T[], how: Conduct<T>): Promise<Halt | null> {
  const { concurrency, purse, stopped } = how;
  const running = new Set<Promise<void>>();
  let halt: Halt | null = null;
  let troubles = 0;

  const make = async (planned: T, grant: Grant): Promise<void> => {
    try {
      const record = await how.attempt(planned, grant);
      purse.settle(grant, costOf(record));
      how.done(record);
      troubles = record.end === "infrastructure" ? troubles + 1 : 0;
      if (record.end === "budget") halt ??= { kind: "budget" };
      if (troubles >= TROUBLES) halt ??= { kind: "infrastructure", why: record.trouble ?? "no reason was given" };
    } catch (error) {
      // Nothing ran: a refused run costs nothing.
      purse.settle(grant, usd(0));
      if (!(error instanceof BadUse)) throw error;
      halt ??= { kind: "refused", why: error.message };
    }
  };

  for (const planned of tries) {
    while (running.size >= concurrency) await Promise.race(running);
    let draw = halt || stopped.aborted ? null : purse.draw();
    while (draw?.kind === "wait") {
      await Promise.race(running);
      draw = halt || stopped.aborted ? null : purse.draw();
    }
    if (draw?.kind === "empty") halt ??= { kind: "budget" };
    if (draw?.kind !== "grant") break;
    const job: Promise<void> = make(planned, draw.grant).finally(() => running.delete(job));
    running.add(job);
  }
  await Promise.all(running);
  return stopped.aborted ? { kind: "interrupted" } : halt;
}

/** What a try cost for certain; `null` = part of it is not known. */
export function costOf(record: TryRecord): NanoUsd | null {
  return record.usd === null ? null : usd(record.usd);
}
