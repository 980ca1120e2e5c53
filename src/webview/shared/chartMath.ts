import { BAR_PARTS, type BarPart, barSum } from "../../protocol/bars";
import type { StepModel } from "../../protocol/sidebar";

/** Where the bars stand: `pitch` from bar to bar and `bar` wide, in pixels. */
export interface Columns {
  readonly pitch: number;
  readonly bar: number;
}

const WIDEST = 18;

/** Whole pixels and a gap while there is room; beyond that the bars close up, and share pixels where they must. */
export function columns(count: number, width: number): Columns {
  const room = width / Math.max(1, count);
  if (room < 3) return { pitch: room, bar: room };
  const pitch = Math.min(WIDEST, Math.floor(room));
  return { pitch, bar: pitch - Math.max(1, Math.round(pitch * 0.24)) };
}

/** One path per part, over all steps: the chart costs five elements whatever the number of steps. */
export function partPaths(steps: readonly StepModel[], { pitch, bar }: Columns, height: number): ReadonlyMap<BarPart, string> {
  const paths = new Map<BarPart, string>();
  steps.forEach((step, index) => {
    const sum = barSum(step.bar);
    if (sum === 0) return;
    let below = 0;
    for (const part of BAR_PARTS) {
      const size = (step.bar[part] / sum) * step.height * height;
      if (size <= 0) continue;
      const top = height - below - size;
      paths.set(
        part,
        `${paths.get(part) ?? ""}M${short(index * pitch)} ${short(top)}h${short(bar)}v${short(size)}h${short(-bar)}z`,
      );
      below += size;
    }
  });
  return paths;
}

/** The step under a point; `null` beyond the last. */
export function stepAt(x: number, count: number, { pitch }: Columns): number | null {
  const index = Math.floor(x / pitch);
  return index >= 0 && index < count ? index : null;
}

/** Indices of those that keep `least` pixels from each other, the newest first: marks must not run together. */
export function spaced(indices: readonly number[], pitch: number, least: number): readonly number[] {
  const kept: number[] = [];
  for (const index of [...indices].sort((a, b) => b - a)) {
    const last = kept.at(-1);
    if (last === undefined || (last - index) * pitch >= least) kept.push(index);
  }
  return kept;
}

type ChartMark = "checkPassed" | "checkFailed" | "extended";

/** Where a check first ran and where its verdict turned, and where a limit was passed: the turning points of a run. */
export function verdictChanges(steps: readonly StepModel[]): ReadonlyMap<number, ChartMark> {
  const marks = new Map<number, ChartMark>();
  let verdict: ChartMark | null = null;
  steps.forEach((step, index) => {
    const now = step.marks.find((mark) => mark === "checkPassed" || mark === "checkFailed");
    if (now && now !== verdict) marks.set(index, now);
    else if (step.marks.includes("extended")) marks.set(index, "extended");
    verdict = now ?? verdict;
  });
  return marks;
}

/** The parts that occur at all: only these need a place in the legend. */
export function partsIn(steps: readonly StepModel[]): readonly BarPart[] {
  return BAR_PARTS.filter((part) => steps.some((step) => step.bar[part] > 0));
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
