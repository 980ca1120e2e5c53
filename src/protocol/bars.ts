/** Sizes of a step's stacked bar, in nano-dollars or tokens as `RunModel.chartUnit` says. */
export interface BarModel {
  readonly cacheRead: number;
  readonly fresh: number;
  readonly written: number;
  /** What was answered, thinking left out. */
  readonly output: number;
  readonly reasoning: number;
}

export type BarPart = keyof BarModel;

/** Bottom to top in the chart, left to right in a row. */
export const BAR_PARTS: readonly BarPart[] = ["cacheRead", "fresh", "written", "output", "reasoning"];

export const PART_LABELS: { readonly [part in BarPart]: string } = {
  cacheRead: "cache read",
  fresh: "fresh input",
  written: "cache write",
  output: "output",
  reasoning: "reasoning",
};

export const NO_BAR: BarModel = { cacheRead: 0, fresh: 0, written: 0, output: 0, reasoning: 0 };

export function barSum(bar: BarModel): number {
  return BAR_PARTS.reduce((sum, part) => sum + bar[part], 0);
}
