import type { Clock } from "../ports";
import type { RecordedRun } from "../recordedRun";
import { fitForecaster } from "./fitForecaster";
import type { Forecaster } from "./forecast";

/** Other windows add runs too: what was fitted is good for so long. */
const GOOD_FOR_MS = 10 * 60_000;

/** Forecasters by model, fitted when first asked for: a fit takes a third of a second. */
export class FittedForecasters {
  readonly #fitted = new Map<string, { readonly at: number; readonly forecaster: Promise<Forecaster | null> }>();

  constructor(
    private readonly pastRuns: (modelId: string) => Promise<readonly RecordedRun[]>,
    private readonly clock: Pick<Clock, "now">,
  ) {}

  /** `null` = too few past runs. Rejects when they cannot be looked up. */
  of(modelId: string): Promise<Forecaster | null> {
    const known = this.#fitted.get(modelId);
    if (known && this.clock.now() - known.at < GOOD_FOR_MS) return known.forecaster;
    const forecaster = this.pastRuns(modelId).then(fitForecaster);
    this.#fitted.set(modelId, { at: this.clock.now(), forecaster });
    forecaster.catch(() => this.#fitted.delete(modelId));
    return forecaster;
  }

  /** A run has ended, or runs were imported: there is more to go by. */
  forget(): void {
    this.#fitted.clear();
  }
}

/**
 * A forecaster that is had once it is first asked: the first request of a run does not wait for it, and until it is there
 * it knows nothing. One that cannot be had leaves it so.
 */
export function lateForecaster(had: () => Promise<Forecaster | null>): Forecaster {
  let forecaster: Forecaster | null = null;
  let asked = false;
  const have = async () => {
    forecaster = await had();
  };
  return {
    forecast(soFar) {
      if (!asked) {
        asked = true;
        have().catch(() => {});
      }
      return forecaster?.forecast(soFar) ?? null;
    },
  };
}
