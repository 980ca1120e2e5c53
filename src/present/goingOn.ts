import type { Segment } from "../core/agentEvent";
import { bestCheckpoint, type Checkpoint } from "../core/checkpoint";
import type { SetBackResult } from "../core/engine";
import type { NanoUsd } from "../core/money";
import type { RunState } from "../core/runState";
import { cheaperSegment, segmentPrices } from "../core/segment";
import type { BestModel, ResumeOption } from "../protocol/sidebar";
import { formatCount, formatLikely } from "./format";

/** What can be done with a run that ended unfinished: go on in one of two ways, or bring its best state back. */

const WAYS: { readonly [segment in Segment]: Pick<ResumeOption, "label" | "extendLabel" | "title"> } = {
  same: {
    label: "Resume",
    extendLabel: "Extend and go on",
    title: "Goes on with the same conversation: nothing is forgotten, and all of it is sent again.",
  },
  fresh: {
    label: "Fresh start",
    extendLabel: "Extend, fresh start",
    title: "Begins a new, short conversation from the task, the hand-off note and the changes so far. The counters go on.",
  },
};

/** The cheaper way first; without prices one plain way, which is then chosen when it is gone. */
export function resumeOptions(state: RunState, now: number): readonly ResumeOption[] {
  if (state.outcome === null || state.outcome.kind === "done") return [];
  const prices = segmentPrices(state, now);
  const { same, fresh } = prices;
  if (same === null || fresh === null) return [{ ...WAYS.same, segment: null, title: "Goes on where the run ended." }];
  const options = [option("same", same), option("fresh", fresh)];
  return cheaperSegment(prices) === "same" ? options : options.reverse();
}

function option(segment: Segment, price: NanoUsd): ResumeOption {
  const { label, extendLabel, title } = WAYS[segment];
  const about = `about ${formatLikely(price)}`;
  return {
    segment,
    label: `${label} · ${about}`,
    extendLabel: `${extendLabel} · ${about}`,
    title: `${title} Likely ${about} until it is done.`,
  };
}

/** The best state of a run that ended in a worse one; `null` when the last one is the best. */
export function bestModel(state: RunState): BestModel | null {
  const best = state.outcome === null ? null : bestCheckpoint(state);
  if (!best) return null;
  const count = formatCount(best.files.length, "file");
  return { text: bestWords(best), action: `Set ${count} back…`, title: best.files.map(({ path }) => path).join("\n") };
}

/** `Turn 12 was better: 1 failing then, 4 at the last check (npm test).` What was changed after that check is not known to be worse. */
export function bestWords({ turn, failures, failuresNow, command }: Checkpoint): string {
  const then = failures === 0 ? "all passed" : `${failures} failing`;
  return `Turn ${turn} was better: ${then} then, ${failuresNow}${failures === 0 ? " failing" : ""} at the last check (${command}).`;
}

/** The question before files are set back: which ones, and what becomes of what was done to them since. */
export function setBackAsked(best: Checkpoint): { readonly message: string; readonly detail: string; readonly action: string } {
  const { turn, files } = best;
  const lines = files.map(({ path, holds, held }) => {
    if (!holds || !held) return `${path} (too large to be kept: stays as it is)`;
    return held.kind === "absent" ? `${path} (is deleted: it came later)` : path;
  });
  const detail = `${bestWords(best)}\n\n${lines.join("\n")}\n\nWhat the run changed in them after the check in turn ${turn} is undone. A file that was changed since the run ended stays as it is.`;
  return { message: `Set ${formatCount(files.length, "file")} back to turn ${turn}?`, detail, action: "Set Back" };
}

/** What was set back, and what was left and why. */
export function setBackTold({ turn }: Pick<Checkpoint, "turn">, { done, left }: SetBackResult): string {
  const told = done.length === 0 ? "No file was set back." : `Set back to turn ${turn}: ${listed(done)}.`;
  return left.length === 0 ? told : `${told} Left as it is: ${listed(left.map(({ path, why }) => `${path} ${why}`))}.`;
}

const MOST_LISTED = 6;

function listed(all: readonly string[]): string {
  const more = all.length - MOST_LISTED;
  return more > 0 ? `${all.slice(0, MOST_LISTED).join(", ")} and ${more} more` : all.join(", ");
}
